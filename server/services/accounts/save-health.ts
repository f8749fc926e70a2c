/** Stores how the accounts are, where it changed, so that breakers, cooldowns and pauses survive a restart. */
import type { Clock } from '../../../lib/base/time.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { AccountStore } from './account-store.ts';

export interface SaveHealthDeps {
  readonly pool: Pick<Pool, 'dirtyHealth'>;
  readonly accounts: Pick<AccountStore, 'saveHealth' | 'saveFacts'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** One saving after another: of two at once the older picture could be written last. */
export function createHealthSaver(deps: SaveHealthDeps): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    const next = last.then(
      () => save(deps),
      () => save(deps),
    );
    last = next;
    return next;
  };
}

async function save({ pool, accounts, clock }: SaveHealthDeps): Promise<void> {
  for (const { id, health, facts } of pool.dirtyHealth()) {
    await accounts.saveHealth(id, health, clock.nowMs());
    await accounts.saveFacts(id, facts);
  }
}
