/**
 * A human's pause and its end: no new call goes to the account, calls under way finish, and its key and what was
 * learned stay. It is stored before it is answered, so that no restart forgets it.
 */
import { accountId } from '../../../lib/base/id.ts';
import type { Clock } from '../../../lib/base/time.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { Changes } from '../live/changes.ts';
import type { AccountStore } from './account-store.ts';
import { findAccount } from './change-account.ts';

export interface PauseAccountDeps {
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly pool: Pick<Pool, 'isolate'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly saveHealth: () => Promise<void>;
  readonly viewOf: (id: string) => Promise<AccountView>;
}

export async function pauseAccount(
  deps: PauseAccountDeps,
  { ref }: RefInput,
  on: boolean,
): Promise<AccountView> {
  const row = await findAccount(deps.accounts, ref);
  const id = accountId(row.id);
  if (deps.pool.isolate(id, on)) {
    await deps.saveHealth();
    deps.ledger.event({
      atMs: deps.clock.nowMs(),
      kind: on ? 'account.paused' : 'account.resumed',
      accountId: id,
      requestId: null,
      data: {},
    });
    deps.changes.made();
  }
  return deps.viewOf(row.id);
}
