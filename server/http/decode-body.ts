/**
 * Compressed request bodies, decoded with the output bounded as it comes, so that a small upload cannot fill the
 * memory. One coding only: nobody stacks them, except to get around such bounds.
 */
import type { Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { CamError } from '../../lib/errors.ts';

export type BodyCoding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** Null for a body that is not encoded. Throws `unsupported_encoding`. */
export function bodyCoding(header: string | undefined): BodyCoding | null {
  if (header === undefined) return null;
  switch (header.trim().toLowerCase()) {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
      return 'deflate';
    case 'br':
      return 'br';
    case 'zstd':
      return 'zstd';
    default:
      throw new CamError(
        'unsupported_encoding',
        'Request bodies may be encoded with gzip, deflate, br or zstd, one of them.',
        { param: 'content-encoding' },
      );
  }
}

/**
 * @param bytesMax largest decoded size @param take told of every decoded piece before it is kept; may throw
 * Throws `body_too_large`, `invalid_request`, and what `take` throws.
 */
export function decodeBody(
  encoded: Uint8Array,
  coding: BodyCoding,
  bytesMax: number,
  take: (bytes: number) => void,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const decoder = createDecoder(coding, encoded);
    const pieces: Uint8Array[] = [];
    let size = 0;
    const fail = (error: unknown): void => {
      decoder.destroy();
      reject(error);
    };
    decoder.on('data', (piece: Uint8Array) => {
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
    });
    decoder.on('end', () =>
      resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, size)),
    );
    decoder.on('error', (cause) => {
      fail(new CamError('invalid_request', `The request body is not valid ${coding} data.`, { cause }));
    });
    decoder.end(encoded);
  });
}

function createDecoder(coding: BodyCoding, encoded: Uint8Array): Transform {
  switch (coding) {
    case 'gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      return createZstdDecompress();
    case 'deflate':
      return hasZlibHeader(encoded) ? createInflate() : createInflateRaw();
  }
}

/** "deflate" means zlib data (RFC 1950), but some clients send it without that wrapping. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

export function bodyTooLarge(bytesMax: number): CamError {
  return new CamError('body_too_large', `The request body is larger than ${bytesMax} bytes.`, {
    hint: 'The limit is server.body_bytes_max in the configuration.',
  });
}
