/** The provider's figures beside ours, by day and model, and why they differ as far as that can be told. */
import { type Clock, DAY_MS } from '../../../lib/base/time.ts';
import type {
  ProviderAccountView,
  ProviderListView,
  ReconciledRow,
  ReconcileInput,
  ReconciliationView,
  SideView,
} from '../../../lib/wire/provider-views.ts';
import { SOURCES } from '../../../lib/wire/provider-views.ts';
import { type BesideRow, listSources, type SourceRow } from '../../db/provider-figures.ts';
import type { Reader } from '../../db/reader.ts';
import type { AccountRow, Db } from '../../db/schema.ts';
import { knownSum } from '../../db/usage-summary.ts';
import { json } from '../accounts/account-row.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { scopeOf } from './scope.ts';

export interface ReconcileDeps {
  readonly db: Db;
  readonly reader: Pick<Reader, 'run'>;
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export async function listProviders({
  db,
  accounts,
}: Pick<ReconcileDeps, 'db' | 'accounts'>): Promise<ProviderListView> {
  const sources = Map.groupBy(await listSources(db), ({ account_id: id }) => id);
  return { accounts: (await accounts.list()).map((row) => accountView(row, sources.get(row.id) ?? [])) };
}

export async function reconcile(deps: ReconcileDeps, { days }: ReconcileInput): Promise<ReconciliationView> {
  const nowMs = deps.clock.nowMs();
  const toMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  const fromMs = toMs - days * DAY_MS;
  const { accounts } = await listProviders(deps);
  const asked = accounts.filter(({ hasAdminKey }) => hasAdminKey);
  const names = new Map(asked.map(({ id, name }) => [id, name]));
  const found = await deps.reader.run('usage.beside', { fromMs, toMs, accountIds: [...names.keys()] });
  const rows = found.map((row) => reconciled(row, names.get(row.account_id) ?? '', toMs));
  return {
    fromMs,
    toMs,
    accounts,
    rows,
    totals: { ours: total(rows.map(({ ours }) => ours)), theirs: total(rows.map(({ theirs }) => theirs)) },
  };
}

function accountView(row: AccountRow, sources: readonly SourceRow[]): ProviderAccountView {
  const key = json(sources.find(({ source }) => source === 'key')?.data ?? 'null');
  const known = typeof key === 'object' && key !== null ? key : {};
  const text = (name: string): string | null => {
    const value: unknown = Reflect.get(known, name);
    return typeof value === 'string' ? value : null;
  };
  return {
    id: row.id,
    name: row.name,
    hasAdminKey: row.sealed_admin_key !== null,
    scope: row.sealed_admin_key === null ? null : scopeOf(text('keyId'), text('project')).scope,
    sources: SOURCES.flatMap((source) => {
      const found = sources.find((one) => one.source === source);
      if (found === undefined) return [];
      const { ok_at_ms: okAtMs, error, error_at_ms: errorAtMs, data } = found;
      return [{ source, okAtMs, error, errorAtMs, data: data === null ? null : json(data) }];
    }),
  };
}

function reconciled(row: BesideRow, accountName: string, toMs: number): ReconciledRow {
  const charged = row.our_charged ?? 0;
  const ours = {
    requests: row.our_requests ?? 0,
    inputTokens: knownSum(row.our_input, charged),
    outputTokens: knownSum(row.our_output, charged),
    cost: knownSum(row.our_cost, charged),
  };
  const theirs = {
    requests: row.their_requests,
    inputTokens: row.their_input,
    outputTokens: row.their_output,
    cost: row.their_cost,
  };
  return {
    accountId: row.account_id,
    accountName,
    dayMs: row.day_ms,
    model: row.model,
    ours,
    theirs,
    difference: { tokens: less(tokensOf(theirs), tokensOf(ours)), cost: less(theirs.cost, ours.cost) },
    cause: causeOf(row, ours, theirs, toMs),
  };
}

const tokensOf = ({ inputTokens, outputTokens }: SideView): number | null =>
  inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
const less = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);

/** A cent, and a thousandth of the tokens, are nobody's mistake. */
const CENT = 10_000_000;
const TOKENS_SHARE = 0.001;

function causeOf(row: BesideRow, ours: SideView, theirs: SideView, toMs: number): string | null {
  if (theirs.requests === null && theirs.cost === null)
    return row.day_ms >= toMs - 2 * DAY_MS ? 'the provider has not counted this day yet' : null;
  const tokens = less(tokensOf(theirs), tokensOf(ours));
  const cost = less(theirs.cost, ours.cost);
  // Images and speech are told by requests alone.
  const sameRequests = theirs.requests === null || theirs.requests === (ours.requests ?? 0);
  const sameTokens =
    tokens === null ? sameRequests : Math.abs(tokens) <= TOKENS_SHARE * (tokensOf(theirs) ?? 0);
  if (sameTokens && (cost === null || Math.abs(cost) < CENT)) return null;
  if ((theirs.requests ?? 0) > (ours.requests ?? 0)) return 'calls that did not go through this program';
  if ((row.our_unknown ?? 0) > 0) return 'calls whose price is not known here';
  if ((row.our_estimated ?? 0) > 0) return 'calls that were cut off and counted by ourselves';
  if (row.day_ms >= toMs - 2 * DAY_MS) return 'the provider may still be counting';
  return sameTokens ? 'another price than ours' : null;
}

function total(sides: readonly SideView[]): SideView {
  const sum = (pick: (side: SideView) => number | null): number | null => {
    const known = sides.map(pick).filter((figure) => figure !== null);
    return known.length === 0 ? null : known.reduce((all, figure) => all + figure, 0);
  };
  return {
    requests: sum(({ requests }) => requests),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    cost: sum(({ cost }) => cost),
  };
}
