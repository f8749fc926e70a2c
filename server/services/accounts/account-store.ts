/** The accounts in the database as the verbs meet them, and what every verb that changes one works with. */
import type { AccountFacts } from '../../../lib/accounts/account.ts';
import type { AuditEntry } from '../../../lib/audit/deeds.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import { listAccountNames } from '../../db/account-names.ts';
import {
  insertAccountRow,
  listAccountFacts,
  listAccountHealth,
  listAccountRows,
  replaceAccountRow,
  saveAccountFacts,
  saveAccountHealth,
} from '../../db/accounts.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { AccountFactsRow, AccountRow, Db } from '../../db/schema.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Changes } from '../live/changes.ts';
import { json, strings } from './account-row.ts';

export interface AccountName {
  readonly name: string;
  /** 0–4, by order of creation. */
  readonly hue: number;
}

const HUES = 5;

export interface AccountStore {
  /** Not the removed ones, in order of creation. */
  list(): Promise<readonly AccountRow[]>;
  /** Together with its row in the audit log, or not at all; so does `replace`. */
  insert(row: AccountRow, entry: AuditEntry): Promise<void>;
  /** Replaces every column, also by a tombstone's. */
  replace(row: AccountRow, entry: AuditEntry): Promise<void>;
  /** Every account that is or was: removed ones keep their name and their colour in the figures. */
  names(): Promise<ReadonlyMap<string, AccountName>>;
  facts(): Promise<ReadonlyMap<string, AccountFacts>>;
  saveFacts(id: string, facts: AccountFacts): Promise<void>;
  /** Health documents by account. */
  health(): Promise<ReadonlyMap<string, string>>;
  saveHealth(id: string, health: string, atMs: number): Promise<void>;
}

export function createAccountStore(db: Db, audit: Pick<AuditLog, 'during'>): AccountStore {
  return {
    list: () => listAccountRows(db),
    insert: (row, entry) => audit.during(entry, (transaction) => insertAccountRow(transaction, row)),
    replace: (row, entry) =>
      audit.during(entry, async (transaction) => {
        if (await replaceAccountRow(transaction, row)) return;
        throw new CamError('account_not_found', 'That account has just been removed.');
      }),
    names: async () =>
      new Map((await listAccountNames(db)).map(({ id, name }, at) => [id, { name, hue: at % HUES }])),
    facts: async () => new Map((await listAccountFacts(db)).map((row) => [row.account_id, factsOf(row)])),
    saveFacts: (id, facts) =>
      saveAccountFacts(db, {
        account_id: id,
        organization: facts.organization,
        project: facts.project,
        model_ids: facts.modelIds === null ? null : JSON.stringify(facts.modelIds),
        checked_at_ms: facts.checkedAtMs,
      }),
    health: async () => new Map((await listAccountHealth(db)).map((row) => [row.account_id, row.health])),
    saveHealth: (id, health, atMs) => saveAccountHealth(db, { account_id: id, health, updated_at_ms: atMs }),
  };
}

function factsOf(row: AccountFactsRow): AccountFacts {
  return {
    organization: row.organization,
    project: row.project,
    modelIds: row.model_ids === null ? null : strings(json(row.model_ids)),
    checkedAtMs: row.checked_at_ms,
  };
}

export interface ChangeAccountDeps {
  readonly accounts: AccountStore;
  readonly vault: Pick<Vault, 'rowMac' | 'rowMacMatches' | 'opens'>;
  readonly pool: Pick<Pool, 'put'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly viewOf: (id: string) => Promise<AccountView>;
}
