/**
 * An operator changed how an account is, not what it is: that is stored before it is answered, so that no restart
 * forgets it, written down, and shown at once.
 */
import type { AuditEntry } from '../../../lib/audit/deeds.ts';
import { accountId } from '../../../lib/base/id.ts';
import type { Clock } from '../../../lib/base/time.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Changes } from '../live/changes.ts';

export interface HealthChangeDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly saveHealth: () => Promise<void>;
}

type HealthDeed = Extract<
  AuditEntry,
  { readonly deed: 'account.paused' | 'account.resumed' | 'account.cleared' }
>;

export async function healthChanged(deps: HealthChangeDeps, id: string, entry: HealthDeed): Promise<void> {
  await deps.saveHealth();
  await deps.audit.record(entry);
  deps.ledger.event({
    atMs: deps.clock.nowMs(),
    kind: entry.deed,
    accountId: accountId(id),
    requestId: null,
    data: entry.detail,
  });
  deps.changes.made();
}
