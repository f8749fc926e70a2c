/** The client keys in the database as the verbs meet them. */
import {
  findClientKeyByDigest,
  insertClientKeyRow,
  listClientKeyRows,
  replaceClientKeyRow,
} from '../../db/client-keys.ts';
import type { ClientKeyRow, Db } from '../../db/schema.ts';

export interface ClientKeyStore {
  /** With the revoked ones, in order of creation. */
  list(): Promise<readonly ClientKeyRow[]>;
  findByDigest(digest: Uint8Array): Promise<ClientKeyRow | null>;
  /** Throws `conflict` where the name is taken or the value was registered before. */
  insert(row: ClientKeyRow): Promise<void>;
  replace(row: ClientKeyRow): Promise<void>;
}

export function createClientKeyStore(db: Db): ClientKeyStore {
  return {
    list: () => listClientKeyRows(db),
    findByDigest: (digest) => findClientKeyByDigest(db, digest),
    insert: (row) => insertClientKeyRow(db, row),
    replace: async (row) => void (await replaceClientKeyRow(db, row)),
  };
}
