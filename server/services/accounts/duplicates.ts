/** Names and keys that are there already. Keys are compared by keyed fingerprint: none is opened for it. */
import { accountNameKey } from '../../../lib/accounts/account.ts';
import { CamError } from '../../../lib/errors.ts';
import type { AccountRow } from '../../db/schema.ts';

export function refuseTakenName(rows: readonly AccountRow[], name: string, self: string | null): void {
  const nameKey = accountNameKey(name);
  const other = rows.find((row) => row.name_key === nameKey && row.id !== self);
  if (!other) return;
  throw new CamError('account_name_taken', `There is an account called ${other.name} already.`, {
    param: 'name',
  });
}

export interface KeyUse {
  readonly fingerprint: Uint8Array;
  readonly organizationId: string | null;
  readonly projectId: string | null;
  readonly baseUrl: string;
}

/** The same key for another organisation or project is another account; for the same one it is the same twice. */
export function refuseDuplicateKey(rows: readonly AccountRow[], use: KeyUse, self: string | null): void {
  const other = sameKey(rows, use.fingerprint, self).find(
    (row) =>
      row.organization_id === use.organizationId &&
      row.project_id === use.projectId &&
      row.base_url === use.baseUrl,
  );
  if (!other) return;
  throw new CamError('account_duplicate_key', `This key is in use already: it is the key of ${other.name}.`, {
    param: 'key',
    details: { accountId: other.id, name: other.name },
    hint: 'Twice the same key does not give twice the limits.',
  });
}

export function sameKey(
  rows: readonly AccountRow[],
  fingerprint: Uint8Array,
  self: string | null,
): AccountRow[] {
  const wanted = hex(fingerprint);
  return rows.filter(
    (row) => row.id !== self && row.key_fingerprint !== null && hex(row.key_fingerprint) === wanted,
  );
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
