/**
 * Whether a compressed answer is whole. It is passed through unread, but compressed data have an end of their own, and
 * many a client takes what was decoded up to a cut for all there is. So it is decoded on the side, off the event
 * loop, and what comes out is thrown away.
 */
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

export interface EncodedEnd {
  push(chunk: Uint8Array): void;
  /** Says that nothing more comes, and resolves once that is known. Never rejects. */
  whole(): Promise<boolean>;
  close(): void;
}

const DECODERS = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
]);

/** Waiting to be decoded at most: past it nothing is judged, and the transport alone tells. */
const WAITING_BYTES_MAX = 4_194_304;

/** Null for a coding that we do not know: there too the transport alone tells. */
export function createEncodedEnd(coding: string): EncodedEnd | null {
  const decoder = DECODERS.get(coding.trim().toLowerCase())?.();
  if (!decoder) return null;
  let judged = true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  decoder.on('end', () => resolve(true));
  decoder.on('error', () => resolve(false));
  decoder.on('close', () => resolve(false));
  decoder.resume();
  return {
    push(chunk) {
      if (!judged || decoder.destroyed) return;
      if (decoder.writableLength > WAITING_BYTES_MAX) {
        judged = false;
        decoder.destroy();
        return;
      }
      decoder.write(chunk);
    },
    whole() {
      if (!judged) return Promise.resolve(true);
      decoder.end();
      return promise;
    },
    close: () => void decoder.destroy(),
  };
}
