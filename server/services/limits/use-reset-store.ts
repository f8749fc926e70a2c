/**
 * From when on the use of a window counts: the resets as stored, each under the row MAC. One that does not verify
 * is left out, which counts more and never less.
 */
import type { AuditEntry } from '../../../lib/audit/deeds.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { DAY_MS } from '../../../lib/base/time.ts';
import { CLIENT_WINDOWS, type ClientWindow } from '../../../lib/metering/client-limits.ts';
import type { LimitBook, UseReset } from '../../db/ledger.ts';
import type { Db, UseResetRow } from '../../db/schema.ts';
import { listUseResets, replaceUseResets } from '../../db/use-resets.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AuditLog } from '../audit/audit-log.ts';

export interface UseResetStore {
  /** Tells the limit book what is stored; after unlocking, and after every reset. */
  apply(): Promise<void>;
  /** Counts these windows of an account or a client key from now on, and notes it in the audit log. */
  reset(holderId: string, windows: readonly ClientWindow[], entry: AuditEntry): Promise<void>;
}

export interface UseResetStoreDeps {
  readonly db: Db;
  readonly vault: Pick<Vault, 'rowMac' | 'rowMacMatches'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly limitBook: Pick<LimitBook, 'setResets'>;
  readonly audit: Pick<AuditLog, 'during'>;
}

/** Longer than any window. */
const KEPT_MS = 40 * DAY_MS;

export function createUseResetStore(deps: UseResetStoreDeps): UseResetStore {
  const { db, vault, clock, limitBook, audit } = deps;
  const apply = async (): Promise<void> => {
    const rows = (await listUseResets(db)).filter((row) =>
      vault.rowMacMatches('use_resets', resetRowId(row), resetMacFields(row), row.mac),
    );
    limitBook.setResets(rows.flatMap(resetOf));
  };
  return {
    apply,
    async reset(holderId, windows, entry) {
      const nowMs = Math.round(clock.nowMs());
      const rows = windows.map((window) => {
        const draft = { holder_id: holderId, limit_window: window, counted_since_ms: nowMs };
        return { ...draft, mac: vault.rowMac('use_resets', resetRowId(draft), resetMacFields(draft)) };
      });
      await audit.during(entry, (transaction) => replaceUseResets(transaction, rows, nowMs - KEPT_MS));
      await apply();
    },
  };
}

type Draft = Omit<UseResetRow, 'mac'>;

export const resetRowId = ({ holder_id, limit_window }: Omit<Draft, 'counted_since_ms'>): string =>
  `${holder_id} ${limit_window}`;

export const resetMacFields = ({ holder_id, limit_window, counted_since_ms }: Draft) => ({
  holder_id,
  limit_window,
  counted_since_ms,
});

function resetOf(row: UseResetRow): UseReset[] {
  const window = CLIENT_WINDOWS.find((each) => each === row.limit_window);
  return window ? [{ holderId: row.holder_id, window, countedSinceMs: row.counted_since_ms }] : [];
}
