/**
 * A human's pause and its end: no new call goes to the account, calls under way finish, and its key and what was
 * learned stay.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutAccount } from '../../../lib/audit/deeds.ts';
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
  actor: Actor,
): Promise<AccountView> {
  const row = await findAccount(deps.accounts, ref);
  if (deps.pool.isolate(accountId(row.id), on)) {
    const deed = on ? 'account.paused' : 'account.resumed';
    await healthChanged(deps, row.id, { ...aboutAccount(actor, row), deed, detail: {} });
  }
  return deps.viewOf(row.id);
}
