/**
 * The text of a client key. A minted one is `cam-`, 256 random bits and a checksum in lower-case letters and
 * digits that are hard to mistake for one another, so that a mistyped key can be told from an unknown one.
 * An operator may also register a value of their own choosing; that one is marked as guessable.
 */
import { crc32 } from 'node:zlib';
import { reveal, Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';

export const CLIENT_KEY_PREFIX = 'cam-';
/** Crockford's base 32: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const RANDOM_BYTES = 32;
const BODY_CHARACTERS = 52;
const CHECK_CHARACTERS = 7;
const SHOWN_CHARACTERS = 8;
export const OWN_VALUE_CHARACTERS_MIN = 8;
export const OWN_VALUE_CHARACTERS_MAX = 256;

/** minted: ours and whole · mistyped: looks like ours, checksum wrong · other: not a key that we made. */
export type ClientKeyForm = 'minted' | 'mistyped' | 'other';

export interface NewClientKey {
  readonly key: Secret;
  /** The first characters, to recognise it by. */
  readonly prefix: string;
  readonly guessable: boolean;
}

export function mintClientKey(random: (size: number) => Uint8Array): NewClientKey {
  const bytes = random(RANDOM_BYTES);
  const text = withChecksum(`${CLIENT_KEY_PREFIX}${base32(bytes)}`);
  bytes.fill(0);
  return { key: new Secret(text), prefix: text.slice(0, SHOWN_CHARACTERS), guessable: false };
}

/** A value chosen by the operator. Throws `invalid_request` for one that no client could send. */
export function adoptClientKey(value: Secret): NewClientKey {
  const text = reveal(value);
  const sendable = /^[\x21-\x7e]+$/.test(text);
  if (!sendable || text.length < OWN_VALUE_CHARACTERS_MIN || text.length > OWN_VALUE_CHARACTERS_MAX) {
    throw new CamError(
      'invalid_request',
      'A client key of your own has 8 to 256 printable characters without spaces.',
      { param: 'value' },
    );
  }
  const form = clientKeyForm(text);
  if (form === 'mistyped') {
    throw new CamError('invalid_request', 'That looks like a client key of ours, but a character is wrong.', {
      param: 'value',
    });
  }
  const shown = Math.min(SHOWN_CHARACTERS, Math.floor(text.length / 2));
  return { key: value, prefix: text.slice(0, shown), guessable: form !== 'minted' };
}

export function clientKeyForm(text: string): ClientKeyForm {
  const length = CLIENT_KEY_PREFIX.length + BODY_CHARACTERS + CHECK_CHARACTERS;
  if (text.length !== length || !text.startsWith(CLIENT_KEY_PREFIX)) return 'other';
  return withChecksum(text.slice(0, -CHECK_CHARACTERS)) === text ? 'minted' : 'mistyped';
}

function withChecksum(text: string): string {
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(text));
  return text + base32(check);
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  // None of the lengths here is a whole number of characters: 256 and 32 bits each leave a rest.
  return text + ALPHABET[(held << (5 - bits)) & 31];
}
