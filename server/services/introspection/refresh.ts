/**
 * Asks providers what they know: every account which models its key may list, and those with an admin key what was used and
 * charged, which of the organisation's keys ours is, and which limits it has. One source failing leaves the others.
 */
import type { SealedAccount } from '../../../lib/accounts/account.ts';
import { type Clock, DAY_MS } from '../../../lib/base/time.ts';
import {
  matchKey,
  type ProviderSpendLimit,
  type ProviderUsage,
  readCostsPage,
  readKeysPage,
  readRateLimitsPage,
  readSpendLimit,
  readUsagePage,
} from '../../../lib/introspection/read.ts';
import type { RefreshInput } from '../../../lib/wire/provider-views.ts';
import { listSources, replaceProviderCosts, replaceProviderUsage } from '../../db/provider-figures.ts';
import type { AccountRow, Db } from '../../db/schema.ts';
import type { AdminAccount, AdminApi, Answer, Query } from '../../introspection/admin-api.ts';
import type { CheckAccount } from '../../upstream/check-account.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { Vault } from '../../vault/vault.ts';
import { sealedAccountOf } from '../accounts/account-row.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { findByRef } from '../find-by-ref.ts';
import type { Changes } from '../live/changes.ts';
import { isOpenAi, refreshBilling } from './billing.ts';
import { note } from './note.ts';
import { scopeOf } from './scope.ts';

export interface RefreshDeps {
  readonly db: Db;
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly pool: Pick<Pool, 'learnFacts' | 'upstream'>;
  readonly checkAccount: CheckAccount;
  readonly adminApi: AdminApi;
  readonly vault: Pick<Vault, 'rowMacMatches' | 'opens'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

const DAYS_ASKED = 31;
const SECOND_MS = 1_000;
const USAGE_KINDS = [
  'completions',
  'embeddings',
  'moderations',
  'images',
  'audio_speeches',
  'audio_transcriptions',
] as const;

/** Throws `account_not_found`. */
export async function refreshProviders(deps: RefreshDeps, { ref }: RefreshInput): Promise<void> {
  const rows = await deps.accounts.list();
  await refresh(deps, ref === undefined ? rows : [findByRef(rows, ref, 'account', 'account_not_found')]);
}

/** By the clock: those that have an organisation to ask, and relays that have told what they bill. */
export async function refreshByTheClock(deps: RefreshDeps): Promise<void> {
  const bill = new Set(
    (await listSources(deps.db))
      .filter((row) => row.source === 'billing' && row.ok_at_ms !== null)
      .map((row) => row.account_id),
  );
  const rows = await deps.accounts.list();
  await refresh(
    deps,
    rows.filter((row) => row.sealed_admin_key !== null || bill.has(row.id)),
  );
}

async function refresh(deps: RefreshDeps, wanted: readonly AccountRow[]): Promise<void> {
  for (const row of wanted) {
    const account = sealedAccountOf(deps.vault, row);
    if (!account.intact) continue;
    await refreshModels(deps, account);
    if (!isOpenAi(account.baseUrl)) await refreshBilling(deps, account);
    if (row.sealed_admin_key !== null)
      await refreshOrganisation(deps, row, { account, adminKey: row.sealed_admin_key });
  }
  deps.changes.made();
}

async function refreshModels(deps: RefreshDeps, account: SealedAccount): Promise<void> {
  const check = await deps.checkAccount(account);
  const nowMs = now(deps);
  if (!check.ok) return note(deps, account.id, 'models', { kind: 'failed', why: check.message });
  const facts = {
    organization: check.organization,
    project: check.project,
    modelIds: check.modelIds,
    checkedAtMs: nowMs,
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
  deps.pool.learnFacts(account.id, known);
  await note(deps, account.id, 'models', {
    kind: 'ok',
    value: { verdict: check.verdict, models: check.modelIds?.length ?? null },
  });
}

async function refreshOrganisation(deps: RefreshDeps, row: AccountRow, of: AdminAccount): Promise<void> {
  const { adminApi } = deps;
  const project = deps.pool.upstream(of.account.id)?.facts.project ?? of.account.projectId;
  const keys =
    project === null
      ? null
      : await adminApi.pages(
          of,
          `/organization/projects/${encodeURIComponent(project)}/api_keys`,
          { limit: 100 },
          'after',
          readKeysPage,
        );
  const keyId = keys?.kind === 'ok' ? matchKey(keys.value, row.key_last_four ?? '') : null;
  await note(
    deps,
    row.id,
    'key',
    keys === null ? UNKNOWN_PROJECT : keys.kind === 'ok' ? { kind: 'ok', value: { keyId, project } } : keys,
  );
  const filter = scopeOf(keyId, project).query;
  await refreshFigures(deps, row.id, of, filter);
  const limits =
    project === null
      ? UNKNOWN_PROJECT
      : await adminApi.pages(
          of,
          `/organization/projects/${encodeURIComponent(project)}/rate_limits`,
          { limit: 100 },
          'after',
          readRateLimitsPage,
        );
  await note(deps, row.id, 'rate_limits', limits);
  const path =
    project === null
      ? '/organization/spend_limit'
      : `/organization/projects/${encodeURIComponent(project)}/spend_limit`;
  const spend = await adminApi.get(of, path, {}, readSpendLimit);
  // None set is an answer.
  const none: Answer<ProviderSpendLimit | null> = { kind: 'ok', value: null };
  await note(
    deps,
    row.id,
    'spend_limit',
    spend.kind === 'refused' && spend.why.includes('does not know') ? none : spend,
  );
}

const UNKNOWN_PROJECT: Answer<never> = {
  kind: 'refused',
  why: 'The project of this key is not known yet: it is learned from the first answered call.',
};

async function refreshFigures(deps: RefreshDeps, id: string, of: AdminAccount, filter: Query): Promise<void> {
  const toMs = (Math.floor(now(deps) / DAY_MS) + 1) * DAY_MS;
  const span = { fromMs: toMs - DAYS_ASKED * DAY_MS, toMs };
  const query: Query = {
    start_time: span.fromMs / SECOND_MS,
    end_time: toMs / SECOND_MS,
    bucket_width: '1d',
    limit: DAYS_ASKED,
    ...filter,
  };
  const found: ProviderUsage[] = [];
  let failed: Answer<never> | null = null;
  for (const kind of USAGE_KINDS) {
    const answer = await deps.adminApi.pages(
      of,
      `/organization/usage/${kind}`,
      { ...query, group_by: ['model'] },
      'page',
      readUsagePage,
    );
    if (answer.kind === 'ok') found.push(...answer.value);
    else failed ??= answer;
  }
  // Some of it would look like less use.
  if (failed === null)
    await deps.db.transaction().execute((transaction) => replaceProviderUsage(transaction, id, span, found));
  await note(deps, id, 'usage', failed ?? { kind: 'ok', value: { days: DAYS_ASKED } });
  const costs = await deps.adminApi.pages(
    of,
    '/organization/costs',
    { ...query, group_by: ['line_item'] },
    'page',
    readCostsPage,
  );
  if (costs.kind === 'ok')
    await deps.db
      .transaction()
      .execute((transaction) => replaceProviderCosts(transaction, id, span, costs.value));
  await note(deps, id, 'costs', costs.kind === 'ok' ? { kind: 'ok', value: { days: DAYS_ASKED } } : costs);
}

const now = ({ clock }: RefreshDeps): number => Math.round(clock.nowMs());
