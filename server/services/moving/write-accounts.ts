/**
 * Writes what was decided about accounts, inside the one transaction of an import. What goes goes first, so that its
 * name and its key are free for what comes.
 */
import type { Account, SealedAccount } from '../../../lib/accounts/account.ts';
import { type AccountId, accountId } from '../../../lib/base/id.ts';
import { lastFour } from '../../../lib/base/secret.ts';
import type { IncomingAccount } from '../../../lib/wire/account-list.ts';
import { insertAccountRow, replaceAccountRow, saveAccountFacts } from '../../db/accounts.ts';
import type { AccountRow, Db } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { accountColumns, accountOf, sealedAccountOf, withAccountMac } from '../accounts/account-row.ts';
import { providerAt } from '../accounts/destination.ts';
import { hex } from '../accounts/duplicates.ts';
import { tombstoneOf } from '../accounts/remove.ts';
import { adminKeyOf } from './account-changes.ts';
import type { AccountWrite } from './compare-accounts.ts';

export interface WriteAccountsDeps {
  /** The transaction. */
  readonly db: Db;
  readonly vault: Pick<
    Vault,
    'seal' | 'unseal' | 'opens' | 'rowMac' | 'rowMacMatches' | 'accountKeyFingerprint'
  >;
  readonly nowMs: number;
  readonly idOfNew: (name: string) => AccountId;
}

/** What the pool is to be told once all of it is committed. */
export interface AccountWritten {
  readonly id: AccountId;
  /** Null: removed. */
  readonly account: SealedAccount | null;
  /** Another key: earlier refusals say nothing about it. */
  readonly keyReplaced: boolean;
}

export async function writeAccounts(
  deps: WriteAccountsDeps,
  writes: readonly AccountWrite[],
): Promise<readonly AccountWritten[]> {
  const order = { remove: 0, replace: 1, insert: 2 } as const;
  const sorted = [...writes].sort((one, other) => order[one.kind] - order[other.kind]);
  const written: AccountWritten[] = [];
  // Each a moment after the one before, so that they stand in the order of the file, behind those that are here.
  let createdAtMs = deps.nowMs;
  for (const write of sorted) {
    createdAtMs++;
    if (write.kind === 'remove') written.push(await remove(deps, write.before));
    else if (write.kind === 'replace') written.push(await replace(deps, write.before, write.incoming));
    else written.push(await insert(deps, write.incoming, createdAtMs));
  }
  return written;
}

async function remove(deps: WriteAccountsDeps, before: AccountRow): Promise<AccountWritten> {
  await replaceAccountRow(deps.db, tombstoneOf(deps.vault, before, deps.nowMs));
  return { id: accountId(before.id), account: null, keyReplaced: false };
}

async function insert(
  deps: WriteAccountsDeps,
  incoming: IncomingAccount,
  createdAtMs: number,
): Promise<AccountWritten> {
  const id = deps.idOfNew(incoming.name);
  const row = withAccountMac(deps.vault, {
    ...accountColumns(accountValue(incoming, id, createdAtMs)),
    ...keyColumns(deps.vault, id, incoming),
    ...adminKeyColumns(deps.vault, id, incoming),
    updated_at_ms: deps.nowMs,
    deleted_at_ms: null,
  });
  await insertAccountRow(deps.db, row);
  return { id, account: sealedAccountOf(deps.vault, row), keyReplaced: true };
}

async function replace(
  deps: WriteAccountsDeps,
  before: AccountRow,
  incoming: IncomingAccount,
): Promise<AccountWritten> {
  const id = accountId(before.id);
  const was = accountOf(before);
  const value = accountValue(incoming, id, before.created_at_ms);
  const fingerprint = deps.vault.accountKeyFingerprint(incoming.key);
  const keyReplaced = before.key_fingerprint === null || hex(before.key_fingerprint) !== hex(fingerprint);
  const sameAdminKey = incoming.adminKey === null && adminKeyOf(deps.vault, before) === null;
  const row = withAccountMac(deps.vault, {
    ...before,
    ...accountColumns(value),
    ...(keyReplaced ? keyColumns(deps.vault, id, incoming) : {}),
    ...(sameAdminKey ? {} : adminKeyColumns(deps.vault, id, incoming)),
    updated_at_ms: deps.nowMs,
  });
  await replaceAccountRow(deps.db, row);
  const elsewhere =
    value.baseUrl !== was.baseUrl ||
    value.organizationId !== was.organizationId ||
    value.projectId !== was.projectId;
  if (keyReplaced || elsewhere) await saveAccountFacts(deps.db, nothingKnown(id));
  return { id, account: sealedAccountOf(deps.vault, row), keyReplaced };
}

function accountValue(incoming: IncomingAccount, id: AccountId, createdAtMs: number): Account {
  const { key: _, adminKey: __, ...value } = incoming;
  return { ...value, id, provider: providerAt(value.baseUrl), createdAtMs };
}

function keyColumns(
  vault: Pick<Vault, 'seal' | 'accountKeyFingerprint'>,
  id: AccountId,
  { key }: IncomingAccount,
) {
  return {
    sealed_key: vault.seal({ table: 'accounts', rowId: id, column: 'sealed_key' }, key),
    key_fingerprint: vault.accountKeyFingerprint(key),
    key_last_four: lastFour(key),
  };
}

function adminKeyColumns(vault: Pick<Vault, 'seal'>, id: AccountId, { adminKey }: IncomingAccount) {
  return {
    sealed_admin_key:
      adminKey === null
        ? null
        : vault.seal({ table: 'accounts', rowId: id, column: 'sealed_admin_key' }, adminKey),
  };
}

const nothingKnown = (id: AccountId) => ({
  account_id: id,
  organization: null,
  project: null,
  model_ids: null,
  checked_at_ms: null,
});
