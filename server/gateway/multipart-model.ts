/**
 * Which model a multipart call is about. Its body is never held: at most the first 64 KiB are looked at, then they
 * and the rest stream on as they came. For a client key that is tied to models, or to money, the model has to be
 * in there; and because a later part could name another one, such a form is watched to its end.
 */

import { boundaryOf, createFormModelReader, type FormModelReader } from '../../lib/calls/multipart.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { CamError } from '../../lib/errors.ts';
import { limitsKind } from '../../lib/metering/client-limits.ts';
import type { Visit } from './doorkeeper.ts';
import type { BodyStream, ParsedCall } from './parse.ts';
import type { GatewayRequest } from './values.ts';

const LOOKED_AT_BYTES_MAX = 65_536;

export async function withFormModel(
  parsed: ParsedCall,
  request: GatewayRequest,
  caller: Caller,
  visit: Pick<Visit, 'end'>,
): Promise<ParsedCall> {
  if (!parsed.raw || parsed.call.endpoint.treatment !== 'inference') return parsed;
  const strict = mustKnowModel(caller);
  const boundary = boundaryOf(request.headers['content-type'] ?? '');
  if (boundary === null || request.headers['content-encoding'] !== undefined) {
    if (strict) throw unreadable();
    return parsed;
  }
  const reader = createFormModelReader(boundary);
  const looked = await lookInto(request.streamBody(), reader);
  const { first } = looked;
  if (strict && (first.model === null || first.named > 1)) {
    letGo(looked.source);
    throw unreadable();
  }
  const stream = rejoined(looked, strict ? guardOf(reader, visit) : null);
  return { ...parsed, stream, call: { ...parsed.call, model: first.named === 1 ? first.model : null } };
}

function mustKnowModel({ models, limits }: Caller): boolean {
  return models.length > 0 || limits.byModel !== undefined || limitsKind(limits, 'cost');
}

interface Looked {
  readonly pieces: readonly Uint8Array[];
  readonly source: AsyncIterator<Uint8Array>;
  readonly first: { readonly model: string | null; readonly named: number };
}

async function lookInto(body: AsyncIterable<Uint8Array>, reader: FormModelReader): Promise<Looked> {
  const source = body[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let size = 0;
  while (reader.model === null && size < LOOKED_AT_BYTES_MAX) {
    const next = await source.next();
    if (next.done) break;
    pieces.push(next.value);
    reader.push(next.value.subarray(0, LOOKED_AT_BYTES_MAX - size));
    // What lies behind the first 64 KiB of this piece is still to be read, by the guard if there is one.
    if (size + next.value.length > LOOKED_AT_BYTES_MAX && reader.model !== null)
      reader.push(next.value.subarray(LOOKED_AT_BYTES_MAX - size));
    size += next.value.length;
  }
  return { pieces, source, first: { model: reader.model, named: reader.named } };
}

/** Told of every later piece; ends the call when the form names a second model. */
function guardOf(reader: FormModelReader, visit: Pick<Visit, 'end'>): (piece: Uint8Array) => void {
  return (piece) => {
    reader.push(piece);
    if (reader.named <= 1) return;
    const error = namedTwice();
    visit.end(error);
    throw error;
  };
}

function rejoined(
  { pieces, source }: Pick<Looked, 'pieces' | 'source'>,
  guard: ((piece: Uint8Array) => void) | null,
): BodyStream {
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* pieces;
    for (;;) {
      const next = await source.next();
      if (next.done) return;
      guard?.(next.value);
      yield next.value;
    }
  }
  return { [Symbol.asyncIterator]: all, close: () => letGo(source) };
}

/** So that what nobody reads any more can be drained by whoever answers. */
function letGo(source: AsyncIterator<Uint8Array>): void {
  source.return?.().catch(() => undefined);
}

const unreadable = (): CamError =>
  new CamError(
    'missing_model',
    'This client key is tied to models or to money, so the form has to name its model within its first 64 KiB, once.',
    { param: 'model', hint: 'Put the field "model" before the file.' },
  );

const namedTwice = (): CamError =>
  new CamError('invalid_request', 'The form names its model twice; it was not sent to its end.', {
    param: 'model',
  });
