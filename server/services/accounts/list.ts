/** Accounts as people see them. A picture of all is taken at once, so that its parts agree. */
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import type { AccountView } from '../../../lib/wire/views.ts';
import type { LimitBook } from '../../db/ledger.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { Readings } from '../readings.ts';
import type { AccountStore } from './account-store.ts';
import { accountView } from './account-view.ts';
import { findAccount } from './change-account.ts';
import type { LimitWindows } from './limit-windows.ts';

export interface ListAccountsDeps {
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly pool: Pick<Pool, 'snapshot'>;
  readonly limitBook: Pick<LimitBook, 'uses' | 'reserved'>;
  readonly readings: Pick<Readings, 'accountFigures' | 'accountNames'>;
  readonly windows: LimitWindows;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export async function listAccounts(deps: ListAccountsDeps): Promise<AccountView[]> {
  const nowMs = deps.clock.nowMs();
  const rows = await deps.accounts.list();
  const names = await deps.readings.accountNames();
  const figuresOf = await deps.readings.accountFigures(deps.windows(nowMs, 'day').fromMs, nowMs);
  const upstreams = deps.pool.snapshot();
  const byId = new Map<string, Upstream>(upstreams.map((upstream) => [upstream.account.id, upstream]));
  return rows.flatMap((row) => {
    const upstream = byId.get(row.id);
    // Added or removed between the two pictures: the next one has it.
    if (!upstream) return [];
    const hue = names.get(row.id)?.hue ?? 0;
    const parts = { row, hue, upstream, upstreams, figures: figuresOf(row.id), nowMs };
    return [accountView({ ...parts, windows: deps.windows, limitBook: deps.limitBook })];
  });
}

export async function getAccount(deps: ListAccountsDeps, { ref }: RefInput): Promise<AccountView> {
  return viewOfAccount(deps, (await findAccount(deps.accounts, ref)).id);
}

export async function viewOfAccount(deps: ListAccountsDeps, id: string): Promise<AccountView> {
  const view = (await listAccounts(deps)).find((account) => account.id === id);
  if (!view) throw new CamError('account_not_found', 'That account has just been removed.');
  return view;
}
