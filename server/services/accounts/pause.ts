/**
 * A human's pause and its end: no new call goes to the account, calls under way finish, and its key and what was
 * learned stay.
 */
import { accountId } from '../../../lib/base/id.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { AccountStore } from './account-store.ts';
import { findAccount } from './change-account.ts';
import { type HealthChangeDeps, healthChanged } from './health-changed.ts';

export interface PauseAccountDeps extends HealthChangeDeps {
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly pool: Pick<Pool, 'isolate'>;
  readonly viewOf: (id: string) => Promise<AccountView>;
}

export async function pauseAccount(
  deps: PauseAccountDeps,
  { ref }: RefInput,
  on: boolean,
): Promise<AccountView> {
  const row = await findAccount(deps.accounts, ref);
  const id = accountId(row.id);
  if (deps.pool.isolate(id, on)) await healthChanged(deps, id, on ? 'account.paused' : 'account.resumed');
  return deps.viewOf(row.id);
}
