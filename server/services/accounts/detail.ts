/** What one account did over a range, see `AccountDetailView`. */
import { type Clock, HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { AccountDetailView, FailoverView } from '../../../lib/wire/account-detail-views.ts';
import type { AccountDetailInput } from '../../../lib/wire/usage-inputs.ts';
import type { RangeName } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import type { Moved } from '../../db/account-detail.ts';
import type { Reader } from '../../db/reader.ts';
import { stepsOf } from '../usage/periods.ts';
import type { AccountStore } from './account-store.ts';
import { findAccount } from './change-account.ts';
import type { LimitWindows } from './limit-windows.ts';

export interface AccountDetailDeps {
  readonly reader: Pick<Reader, 'run'>;
  readonly accounts: Pick<AccountStore, 'list' | 'names'>;
  readonly windows: LimitWindows;
  readonly settings: Pick<Settings, 'config'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Finer than the overview's steps, over the very same time: limits are limits of minutes. */
const STEP_MS: Readonly<Record<RangeName, number>> = {
  '1h': MINUTE_MS,
  '24h': 10 * MINUTE_MS,
  '7d': HOUR_MS,
  '30d': 6 * HOUR_MS,
};

export async function detailAccount(
  deps: AccountDetailDeps,
  { ref, range }: AccountDetailInput,
): Promise<AccountDetailView> {
  const { id } = await findAccount(deps.accounts, ref);
  const nowMs = deps.clock.nowMs();
  const { fromMs, toMs } = stepsOf(range, nowMs, deps.windows(nowMs, 'day').toMs);
  const stepMs = STEP_MS[range];
  const found = await deps.reader.run('accounts.detail', { accountId: id, fromMs, toMs, stepMs });
  const names = await deps.accounts.names();
  const named = (moved: readonly Moved[]): FailoverView[] =>
    moved.map(({ accountId, calls }) => {
      const { name = 'Deleted', hue = 0 } = names.get(accountId) ?? {};
      return { accountId, name, hue, calls };
    });
  return {
    accountId: id,
    range,
    fromMs,
    toMs,
    stepMs,
    timeZone: deps.settings.config.limits.time_zone,
    ...found,
    // What is still to come is nothing that was seen.
    steps: found.steps.filter((step) => step.fromMs <= nowMs),
    movedAway: named(found.movedAway),
    takenOver: named(found.takenOver),
  };
}
