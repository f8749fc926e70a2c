/** Accounts as people see them. A picture of all is taken at once, so that its parts agree. */
import { type Clock, MINUTE_MS } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import type { LimitBook } from '../../db/ledger.ts';
import type { Reader } from '../../db/reader.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { AccountStore } from './account-store.ts';
import { accountView } from './account-view.ts';
import { findAccount } from './change-account.ts';
import type { LimitWindows } from './limit-windows.ts';

export interface ListAccountsDeps {
  readonly accounts: Pick<AccountStore, 'list' | 'names'>;
  readonly pool: Pick<Pool, 'snapshot'>;
  readonly limitBook: Pick<LimitBook, 'uses' | 'reserved'>;
  readonly reader: Pick<Reader, 'run'>;
  readonly windows: LimitWindows;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Four hours in steps of ten minutes. */
const HEARTBEAT = { stepMs: 10 * MINUTE_MS, steps: 24 };

export async function listAccounts(deps: ListAccountsDeps): Promise<AccountView[]> {
  const nowMs = deps.clock.nowMs();
  const rows = await deps.accounts.list();
  const names = await deps.accounts.names();
  const activity = await deps.reader.run('accounts.activity', {
    nowMs,
    dayFromMs: deps.windows(nowMs, 'day').fromMs,
    ...HEARTBEAT,
  });
  const upstreams = deps.pool.snapshot();
  const byId = new Map<string, Upstream>(upstreams.map((upstream) => [upstream.account.id, upstream]));
  return rows.flatMap((row) => {
    const upstream = byId.get(row.id);
    const figures = activity[row.id];
    // Added or removed between the pictures: the next one has it whole.
    if (!upstream || !figures) return [];
    const hue = names.get(row.id)?.hue ?? 0;
    const { windows, limitBook } = deps;
    return [accountView({ row, hue, upstream, upstreams, figures, windows, limitBook, nowMs })];
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
