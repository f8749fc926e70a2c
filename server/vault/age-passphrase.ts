/**
 * age's passphrase stanza (`-> scrypt SALT LOG_N`, age-encryption.org/v1, "The scrypt recipient type") over Node's own
 * scrypt and ChaCha20-Poly1305: the package's own is written in JavaScript and takes ten times as long.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { type Identity, type Recipient, Stanza } from 'age-encryption';

const LABEL = 'age-encryption.org/v1/scrypt';
const SALT_BYTES = 16;
const FILE_KEY_BYTES = 16;
const KEY_BYTES = 32;
const TAG_BYTES = 16;
const BLOCK_SIZE = 8;
/** 1 GiB. A hostile file must not be able to ask for more. */
const LOG_N_MAX = 20;
const CIPHER = 'chacha20-poly1305';
/** Each key seals one thing, so the nonce is fixed. */
const NONCE = Buffer.alloc(12);

export class TooHard extends Error {}

export function passphraseRecipient(passphrase: string, logN: number): Recipient {
  return {
    wrapFileKey(fileKey) {
      const salt = randomBytes(SALT_BYTES);
      const cipher = createCipheriv(CIPHER, stretched(passphrase, salt, logN), NONCE, {
        authTagLength: TAG_BYTES,
      });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [new Stanza(['scrypt', unpadded(salt), String(logN)], new Uint8Array(body))];
    },
  };
}

/** Null for a wrong passphrase. Throws `TooHard`, and anything for a stanza that is not well formed. */
export function passphraseIdentity(passphrase: string): Identity {
  return {
    unwrapFileKey([stanza, ...more]) {
      // Mixed with others, whoever can open the file could have forged it for the holder of the passphrase.
      if (stanza === undefined || more.length > 0) throw new Error('a passphrase stands alone');
      const [, saltText = '', logNText = ''] = stanza.args;
      const salt = Buffer.from(saltText, 'base64');
      const wellFormed =
        stanza.args.length === 3 &&
        salt.length === SALT_BYTES &&
        unpadded(salt) === saltText &&
        /^[1-9]\d{0,2}$/.test(logNText) &&
        stanza.body.length === FILE_KEY_BYTES + TAG_BYTES;
      if (!wellFormed) throw new Error('the passphrase stanza is not well formed');
      const logN = Number(logNText);
      if (logN > LOG_N_MAX) throw new TooHard();
      return opened(stretched(passphrase, salt, logN), stanza.body);
    },
  };
}

function opened(key: Buffer, body: Uint8Array): Uint8Array | null {
  const decipher = createDecipheriv(CIPHER, key, NONCE, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(body.subarray(FILE_KEY_BYTES));
  const unproven = decipher.update(body.subarray(0, FILE_KEY_BYTES));
  try {
    decipher.final();
    return new Uint8Array(unproven);
  } catch {
    return null;
  } finally {
    key.fill(0);
  }
}

function stretched(passphrase: string, salt: Uint8Array, logN: number): Buffer {
  const cost = 2 ** logN;
  // Exactly what the algorithm takes, with a little for OpenSSL's own accounting.
  const maxmem = 128 * BLOCK_SIZE * (cost + 8);
  return scryptSync(passphrase, Buffer.concat([Buffer.from(LABEL), salt]), KEY_BYTES, {
    N: cost,
    r: BLOCK_SIZE,
    p: 1,
    maxmem,
  });
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
