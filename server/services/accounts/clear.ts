/** Forgetting what was inferred about an account: cooldowns, breakers and marks. The next call tries it again. */
import { accountId } from '../../../lib/base/id.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { Changes } from '../live/changes.ts';
import type { AccountStore } from './account-store.ts';
import { findAccount } from './change-account.ts';

export interface ClearAccountDeps {
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly pool: Pick<Pool, 'clearMarks' | 'isolate'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly viewOf: (id: string) => Promise<AccountView>;
}

export async function clearAccount(deps: ClearAccountDeps, { ref }: RefInput): Promise<AccountView> {
  const row = await findAccount(deps.accounts, ref);
  deps.pool.isolate(accountId(row.id), false);
  deps.pool.clearMarks(accountId(row.id));
  deps.changes.made();
  return deps.viewOf(row.id);
}
