/**
 * Reading a request's body: whole and bounded, or piece by piece for uploads that are streamed through. Either
 * way a client that stops sending is given up after a while, and one that leaves ends the reading.
 */
import type { IncomingMessage } from 'node:http';
import { CamError } from '../../lib/errors.ts';
import { bodyTooLarge } from './decode-body.ts';
import type { Turn } from './turn.ts';

const NOTHING = new Uint8Array(0);

export function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return (length !== undefined && length !== '0') || req.headers['transfer-encoding'] !== undefined;
}

/**
 * @param take told of every piece before it is kept; may throw
 * Throws `body_too_large`, `body_timeout`, what `take` throws, and an AbortError when the client has gone.
 */
export function readWhole(
  req: IncomingMessage,
  bytesMax: number,
  idleMs: number,
  turn: Turn,
  take: (bytes: number) => void,
): Promise<Uint8Array> {
  if (!hasBody(req)) return Promise.resolve(NOTHING);
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) return Promise.reject(bodyTooLarge(bytesMax));
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    let size = 0;
    let settled = false;
    let idle: NodeJS.Timeout | null = null;
    const settle = (): void => {
      settled = true;
      if (idle !== null) clearTimeout(idle);
      req.off('data', onData);
      req.off('end', onEnd);
      req.off('close', onGone);
    };
    const fail = (error: unknown): void => {
      settle();
      reject(error);
    };
    const onData = (piece: Uint8Array): void => {
      idle?.refresh();
      size += piece.length;
      if (size > bytesMax) {
        fail(bodyTooLarge(bytesMax));
        return;
      }
      try {
        take(piece.length);
        pieces.push(piece);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = (): void => {
      settle();
      resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, size));
    };
    const onGone = (): void => fail(clientGone());
    req.on('data', onData);
    req.on('end', onEnd);
    req.on('close', onGone);
    if (req.destroyed && !req.complete) {
      onGone();
      return;
    }
    // Most bodies came together with their head and need no timer.
    turn.atEnd({
      turnEnded: () => {
        if (!settled) idle = setTimeout(() => fail(bodyTimeout(idleMs)), idleMs);
      },
    });
  });
}

/** The raw pieces as they come. Ending early leaves the connection to whoever sends the answer. */
export async function* readPieces(req: IncomingMessage, idleMs: number): AsyncGenerator<Uint8Array> {
  if (!hasBody(req)) return;
  const pieces: AsyncIterator<Uint8Array> = req.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = await withinMs(pieces.next(), idleMs);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: after a time-out the pending read settles only when the connection does.
    pieces.return?.().catch(() => undefined);
  }
}

function withinMs<T>(work: Promise<T>, idleMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(bodyTimeout(idleMs)), idleMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function bodyTimeout(idleMs: number): CamError {
  return new CamError(
    'body_timeout',
    `The request body stopped arriving for ${Math.round(idleMs / 1_000)} s.`,
  );
}

export function clientGone(): DOMException {
  return new DOMException('The client has gone.', 'AbortError');
}
