/** What went wrong with a request to the admin API, in the one form that every error on a page is shown in. */
import { TRPCClientError } from '@trpc/client';

export interface Problem {
  /** A code of `lib/errors`, or `unreachable` when no answer came. */
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly retryAfterMs: number | null;
  /** The field at fault. */
  readonly param: string | null;
  readonly path: string | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function readProblem(error: unknown): Problem {
  if (error instanceof TRPCClientError && error.data !== null && typeof error.data === 'object') {
    const data: Record<string, unknown> = { ...error.data };
    return {
      code: text(data.code) ?? 'internal',
      message: error.message,
      hint: text(data.hint),
      details: isRecord(data.details) ? data.details : null,
      retryAfterMs: typeof data.retryAfterMs === 'number' ? data.retryAfterMs : null,
      param: text(data.param),
      path: text(data.path),
    };
  }
  return {
    code: 'unreachable',
    message: 'The server did not answer.',
    hint: 'Is it running? Start it with npm start.',
    details: null,
    retryAfterMs: null,
    param: null,
    path: null,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The sign-in is over, or the vault is locked: nothing can be asked until the master key is given. */
export function endsSession(problem: Problem): boolean {
  return ['unauthenticated', 'vault_locked', 'vault_uninitialised'].includes(problem.code);
}

/** What "Copy details" puts on the clipboard. Nothing in it is secret. */
export function problemDetails(problem: Problem): string {
  return JSON.stringify({ ...problem, page: location.pathname, at: new Date().toISOString() }, null, 2);
}
