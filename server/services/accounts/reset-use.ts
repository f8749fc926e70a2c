/** Counting an account's use anew: its ledger rows stay, they only no longer count in these windows. */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutAccount } from '../../../lib/audit/deeds.ts';
import { accountId } from '../../../lib/base/id.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { LIMIT_WINDOWS } from '../../../lib/metering/limit.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { AccountResetInput } from '../../../lib/wire/inputs.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { UseResetStore } from '../limits/use-reset-store.ts';
import type { Changes } from '../live/changes.ts';
import type { AccountStore } from './account-store.ts';
import { findAccount } from './change-account.ts';

export interface ResetAccountUseDeps {
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly useResets: Pick<UseResetStore, 'reset'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly viewOf: (id: string) => Promise<AccountView>;
}

export async function resetAccountUse(
  deps: ResetAccountUseDeps,
  { ref, windows = [...LIMIT_WINDOWS] }: AccountResetInput,
  actor: Actor,
): Promise<AccountView> {
  const row = await findAccount(deps.accounts, ref);
  await deps.useResets.reset(row.id, windows, {
    ...aboutAccount(actor, row),
    deed: 'account.use_reset',
    detail: { windows },
  });
  deps.ledger.event({
    atMs: deps.clock.nowMs(),
    kind: 'account.use_reset',
    accountId: accountId(row.id),
    requestId: null,
    data: { windows },
  });
  deps.changes.made();
  return deps.viewOf(row.id);
}
