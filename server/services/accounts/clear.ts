/**
 * Forgetting what was learned about an account: all of it (cooldowns, breakers, marks, a refused key), one mark, or
 * everything about one model. The next call may try it again. A human's pause is no lesson and stays.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutAccount } from '../../../lib/audit/deeds.ts';
import { accountId } from '../../../lib/base/id.ts';
import { CamError } from '../../../lib/errors.ts';
import { markKey } from '../../../lib/routing/mark-key.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { AccountClearInput } from '../../../lib/wire/inputs.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { AccountStore } from './account-store.ts';
import { findAccount } from './change-account.ts';
import { type HealthChangeDeps, healthChanged } from './health-changed.ts';

export interface ClearAccountDeps extends HealthChangeDeps {
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly pool: Pick<Pool, 'clearMarks' | 'clearMark' | 'clearModel'>;
  readonly viewOf: (id: string) => Promise<AccountView>;
}

export async function clearAccount(
  deps: ClearAccountDeps,
  { ref, mark, model }: AccountClearInput,
  actor: Actor,
): Promise<AccountView> {
  const row = await findAccount(deps.accounts, ref);
  const id = accountId(row.id);
  if (mark !== undefined && !deps.pool.clearMark(id, mark)) {
    throw new CamError('not_found', `${row.name} has no mark ${markKey(mark)}.`, { param: 'mark' });
  }
  if (model !== undefined && !deps.pool.clearModel(id, model)) {
    throw new CamError('not_found', `Nothing was learned of ${model} at ${row.name}.`, { param: 'model' });
  }
  const one = mark !== undefined || model !== undefined;
  if (one || deps.pool.clearMarks(id)) {
    await healthChanged(deps, row.id, {
      ...aboutAccount(actor, row),
      deed: 'account.cleared',
      detail: { mark: mark ? markKey(mark) : null, model: model ?? null },
    });
  }
  return deps.viewOf(row.id);
}
