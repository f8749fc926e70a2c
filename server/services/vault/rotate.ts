/**
 * A new data key. First the next DEK is stored beside the current one, and from then on everything new is sealed
 * and signed with it. Then what there is moves over in batches, each a transaction of its own. Last, in one
 * transaction, what is left moves and the header drops the old DEK. Wherever this is cut off, the header opens
 * with the same master key, both DEKs are there, and the next unlock goes on; doing a part twice does no harm.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutVault } from '../../../lib/audit/deeds.ts';
import type { Secret } from '../../../lib/base/secret.ts';
import type { Db } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { type StepUpDeps, withStepUp } from '../session/try-master-key.ts';
import { GUARDED_TABLES, type MovingVault } from './guarded-tables.ts';
import type { HeaderStore } from './header-store.ts';
import type { OneAtATime } from './one-at-a-time.ts';

export interface FinishRotationDeps {
  readonly db: Db;
  readonly vault: MovingVault & Pick<Vault, 'rotating' | 'endRotation'>;
  readonly headers: HeaderStore;
  /** Gives the rooms that serve calls the rows as they are now. */
  readonly reload: () => Promise<void>;
}

export interface RotateDeps extends FinishRotationDeps, Omit<StepUpDeps, 'vault'> {
  readonly vault: FinishRotationDeps['vault'] & Pick<Vault, 'beginRotation'>;
  readonly alone: OneAtATime;
}

const BATCH_ROWS = 50;

export function rotate(deps: RotateDeps, masterKey: Secret, actor: Actor): Promise<void> {
  return deps.alone(async () => {
    if (deps.vault.rotating()) await finishRotation(deps, actor);
    const change = await withStepUp(deps, 'To make a new data key', aboutVault(actor), () =>
      deps.vault.beginRotation(masterKey),
    );
    await deps.headers.save(change);
    await finishRotation(deps, actor);
  });
}

/** Goes on with a rotation that has begun, to its end. */
export async function finishRotation(deps: FinishRotationDeps, actor: Actor): Promise<void> {
  const { db, vault } = deps;
  for (const { move } of GUARDED_TABLES) {
    let after: string | null = '';
    while (after !== null) {
      const from: string = after;
      after = await db.transaction().execute((transaction) => move(transaction, vault, from, BATCH_ROWS));
      // Calls go on between two batches.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const change = vault.endRotation();
  await deps.headers.save(change, {
    work: (transaction) => moveRest(transaction, vault),
    deed: { ...aboutVault(actor), deed: 'vault.rotated', detail: { dekNumber: change.after.dekNumber } },
  });
  await deps.reload();
}

/** What came in while the batches went by. */
async function moveRest(transaction: Db, vault: MovingVault): Promise<void> {
  for (const { move } of GUARDED_TABLES) {
    let after: string | null = '';
    while (after !== null) after = await move(transaction, vault, after, BATCH_ROWS);
  }
}
