/**
 * The admin API's translation of failures, from the one table in `lib/errors`. What reaches a caller is a
 * sentence of ours: never a parser's message (Node's JSON parser quotes the input, which may hold a key),
 * never a cause, never a stack.
 */
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { asCamError, CamError } from '../../lib/errors.ts';

/** `error.data` of every answer that failed. */
export interface AdminErrorData {
  /** A code of `lib/errors`. */
  readonly code: string;
  readonly httpStatus: number;
  readonly path: string | null;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly retryAfterMs: number | null;
  /** The input field at fault. */
  readonly param: string | null;
}

/** A thrown value as the TRPCError that carries it; the CamError stays reachable as its cause. */
export function toTrpcError(thrown: unknown): TRPCError {
  if (thrown instanceof TRPCError) return thrown;
  const error = asCamError(thrown);
  return new TRPCError({ code: error.kind.trpc, message: error.message, cause: error });
}

/** The CamError inside whatever a procedure call threw. */
export function camErrorOf(thrown: unknown): CamError {
  if (!(thrown instanceof TRPCError)) return asCamError(thrown);
  const cause = thrown.cause;
  if (cause instanceof CamError) return cause;
  if (cause instanceof ZodError) return inputError(cause);
  switch (thrown.code) {
    case 'NOT_FOUND':
      return new CamError('unknown_path', 'The admin API has no such procedure.');
    case 'METHOD_NOT_SUPPORTED':
      return new CamError('method_not_allowed', 'Queries are sent with GET, mutations with POST.');
    case 'PAYLOAD_TOO_LARGE':
      return new CamError('body_too_large', 'That is more than the admin API accepts in one request.');
    case 'UNSUPPORTED_MEDIA_TYPE':
      return new CamError('unsupported_media_type', 'The admin API takes JSON (application/json).');
    case 'BAD_REQUEST':
    case 'PARSE_ERROR':
      return new CamError('invalid_request', 'The admin API could not read the request.', { cause });
    default:
      return asCamError(cause ?? thrown);
  }
}

/** The first thing wrong with an input, in one sentence. Zod's own messages name types, never values. */
function inputError(error: ZodError): CamError {
  const issue = error.issues[0];
  const param = issue && issue.path.length > 0 ? issue.path.map(String).join('.') : undefined;
  const what = issue?.message ?? 'the input is not what this procedure takes';
  return new CamError('invalid_request', `${param ? `${param}: ` : ''}${what}.`, param ? { param } : {});
}

export function adminErrorData(error: CamError, path: string | undefined): AdminErrorData {
  return {
    code: error.code,
    httpStatus: error.kind.status,
    path: path ?? null,
    hint: error.hint ?? null,
    details: error.details ?? null,
    retryAfterMs: error.retryAfterMs ?? null,
    param: error.param ?? null,
  };
}
