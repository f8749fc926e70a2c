/**
 * Storing a change of the vault's header: in one transaction with what belongs to it and its row in the audit log,
 * read back, and only then adopted. Where a commit failed in a way that does not say whether it happened, the
 * database is asked.
 */
import type { AuditEntry } from '../../../lib/audit/deeds.ts';
import { CamError } from '../../../lib/errors.ts';
import { inTransaction } from '../../db/audit.ts';
import type { Db } from '../../db/schema.ts';
import { insertVaultHeader, readVaultHeader, replaceVaultHeader, sameHeader } from '../../db/vault-header.ts';
import type { HeaderChange, VaultHeader } from '../../vault/vault.ts';
import type { AuditLog } from '../audit/audit-log.ts';

export interface Along {
  /** What is committed with it or not at all; awaits nothing but the database. */
  readonly work?: (transaction: Db) => Promise<void>;
  /** The deed that it is; without one nothing is noted. */
  readonly deed?: AuditEntry;
}

export interface HeaderStore {
  insert(header: VaultHeader): Promise<void>;
  save(change: HeaderChange, along?: Along): Promise<void>;
}

export function createHeaderStore(db: Db, audit: Pick<AuditLog, 'during'>): HeaderStore {
  return {
    insert: (header) => insertVaultHeader(db, header),
    async save(change, { work, deed } = {}) {
      const write = async (transaction: Db): Promise<void> => {
        await work?.(transaction);
        await replaceVaultHeader(transaction, change.before, change.after);
      };
      try {
        if (deed) await audit.during(deed, write);
        else await inTransaction(db, write);
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
