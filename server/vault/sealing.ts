/** What an unlocked vault does with its keys: seals, unseals, authenticates, digests, and moves what it sealed. */
import { reveal, Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { dekNumberOf, NONCE_BYTES, openEnvelope, sealEnvelope } from './envelope.ts';
import { equalBytes, type Generation, hmac, type Keyring } from './keyring.ts';
import { placeAad, type SealedPlace } from './place.ts';
import { type MacFields, rowMacBytes } from './row-mac.ts';

export interface Unlocked {
  readonly vaultId: Uint8Array;
  readonly keyring: Keyring;
}

/** current: by the newest DEK · older: by the one that a rotation is leaving · bad: by none of ours. */
export type MacState = 'current' | 'older' | 'bad';

/** `unlocked` throws while the vault is not. */
export function createSealing(unlocked: () => Unlocked, random: (size: number) => Uint8Array) {
  const seal = (place: SealedPlace, plain: Uint8Array): Uint8Array => {
    const { vaultId, keyring } = unlocked();
    const { enc: key, dekNumber } = keyring.newest;
    return sealEnvelope({ key, dekNumber }, placeAad(vaultId, place), plain, random(NONCE_BYTES));
  };
  const open = (place: SealedPlace, sealed: Uint8Array): Buffer | null => {
    const { vaultId, keyring } = unlocked();
    const { enc: key, dekNumber } = generationOf(keyring, sealed);
    return openEnvelope({ key, dekNumber }, placeAad(vaultId, place), sealed);
  };
  const rowMac = (table: string, rowId: string, fields: MacFields): Uint8Array => {
    const { vaultId, keyring } = unlocked();
    return hmac(keyring.newest.row, rowMacBytes(vaultId, table, rowId, fields));
  };
  const rowMacState = (table: string, rowId: string, fields: MacFields, mac: Uint8Array): MacState => {
    const { vaultId, keyring } = unlocked();
    const bytes = rowMacBytes(vaultId, table, rowId, fields);
    if (equalBytes(hmac(keyring.newest.row, bytes), mac)) return 'current';
    const { previous, trustsPrevious } = keyring;
    return previous && trustsPrevious && equalBytes(hmac(previous.row, bytes), mac) ? 'older' : 'bad';
  };
  return {
    seal(place: SealedPlace, secret: Secret): Uint8Array {
      const plain = Buffer.from(reveal(secret), 'utf8');
      try {
        return seal(place, plain);
      } finally {
        plain.fill(0);
      }
    },

    unseal(place: SealedPlace, sealed: Uint8Array): Secret {
      const plain = open(place, sealed);
      if (!plain) throw moved(place);
      const secret = new Secret(plain.toString('utf8'));
      plain.fill(0);
      return secret;
    },

    opens(place: SealedPlace, sealed: Uint8Array, fingerprint?: Uint8Array | null): boolean {
      const plain = openOrNull(() => open(place, sealed));
      if (!plain) return false;
      // The digest that a row's MAC covers ties the secret to that row as it is now.
      const own = fingerprint ? hmac(unlocked().keyring.fingerprint, plain) : null;
      plain.fill(0);
      return own === null || !fingerprint || equalBytes(own, fingerprint);
    },

    reseal(place: SealedPlace, sealed: Uint8Array): Uint8Array | null {
      if (dekNumberOf(sealed) === unlocked().keyring.newest.dekNumber) return null;
      const plain = openOrNull(() => open(place, sealed));
      if (!plain) return null;
      const again = seal(place, plain);
      const check = open(place, again);
      const same = check !== null && equalBytes(check, plain);
      plain.fill(0);
      check?.fill(0);
      /* v8 ignore next -- @preserve: only where cryptography is broken */
      if (!same) throw new CamError('internal', 'A secret that was sealed anew does not open again.');
      return again;
    },

    rowMac,
    rowMacState,
    rowMacMatches: (table: string, rowId: string, fields: MacFields, mac: Uint8Array): boolean =>
      rowMacState(table, rowId, fields, mac) !== 'bad',
    /** Under K_audit, which outlives every rotation. `previous` null: the first of a chain, tied to this vault. */
    auditMac(rowId: string, fields: MacFields, previous: Uint8Array | null): Uint8Array {
      const { vaultId, keyring } = unlocked();
      return hmac(
        keyring.audit,
        rowMacBytes(vaultId, 'audit_log', rowId, { ...fields, previous: previous ?? vaultId }),
      );
    },
    clientKeyDigest: (clientKey: Secret): Uint8Array => hmac(unlocked().keyring.client, reveal(clientKey)),
    accountKeyFingerprint: (accountKey: Secret): Uint8Array =>
      hmac(unlocked().keyring.fingerprint, reveal(accountKey)),
  };
}

function generationOf({ newest, previous }: Keyring, sealed: Uint8Array): Generation {
  return previous !== null && dekNumberOf(sealed) === previous.dekNumber ? previous : newest;
}

/** A form that we did not write opens as little as a wrong tag. */
function openOrNull(open: () => Buffer | null): Buffer | null {
  try {
    return open();
  } catch (thrown) {
    if (thrown instanceof CamError && thrown.code === 'vault_damaged') return null;
    throw thrown;
  }
}

const moved = (place: SealedPlace): CamError =>
  new CamError('vault_damaged', 'A sealed value in the database was changed or moved.', {
    details: { table: place.table, row: place.rowId, column: place.column },
  });
