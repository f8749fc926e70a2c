/**
 * Ids of stored objects that stand somewhere inside a body (`"file_id": "file-…"`), found while the body is
 * stepped over anyway: per key one comparison of lengths, and nothing else for keys that are not in the table.
 */
import { readString } from './json-read.ts';
import { isAscii, skipValue, type Watch, walkArray } from './json-scan.ts';
import { BODY_NAMES } from './object-kinds.ts';

/** More than this in one call are not looked at: the provider will say what it does not have. */
export const NAMED_IDS_MAX = 64;
const ID_BYTES_MAX = 256;
const OPEN_ARRAY = 0x5b;
const QUOTE = 0x22;

const LENGTHS = BODY_NAMES.reduce((bits, name) => bits | (1 << name.length), 0);
const NONE: readonly string[] = [];

export class NamedIds implements Watch {
  readonly lengths = LENGTHS;
  readonly #bytes: Uint8Array;
  #ids: string[] | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get ids(): readonly string[] {
    return this.#ids ?? NONE;
  }

  member(keyStart: number, keyEnd: number, valueStart: number): void {
    const bytes = this.#bytes;
    if (!BODY_NAMES.some((name) => isAscii(bytes, keyStart, keyEnd, name))) return;
    if (bytes[valueStart] !== OPEN_ARRAY) this.#take(valueStart);
    else walkArray(bytes, valueStart, (start) => this.#take(start));
  }

  #take(start: number): number {
    const end = skipValue(this.#bytes, start);
    if (end < 0 || this.#bytes[start] !== QUOTE || end - start > ID_BYTES_MAX) return end;
    const id = readString(this.#bytes, start, end);
    if (id === null || id === '') return end;
    this.#ids ??= [];
    if (this.#ids.length < NAMED_IDS_MAX && !this.#ids.includes(id)) this.#ids.push(id);
    return end;
  }
}
