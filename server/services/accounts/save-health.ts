/** Stores how the accounts are, where it changed, so that breakers and cooldowns survive a restart. */
import type { Clock } from '../../../lib/base/time.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { AccountStore } from './account-store.ts';

export interface SaveHealthDeps {
  readonly pool: Pick<Pool, 'dirtyHealth'>;
  readonly accounts: Pick<AccountStore, 'saveHealth' | 'saveFacts'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export async function saveHealth({ pool, accounts, clock }: SaveHealthDeps): Promise<void> {
  for (const { id, health, facts } of pool.dirtyHealth()) {
    await accounts.saveHealth(id, health, clock.nowMs());
    await accounts.saveFacts(id, facts);
  }
}
