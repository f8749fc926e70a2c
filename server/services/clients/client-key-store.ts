/** The client keys in the database as the verbs meet them. */
import type { AuditEntry } from '../../../lib/audit/deeds.ts';
import {
  findClientKeyByDigest,
  insertClientKeyRow,
  listClientKeyRows,
  replaceClientKeyRow,
} from '../../db/client-keys.ts';
import type { ClientKeyRow, Db } from '../../db/schema.ts';
import type { AuditLog } from '../audit/audit-log.ts';

export interface ClientKeyStore {
  /** With the revoked ones, in order of creation. */
  list(): Promise<readonly ClientKeyRow[]>;
  findByDigest(digest: Uint8Array): Promise<ClientKeyRow | null>;
  /**
   * Together with its row in the audit log, or not at all; so does `replace`. Throws `conflict` where the name is
   * taken or the value was registered before.
   */
  insert(row: ClientKeyRow, entry: AuditEntry): Promise<void>;
  replace(row: ClientKeyRow, entry: AuditEntry): Promise<void>;
}

export function createClientKeyStore(db: Db, audit: Pick<AuditLog, 'during'>): ClientKeyStore {
  return {
    list: () => listClientKeyRows(db),
    findByDigest: (digest) => findClientKeyByDigest(db, digest),
    insert: (row, entry) => audit.during(entry, (transaction) => insertClientKeyRow(transaction, row)),
    replace: (row, entry) =>
      audit.during(entry, async (transaction) => void (await replaceClientKeyRow(transaction, row))),
  };
}
