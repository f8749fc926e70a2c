/**
 * The one way in which an existing account's row changes: read, check that it is still what we wrote, write
 * with a new MAC, tell the pool. A row that was changed from outside is never signed again by accident, because
 * that would make an intruder's base URL ours.
 */
import type { AuditEntry } from '../../../lib/audit/deeds.ts';
import { accountId } from '../../../lib/base/id.ts';
import { CamError } from '../../../lib/errors.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { AccountRow } from '../../db/schema.ts';
import { findByRef } from '../find-by-ref.ts';
import {
  type AccountDraft,
  isAccountIntact,
  NOTHING_LEARNED,
  sealedAccountOf,
  withAccountMac,
} from './account-row.ts';
import type { AccountStore, ChangeAccountDeps } from './account-store.ts';

export interface AccountChange {
  /** What the audit log says; the event has the deed's name. */
  readonly entry: (changed: readonly string[]) => AuditEntry;
  /** Another key, or the same one switched on again: earlier refusals say nothing about it. */
  readonly fresh?: boolean;
  /** What was learned belongs to another key or place. */
  readonly forget?: boolean;
}

export async function findAccount(accounts: Pick<AccountStore, 'list'>, ref: string): Promise<AccountRow> {
  return findByRef(await accounts.list(), ref, 'account', 'account_not_found');
}

export async function changeAccount(
  deps: ChangeAccountDeps,
  row: AccountRow,
  columns: Partial<AccountDraft>,
  change: AccountChange,
): Promise<AccountView> {
  const sealed = columns.sealed_key === undefined ? sealedAccountOf(deps.vault, row).intact : true;
  if (!isAccountIntact(deps.vault, row) || !sealed) throw quarantined(row.name);
  const next = withAccountMac(deps.vault, { ...row, ...columns, updated_at_ms: deps.clock.nowMs() });
  const changed = changedColumns(row, next);
  const keyReplaced = row.sealed_key !== next.sealed_key;
  const entry = change.entry(keyReplaced ? [...changed, 'key'] : changed);
  await deps.accounts.replace(next, entry);
  if (change.forget) await deps.accounts.saveFacts(next.id, NOTHING_LEARNED);
  const facts = (await deps.accounts.facts()).get(next.id) ?? NOTHING_LEARNED;
  const id = accountId(next.id);
  deps.pool.put(
    id,
    { account: sealedAccountOf(deps.vault, next), facts, health: null },
    { keyReplaced: change.fresh === true },
  );
  deps.ledger.event({
    atMs: deps.clock.nowMs(),
    kind: entry.deed,
    accountId: id,
    requestId: null,
    data: { changed },
  });
  deps.changes.made();
  return deps.viewOf(next.id);
}

const UNTOLD = new Set([
  'mac',
  'updated_at_ms',
  'name_key',
  'sealed_key',
  'sealed_admin_key',
  'key_fingerprint',
]);

/** Which columns changed, never what they hold. */
function changedColumns(before: AccountRow, after: AccountRow): string[] {
  const names = Object.keys(after) as (keyof AccountRow)[];
  return names.filter((name) => !UNTOLD.has(name) && before[name] !== after[name]);
}

const quarantined = (name: string): CamError =>
  new CamError('conflict', `${name} is quarantined: its row in the database was changed by something else.`, {
    hint: 'Remove it and add it again.',
  });
