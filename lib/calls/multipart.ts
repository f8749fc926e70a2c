/**
 * Which model a multipart form names, read piece by piece while the form passes by (RFC 7578, RFC 2046). It is
 * read as leniently as the most lenient server might, bare line feeds included: what some server could take for a
 * second `model` is counted as one, so that no form means one model to us and another to a provider.
 */
import { finderOf, joinBytes } from '../metering/byte-search.ts';

export interface FormModelReader {
  /** The next piece, whole or cut anywhere. */
  push(piece: Uint8Array): void;
  /** The value of the first `model` part that has been read to its end. */
  readonly model: string | null;
  /** How many parts could be taken for `model`. */
  readonly named: number;
}

const HEADERS_BYTES_MAX = 16_384;
const VALUE_BYTES_MAX = 256;
const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
const NOTHING = new Uint8Array(0);
const decoder = new TextDecoder();

/** The boundary of a `multipart/…` content type; null when it has none. */
export function boundaryOf(contentType: string): string | null {
  const match = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^;\s"]{1,200}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? null;
  return boundary !== null && /^[\x20-\x7e]+$/.test(boundary) ? boundary : null;
}

export function createFormModelReader(boundary: string): FormModelReader {
  const delimiter = `\n--${boundary}`;
  const findDelimiter = finderOf(delimiter);
  // The first delimiter needs no line end in front of it.
  let rest: Uint8Array = Uint8Array.of(LF);
  let state: 'content' | 'headers' | 'over' = 'content';
  let value: Uint8Array[] | null = null;
  let model: string | null = null;
  let named = 0;

  const keepValue = (bytes: Uint8Array): void => {
    if (value === null) return;
    value.push(bytes);
    const size = value.reduce((sum, piece) => sum + piece.length, 0);
    // Longer than any model's name: it stays unread, and the part counts all the same.
    if (size > VALUE_BYTES_MAX) value = null;
  };
  const endPart = (): void => {
    if (value === null) return;
    const bytes = joinBytes(value);
    const end = bytes.at(-1) === CR ? bytes.length - 1 : bytes.length;
    model ??= decoder.decode(bytes.subarray(Math.min(1, end), end));
    value = null;
  };
  /** Answers where the next step begins, or -1 when it needs more bytes. */
  const stepContent = (data: Uint8Array, at: number): number => {
    const found = findDelimiter(data, at);
    if (found < 0) {
      const sure = Math.max(at, data.length - delimiter.length + 1);
      keepValue(data.slice(at, sure));
      rest = data.slice(sure);
      return -1;
    }
    keepValue(data.slice(at, found));
    endPart();
    state = 'headers';
    return found + delimiter.length;
  };
  const stepHeaders = (data: Uint8Array, at: number): number => {
    if (data[at] === DASH && data[at + 1] === DASH) {
      state = 'over';
      return -1;
    }
    const end = emptyLine(data, at);
    if (end < 0) {
      rest = data.slice(at);
      if (rest.length > HEADERS_BYTES_MAX) {
        // Nobody can say what such a part is; it might be anything.
        named++;
        state = 'over';
      }
      return -1;
    }
    if (namesModel(decoder.decode(data.subarray(at, end)))) {
      named++;
      value = [];
    }
    state = 'content';
    // The line end before the content may also be the one before a delimiter, when the content is empty.
    return end - 1;
  };

  return {
    push(piece) {
      if (state === 'over') return;
      const data = rest.length === 0 ? piece : joinBytes([rest, piece]);
      rest = NOTHING;
      let at = 0;
      while (at >= 0) at = state === 'headers' ? stepHeaders(data, at) : stepContent(data, at);
    },
    get model() {
      return model;
    },
    get named() {
      return named;
    },
  };
}

/** Behind the empty line that ends a part's headers; -1 when it has not come yet. */
function emptyLine(data: Uint8Array, from: number): number {
  for (let at = from; at < data.length; at++) {
    if (data[at] !== LF) continue;
    if (data[at + 1] === LF) return at + 2;
    if (data[at + 1] === CR && data[at + 2] === LF) return at + 3;
  }
  return -1;
}

/** `name*` and escapes are read differently from server to server: they count as ours too. */
function namesModel(headers: string): boolean {
  const disposition = /^content-disposition\s*:(.*)$/im.exec(headers.replaceAll(/\r?\n[ \t]+/g, ' '))?.[1];
  if (disposition === undefined) return false;
  if (/;\s*name\*/i.test(disposition)) return true;
  const match = /;\s*name\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(disposition);
  const name = (match?.[1] ?? match?.[2] ?? '').trim();
  return name === 'model' || /[%\\]/.test(name);
}
