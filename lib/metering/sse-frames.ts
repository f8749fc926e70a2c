/**
 * Cuts a stream of server-sent events into whole events without decoding it and, in the common case of a
 * chunk that holds whole events, without copying it. Events may be split across chunks anywhere. Line ends
 * are LF or CRLF, which is what every provider sends.
 *
 * Of an event longer than `keepBytesMax` only the tail is kept (and its first bytes, which name it). Each byte
 * is looked at once, however small the chunks are.
 */
import { joinBytes } from './byte-search.ts';

export interface Frame {
  /** The event is `bytes[from, to)`, its closing blank line included. Valid only during the callback. */
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** The beginning of an event of which `bytes` holds only the tail; null when the event is whole. */
  readonly head: Uint8Array | null;
  /** Where the event ended in the chunk being pushed. */
  readonly chunkTo: number;
}

export interface Framer {
  push(chunk: Uint8Array): void;
  /** Whether everything pushed so far ends with the end of an event. */
  onBoundary(): boolean;
  /** The event that has begun and not ended, as far as it was kept; empty on a boundary. */
  pending(): Uint8Array;
}

const LF = 0x0a;
const CR = 0x0d;
const HEAD_BYTES = 512;
const NOTHING = new Uint8Array();

export function createFramer(onFrame: (frame: Frame) => void, keepBytesMax: number): Framer {
  const carry = createCarry(keepBytesMax);
  let lineBytes = 0;
  let lastByte = LF;

  const emit = (chunk: Uint8Array, from: number, to: number) => {
    if (carry.isEmpty()) {
      onFrame({ bytes: chunk, from, to, head: null, chunkTo: to });
      return;
    }
    carry.add(chunk.subarray(from, to));
    const { bytes, head } = carry.take();
    onFrame({ bytes, from: 0, to: bytes.length, head, chunkTo: to });
  };

  const push = (chunk: Uint8Array) => {
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      const lineEnd = chunk.indexOf(LF, at);
      if (lineEnd < 0) {
        lineBytes += chunk.length - at;
        break;
      }
      const length = lineBytes + lineEnd - at;
      const before = lineEnd > 0 ? chunk[lineEnd - 1] : lastByte;
      lineBytes = 0;
      at = lineEnd + 1;
      if (length === 0 || (length === 1 && before === CR)) {
        emit(chunk, from, at);
        from = at;
      }
    }
    if (chunk.length > 0) lastByte = chunk[chunk.length - 1] ?? LF;
    if (from < chunk.length) carry.add(from === 0 ? chunk : chunk.subarray(from));
  };

  return { push, onBoundary: () => carry.isEmpty(), pending: () => carry.peek() };
}

/** The pieces of an unfinished event: references to chunks, copied once at the end. */
function createCarry(keepBytesMax: number) {
  let pieces: Uint8Array[] = [];
  let size = 0;
  let head: Uint8Array | null = null;
  let dropped = 0;

  /** Drops whole pieces off the front; `dropped` is an index so that many small pieces stay cheap. */
  const trim = () => {
    if (head === null) head = joinBytes(pieces).slice(0, HEAD_BYTES);
    for (let first = pieces[dropped]; first !== undefined && size - first.length >= keepBytesMax; ) {
      size -= first.length;
      // The place stays, the bytes must not.
      pieces[dropped] = NOTHING;
      dropped++;
      first = pieces[dropped];
    }
    if (dropped > 1024 && dropped * 2 > pieces.length) {
      pieces = pieces.slice(dropped);
      dropped = 0;
    }
  };

  return {
    isEmpty: () => size === 0,
    add(piece: Uint8Array): void {
      pieces.push(piece);
      size += piece.length;
      if (size > keepBytesMax) trim();
    },
    peek(): Uint8Array {
      const joined = joinBytes(pieces.slice(dropped));
      return joined.length > keepBytesMax ? joined.subarray(joined.length - keepBytesMax) : joined;
    },
    take(): { readonly bytes: Uint8Array; readonly head: Uint8Array | null } {
      const taken = { bytes: this.peek(), head };
      pieces = [];
      size = 0;
      head = null;
      dropped = 0;
      return taken;
    },
  };
}
