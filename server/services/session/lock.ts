/**
 * Locking: no new calls, those under way get a while to finish (or none in a panic), then the keys are
 * forgotten and every sign-in ends. It always ends locked, whatever goes wrong on the way.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutVault } from '../../../lib/audit/deeds.ts';
import { SECOND_MS } from '../../../lib/base/time.ts';
import type { LockInput } from '../../../lib/wire/inputs.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { ClientKeyring } from '../../vault/client-keyring.ts';
import type { Sessions } from '../../vault/sessions.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AuditLog } from '../audit/audit-log.ts';

export const DRAIN_MS = 30 * SECOND_MS;

export interface LockDeps {
  readonly vault: Pick<Vault, 'lock'>;
  readonly sessions: Pick<Sessions, 'endAll'>;
  readonly pool: Pick<Pool, 'clear'>;
  readonly keyring: Pick<ClientKeyring, 'clear'>;
  /** Refuses new calls and waits at most this long for those under way, then ends them as broken. */
  readonly drain: (ms: number) => Promise<void>;
  /** Stores what was learned about the accounts' health. */
  readonly saveHealth: () => Promise<void>;
  readonly audit: Pick<AuditLog, 'record'>;
}

export async function lock(deps: LockDeps, input: LockInput, actor: Actor): Promise<void> {
  deps.sessions.endAll();
  // While there is still a key to authenticate the row with. What cannot be noted is locked all the same.
  const deed = input.panic ? 'vault.panicked' : 'vault.locked';
  const unnoted = await deps.audit.record({ ...aboutVault(actor), deed, detail: {} }).then(
    () => null,
    (thrown: unknown) => ({ thrown }),
  );
  try {
    await deps.drain(input.panic ? 0 : DRAIN_MS);
  } finally {
    // At once, without waiting for anything: the gateway lets calls in again when it has drained.
    deps.vault.lock();
    deps.keyring.clear();
    // Once more, for who signed in while streams were draining.
    deps.sessions.endAll();
  }
  try {
    await deps.saveHealth();
  } finally {
    deps.pool.clear();
  }
  if (unnoted) throw unnoted.thrown;
}
