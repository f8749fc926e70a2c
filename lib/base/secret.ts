/**
 * A secret has a type, so that printing, logging or serialising one by accident shows `[secret]`.
 * The text is reachable only through `reveal`, whose callers are the vault and the dial.
 */
let textOf: (secret: Secret) => string;

export class Secret {
  /** A private field: neither spreading nor serialising nor `util.inspect` reaches it. */
  readonly #text: string;

  static {
    textOf = (secret) => secret.#text;
  }

  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  get [Symbol.toStringTag](): string {
    return 'Secret';
  }
  /** What `util.inspect` and therefore `console.log` prints. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** The only way back to the text. Call it at the last moment and keep nothing. */
export function reveal(secret: Secret): string {
  return textOf(secret);
}

/** The last four characters, which people use to tell keys apart; null where that would give away too much. */
export function lastFour(secret: Secret): string | null {
  const text = reveal(secret);
  return text.length >= 20 ? text.slice(-4) : null;
}
