/**
 * Storing a change of the vault's header: in one transaction, read back, and only then adopted. Where a commit
 * failed in a way that does not say whether it happened, the database is asked.
 */
import { CamError } from '../../../lib/errors.ts';
import type { Db } from '../../db/schema.ts';
import { insertVaultHeader, readVaultHeader, replaceVaultHeader, sameHeader } from '../../db/vault-header.ts';
import type { HeaderChange, VaultHeader } from '../../vault/vault.ts';

export interface HeaderStore {
  insert(header: VaultHeader): Promise<void>;
  /** @param alongside what is committed with it or not at all; awaits nothing but the database */
  save(change: HeaderChange, alongside?: (transaction: Db) => Promise<void>): Promise<void>;
}

export function createHeaderStore(db: Db): HeaderStore {
  return {
    insert: (header) => insertVaultHeader(db, header),
    async save(change, alongside) {
      try {
        await replaceVaultHeader(db, change.before, change.after, alongside);
      } catch (thrown) {
        if (!(await isStored(db, change.after)))
          throw thrown instanceof CamError ? thrown : notStored(thrown);
      }
      change.adopt();
    },
  };
}

async function isStored(db: Db, header: VaultHeader): Promise<boolean> {
  const found = await readVaultHeader(db).catch(() => null);
  return found !== null && sameHeader(found, header);
}

const notStored = (cause: unknown): CamError =>
  new CamError('storage_failed', 'The vault’s new header could not be stored. Everything is as it was.', {
    cause,
  });
