/** What an unlocked vault does with its keys: seals, unseals, authenticates, digests. */
import { reveal, Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { NONCE_BYTES, openEnvelope, sealEnvelope } from './envelope.ts';
import { equalBytes, hmac, type Keyring } from './keyring.ts';
import { placeAad, type SealedPlace } from './place.ts';
import { type MacFields, rowMacBytes } from './row-mac.ts';

export interface Unlocked {
  readonly vaultId: Uint8Array;
  readonly keyring: Keyring;
}

/** `unlocked` throws while the vault is not. */
export function createSealing(unlocked: () => Unlocked, random: (size: number) => Uint8Array) {
  const rowMac = (table: string, rowId: string, fields: MacFields): Uint8Array => {
    const { vaultId, keyring } = unlocked();
    return hmac(keyring.row, rowMacBytes(vaultId, table, rowId, fields));
  };
  return {
    seal(place: SealedPlace, secret: Secret): Uint8Array {
      const { vaultId, keyring } = unlocked();
      const key = { key: keyring.enc, dekNumber: keyring.dekNumber };
      const plain = Buffer.from(reveal(secret), 'utf8');
      try {
        return sealEnvelope(key, placeAad(vaultId, place), plain, random(NONCE_BYTES));
      } finally {
        plain.fill(0);
      }
    },

    unseal(place: SealedPlace, sealed: Uint8Array): Secret {
      const { vaultId, keyring } = unlocked();
      const key = { key: keyring.enc, dekNumber: keyring.dekNumber };
      const plain = openEnvelope(key, placeAad(vaultId, place), sealed);
      if (!plain) {
        throw new CamError('vault_damaged', 'A sealed value in the database was changed or moved.', {
          details: { table: place.table, row: place.rowId, column: place.column },
        });
      }
      const secret = new Secret(plain.toString('utf8'));
      plain.fill(0);
      return secret;
    },

    rowMac,
    rowMacMatches: (table: string, rowId: string, fields: MacFields, mac: Uint8Array): boolean =>
      equalBytes(rowMac(table, rowId, fields), mac),
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
