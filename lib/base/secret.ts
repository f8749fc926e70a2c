/**
 * A secret has a type, so that printing, logging or serialising one by accident shows `[secret]`.
 * The text is reachable only through `reveal`, whose callers are the vault and the dial.
 */
const texts = new WeakMap<Secret, string>();

export class Secret {
  constructor(text: string) {
    texts.set(this, text);
    Object.freeze(this);
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
  const text = texts.get(secret);
  if (text === undefined) throw new TypeError('not a secret of ours');
  return text;
}

/** The last four characters, which people use to tell keys apart; null where that would give away too much. */
export function lastFour(secret: Secret): string | null {
  const text = reveal(secret);
  return text.length >= 20 ? text.slice(-4) : null;
}
