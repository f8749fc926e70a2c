/**
 * Locks the vault when nobody has used it for a while: no call and no operator. Off unless a setting says for how
 * many minutes. Asked every few seconds rather than timed, so that a call costs nothing for it.
 */
import { type Clock, MINUTE_MS } from '../../../lib/base/time.ts';
import type { Settings } from '../../config.ts';
import type { InFlight } from '../../upstream/in-flight.ts';
import type { Sessions } from '../../vault/sessions.ts';
import type { Vault } from '../../vault/vault.ts';

export interface AutoLockDeps {
  readonly vault: Pick<Vault, 'state'>;
  readonly settings: Pick<Settings, 'config'>;
  readonly clock: Clock;
  readonly inFlight: Pick<InFlight, 'size' | 'queued' | 'endedSince'>;
  readonly sessions: Pick<Sessions, 'lastUse'>;
  readonly lock: () => Promise<void>;
}

interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export function createAutoLock(deps: AutoLockDeps): () => Promise<void> {
  const { vault, settings, clock, inFlight, sessions } = deps;
  const now = (): Moment => ({ wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() });
  let usedAt = now();
  let endedMark = 0;
  let operatorMark = sessions.lastUse();
  let locking = false;

  /** What was seen since the last look counts as use now: seconds do not matter here. */
  const inUse = (): boolean => {
    const { mark } = inFlight.endedSince(endedMark);
    const operator = sessions.lastUse();
    const used = mark !== endedMark || operator !== operatorMark || inFlight.size + inFlight.queued > 0;
    endedMark = mark;
    operatorMark = operator;
    return used;
  };

  return async () => {
    const minutes = settings.config.vault.auto_lock_minutes;
    if (locking) return;
    const used = inUse();
    if (vault.state() !== 'unlocked' || minutes === 0 || used) {
      usedAt = now();
      return;
    }
    const { wallMs, monotonicMs } = now();
    // The monotonic clock stands still while a computer sleeps; a wall clock can be turned back.
    if (Math.max(wallMs - usedAt.wallMs, monotonicMs - usedAt.monotonicMs) < minutes * MINUTE_MS) return;
    locking = true;
    try {
      await deps.lock();
    } finally {
      locking = false;
    }
  };
}
