/**
 * The audit log's only pen. A deed that changes the database and its row are one transaction; while the vault is
 * locked there is no key to authenticate a row with, so it waits apart and joins the chain at the next unlock.
 *
 * The chain goes on from its sealed head, not from whatever row is last: what was taken out leaves a gap for good.
 * Where the head itself is not as it was left, the log says so in a row of its own before anything else.
 */
import { SERVER } from '../../../lib/audit/actor.ts';
import { type AuditEntry, aboutVault, type HeadTrouble } from '../../../lib/audit/deeds.ts';
import type { Clock } from '../../../lib/base/time.ts';
import {
  type AuditHeadRow,
  type AuditRow,
  type AuditWaitingRow,
  insertAuditRow,
  insertWaiting,
  inTransaction,
  lastAuditRow,
  readAuditHead,
  takeWaiting,
} from '../../db/audit.ts';
import type { Db } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { auditRowMac, type ChainEnd, headOf, isHeadSound, NOTHING_YET } from './audit-chain.ts';

export interface AuditLog {
  /** Notes what has no transaction of its own. */
  record(entry: AuditEntry): Promise<void>;
  /**
   * The deed and its row together, or neither. `work` gets the transaction, uses nothing else of the database and
   * awaits nothing else: whatever waits for another query would wait for ever.
   */
  during<T>(entry: AuditEntry, work: (transaction: Db) => T | Promise<T>): Promise<T>;
  /** What was noted while locked joins the chain; called when the vault has just been unlocked. */
  admitWaiting(): Promise<void>;
  /** The last row that this process wrote; null before it wrote any. */
  written(): ChainEnd | null;
}

export interface AuditLogDeps {
  readonly db: Db;
  readonly vault: Pick<Vault, 'state' | 'auditMac'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export const WAITING_MAX = 500;

/** A row but for its place in the chain. */
type Note = Omit<AuditRow, 'number' | 'mac'>;

export function createAuditLog({ db, vault, clock }: AuditLogDeps): AuditLog {
  let written: ChainEnd | null = null;

  const noteOf = (entry: AuditEntry): Note => ({
    at_ms: Math.round(clock.nowMs()),
    actor: JSON.stringify(entry.actor),
    deed: entry.deed,
    object_kind: entry.objectKind,
    object_id: entry.objectId,
    object_name: entry.objectName,
    detail: JSON.stringify(entry.detail),
    while_locked: 0,
    times: 1,
  });

  const append = async (transaction: Db, notes: readonly Note[]): Promise<ChainEnd> => {
    const { end, trouble } = await chainEnd(transaction, vault, written);
    let last = end;
    for (const note of trouble === null ? notes : [noteOf(headLost(trouble)), ...notes]) {
      const draft = { ...note, number: last.number + 1 };
      const row = { ...draft, mac: auditRowMac(vault, draft, last.mac) };
      await insertAuditRow(transaction, row, headOf(vault, row));
      last = row;
    }
    return last;
  };

  /** @returns the new end of the chain; null where the row waits */
  const put = async (transaction: Db, note: Note): Promise<ChainEnd | null> => {
    if (vault.state() === 'unlocked') return append(transaction, [note]);
    const { while_locked: _, times: __, ...waiting } = note;
    await insertWaiting(transaction, waiting, WAITING_MAX);
    return null;
  };

  const during: AuditLog['during'] = async (entry, work) => {
    const done = await inTransaction(db, async (transaction) => {
      // The row first: what is no part of the transaction, such as a file, is then not changed without it.
      const end = await put(transaction, noteOf(entry));
      return { result: await work(transaction), end };
    });
    // Only what was committed is what this process remembers of the chain.
    written = done.end ?? written;
    return done.result;
  };

  return {
    during,
    record: (entry) => during(entry, () => undefined),
    async admitWaiting() {
      const end = await inTransaction(db, async (transaction) => {
        const rows = await takeWaiting(transaction, WAITING_MAX);
        return rows.length === 0 ? null : append(transaction, rows.map(admitted));
      });
      written = end ?? written;
    },
    written: () => written,
  };
}

async function chainEnd(
  transaction: Db,
  vault: AuditLogDeps['vault'],
  written: ChainEnd | null,
): Promise<{ readonly end: ChainEnd; readonly trouble: HeadTrouble | null }> {
  const head = await readAuditHead(transaction);
  const last: ChainEnd = (await lastAuditRow(transaction)) ?? NOTHING_YET;
  const trouble = headTrouble(vault, head, last, written);
  if (trouble === null) return { end: head ?? NOTHING_YET, trouble };
  // After the farthest that is known of, so that no number is used twice.
  const sound = head !== null && isHeadSound(vault, head) ? head : NOTHING_YET;
  const end = [sound, written ?? NOTHING_YET].reduce(
    (farthest, one) => (one.number > farthest.number ? one : farthest),
    last,
  );
  return { end, trouble };
}

export function headTrouble(
  vault: AuditLogDeps['vault'],
  head: AuditHeadRow | null,
  last: ChainEnd,
  written: ChainEnd | null,
): HeadTrouble | null {
  if (head === null) return last.number === 0 && written === null ? null : 'missing';
  if (!isHeadSound(vault, head)) return 'changed';
  if (written !== null && head.number < written.number) return 'rolled_back';
  return last.number > head.number ? 'rows_added' : null;
}

const headLost = (reason: HeadTrouble): AuditEntry => ({
  ...aboutVault(SERVER),
  deed: 'audit.head_lost',
  detail: { reason },
});

const admitted = ({ id: _, ...row }: AuditWaitingRow): Note => ({ ...row, while_locked: 1 });
