/**
 * What an answer seals: the `encrypted_content` of reasoning and compaction items, which only the organisation
 * that made it can read when a client sends it back. Kept as hashes, never as text.
 */
import type { Hash } from '../base/hash.ts';
import { readString } from '../calls/json-read.ts';
import { skipString } from '../calls/json-scan.ts';
import { finderOf, valueAt } from './byte-search.ts';

/** An answer with more sealed items than this is remembered by its last ones. */
export const SEALS_MAX = 64;

const NONE: readonly string[] = [];
const KEY = '"encrypted_content"';
const findKey = finderOf(KEY);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export class Seals {
  readonly #hash: Hash;
  #hashes: string[] | null = null;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  /** In the order of the answer, oldest first. */
  get hashes(): readonly string[] {
    return this.#hashes ?? NONE;
  }

  look(bytes: Uint8Array, from: number, to: number): void {
    for (let at = findKey(bytes, from, to); at >= 0; at = findKey(bytes, at, to)) {
      at += KEY.length;
      const start = valueAt(bytes, at, to);
      if (start < 0 || bytes[start] !== QUOTE) continue;
      const end = skipString(bytes, start);
      if (end < 0 || end > to) return;
      this.#take(bytes, start, end);
      at = end;
    }
  }

  /** Hashed as `readBodyFacts` hashes it: decoded, because some encoders escape the slashes of base64. */
  #take(bytes: Uint8Array, start: number, end: number): void {
    const inside = bytes.subarray(start + 1, end - 1);
    if (inside.length === 0) return;
    const content = inside.indexOf(BACKSLASH) < 0 ? inside : readString(bytes, start, end);
    if (content === null) return;
    this.#hashes ??= [];
    this.#hashes.push(this.#hash(content));
    if (this.#hashes.length > SEALS_MAX) this.#hashes.shift();
  }
}
