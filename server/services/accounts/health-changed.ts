/**
 * An operator changed how an account is, not what it is: that is stored before it is answered, so that no restart
 * forgets it, written down, and shown at once.
 */
import type { AccountId } from '../../../lib/base/id.ts';
import type { Clock } from '../../../lib/base/time.ts';
import type { LedgerEvent, LedgerWriter } from '../../db/ledger.ts';
import type { Changes } from '../live/changes.ts';

export interface HealthChangeDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly saveHealth: () => Promise<void>;
}

export async function healthChanged(
  deps: HealthChangeDeps,
  accountId: AccountId,
  kind: 'account.paused' | 'account.resumed' | 'account.cleared',
  data: LedgerEvent['data'] = {},
): Promise<void> {
  await deps.saveHealth();
  deps.ledger.event({ atMs: deps.clock.nowMs(), kind, accountId, requestId: null, data });
  deps.changes.made();
}
