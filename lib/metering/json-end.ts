/**
 * Whether a JSON body has come to its end, told from its brackets and strings while it passes. It is not validated:
 * some providers write `NaN`, and their answer is whole all the same. A body that says nothing in brackets is never
 * whole, because no answer of a model is like that.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export class JsonEnd {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #closed = false;

  push(chunk: Uint8Array): void {
    let depth = this.#depth;
    let at = this.#inString ? this.#skipString(chunk, 0) : 0;
    for (; at < chunk.length; at++) {
      switch (chunk[at]) {
        case QUOTE:
          this.#inString = true;
          at = this.#skipString(chunk, at + 1) - 1;
          break;
        case OPEN_OBJECT:
        case OPEN_ARRAY:
          depth++;
          break;
        case CLOSE_OBJECT:
        case CLOSE_ARRAY:
          if (--depth === 0) this.#closed = true;
          break;
      }
    }
    this.#depth = depth;
  }

  whole(): boolean {
    return this.#closed && this.#depth === 0 && !this.#inString;
  }

  /** The index behind the closing quote, or the chunk's length where it has none. */
  #skipString(chunk: Uint8Array, from: number): number {
    let at = from;
    if (this.#escaped && at < chunk.length) {
      this.#escaped = false;
      at++;
    }
    for (; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === QUOTE) {
        this.#inString = false;
        return at + 1;
      }
      if (byte === BACKSLASH && ++at === chunk.length) this.#escaped = true;
    }
    return chunk.length;
  }
}
