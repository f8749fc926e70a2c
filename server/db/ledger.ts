/**
 * The Ledger as the hot path meets it. Opening is a group commit: all rows opened in one event-loop turn share
 * one transaction, and the promise resolves after it. Settling happens exactly once, a moment later, so that
 * settlements share a transaction with the openings of other calls: an agent's next call often comes in the same
 * instant, and must not stand behind the settlement of its last one.
 */
import type { AccountId, RequestId } from '../../lib/base/id.ts';
import { CamError } from '../../lib/errors.ts';
import type { OpenedRecord, SettledRecord } from '../../lib/metering/ledger.ts';
import type { Log } from '../log.ts';
import { type LedgerStatements, prepareLedger } from './ledger-statements.ts';
import { sqliteCode } from './open.ts';
import type { Database } from './open-database.ts';

export type { LimitBook, LimitHit, Reservation, UseReset } from './limit-book.ts';

export interface LedgerWriter {
  /** Resolves once the row is committed. Rejects with `storage_failed`: then nothing may be dialled. */
  open(record: OpenedRecord): Promise<void>;
  /** Settles the row; never throws. What cannot be written now is kept and tried again. */
  settle(record: SettledRecord): void;
  event(event: LedgerEvent): void;
  /** Settled calls whose rows do not say so yet: a sum over the ledger misses them. */
  unwritten(): readonly SettledRecord[];
  /**
   * Writes rows of another table in the same group commit; resolves once they are committed. Rejects when that
   * is not possible now; the statement is then kept and tried again. `soon`: nobody waits for it, so it ripens
   * like a settlement.
   */
  alongside(statement: () => void, soon?: boolean): Promise<void>;
  /** Resolves when everything handed in so far is committed. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerEvent {
  readonly atMs: number;
  /** e.g. `account.cooling_down`, `account.credential_refused`, `call.moved`, `network.unreachable`. */
  readonly kind: string;
  readonly accountId: AccountId | null;
  readonly requestId: RequestId | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LedgerWriterDeps {
  readonly db: Pick<Database, 'ledger'>;
  readonly log: LedgerLog;
}

type LedgerLog = Pick<Log, 'warn' | 'error'>;

/** Of the calls under way, so that settling one needs no search; what is not in it is looked up by id. */
type Numbers = Map<RequestId, number>;

interface PendingOpen {
  readonly record: OpenedRecord;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface PendingWrite {
  readonly statement: () => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Rows settled in one group at most, so that a backlog does not hold up the event loop. */
const GROUP_MAX = 1_000;
/** While storage fails every try is in vain, so it is a small one. */
const FAILING_GROUP_MAX = 50;
const SETTLES_KEPT = 10_000;
const EVENTS_KEPT = 2_000;
const OTHERS_KEPT = 10_000;
/** Younger settlements do not ride with an opening, so that nobody's opening waits for them. */
const RIPE_AFTER_MS = 2;
/** A kill may cost the settlements of so much longer; their rows are there and are marked interrupted. */
const SETTLE_WITHIN_MS = 10;
const RETRY_MS_FIRST = 100;
const RETRY_MS_MAX = 5_000;
const CLOSE_MS = 5_000;

export function createLedgerWriter({ db: { ledger: handle }, log }: LedgerWriterDeps): LedgerWriter {
  const prepared = prepareLedger(handle);
  const numbers: Numbers = new Map();
  let opens: PendingOpen[] = [];
  let unripe: SettledRecord[] = [];
  let unripeOthers: PendingWrite[] = [];
  let others: PendingWrite[] = [];
  let settles: SettledRecord[] = [];
  let events: LedgerEvent[] = [];
  const idleWaiters: (() => void)[] = [];
  let scheduled: NodeJS.Immediate | null = null;
  let soon: NodeJS.Timeout | null = null;
  let ripening: NodeJS.Timeout | null = null;
  let retry: NodeJS.Timeout | null = null;
  let retryMs = 0;
  let closed = false;

  const schedule = (): void => {
    scheduled ??= setImmediate(writeGroup);
  };

  // Nobody waits for a settlement: it rides with the next opening, or is written a moment later.
  const scheduleSoon = (): void => {
    if (scheduled || soon || retryMs > 0) return;
    soon = setTimeout(schedule, SETTLE_WITHIN_MS);
  };

  const ripen = (): void => {
    if (ripening) clearTimeout(ripening);
    ripening = null;
    for (const record of unripe) settles.push(record);
    for (const write of unripeOthers) others.push(write);
    unripe = [];
    unripeOthers = [];
    scheduleSoon();
  };

  const writeAll = handle.transaction((group: Group) => writeRows(prepared, numbers, group, log));

  const takeGroup = (): Group => {
    const size = retryMs > 0 ? FAILING_GROUP_MAX : GROUP_MAX;
    const group = { opens, others, settles: settles.splice(0, size), events: events.splice(0, size) };
    opens = [];
    others = [];
    return group;
  };

  function writeGroup(): void {
    scheduled = null;
    if (soon) clearTimeout(soon);
    soon = null;
    const group = takeGroup();
    try {
      const written = isEmpty(group) ? [] : writeAll.immediate(group);
      retryMs = 0;
      for (const one of written) one.resolve();
    } catch (error) {
      keepForLater(group, error);
    }
    if (opens.length + others.length + settles.length + events.length > 0) {
      if (retryMs === 0) schedule();
    } else {
      for (const done of idleWaiters.splice(0)) done();
    }
  }

  function keepForLater(group: Group, error: unknown): void {
    for (const open of group.opens) {
      numbers.delete(open.record.id);
      open.reject(storageFailed(error));
    }
    for (const write of group.others) write.reject(storageFailed(error));
    others = [...group.others, ...others].slice(-OTHERS_KEPT);
    settles = [...group.settles, ...settles];
    events = [...group.events, ...events];
    const lost = settles.splice(0, Math.max(0, settles.length - SETTLES_KEPT)).length;
    events.splice(0, Math.max(0, events.length - EVENTS_KEPT));
    if (retry) return;
    retryMs = Math.min(Math.max(retryMs * 2, RETRY_MS_FIRST), RETRY_MS_MAX);
    log.error(
      { error: String(error), waiting: settles.length, lost, retryMs },
      'the ledger cannot be written',
    );
    retry = setTimeout(() => {
      retry = null;
      schedule();
    }, retryMs);
    retry.unref();
  }

  const flush = (): Promise<void> =>
    new Promise((resolve) => {
      idleWaiters.push(resolve);
      ripen();
      schedule();
    });

  return {
    open(record) {
      if (closed) return Promise.reject(storageFailed(new Error('the ledger is closed')));
      return new Promise((resolve, reject) => {
        opens.push({ record, resolve, reject });
        schedule();
      });
    },
    settle(record) {
      if (closed) return log.error({ requestId: record.id }, 'settled after the ledger was closed');
      unripe.push(record);
      ripening ??= setTimeout(ripen, RIPE_AFTER_MS);
    },
    event(event) {
      if (closed) return;
      events.push(event);
      scheduleSoon();
    },
    unwritten: () => [...unripe, ...settles],
    alongside(statement, soon = false) {
      if (closed) return Promise.reject(storageFailed(new Error('the ledger is closed')));
      return new Promise((resolve, reject) => {
        const write = { statement, resolve, reject };
        if (soon) {
          unripeOthers.push(write);
          ripening ??= setTimeout(ripen, RIPE_AFTER_MS);
        } else {
          others.push(write);
          schedule();
        }
      });
    },
    flush,
    async close() {
      closed = true;
      const deadline = new Promise<void>((resolve) => {
        setTimeout(resolve, CLOSE_MS).unref();
      });
      await Promise.race([flush(), deadline]);
      if (retry) clearTimeout(retry);
      if (scheduled) clearImmediate(scheduled);
      if (soon) clearTimeout(soon);
      if (settles.length > 0)
        log.error({ lost: settles.length }, 'settlements could not be written before the end');
    },
  };
}

interface Group {
  readonly opens: readonly PendingOpen[];
  readonly others: readonly PendingWrite[];
  readonly settles: readonly SettledRecord[];
  readonly events: readonly LedgerEvent[];
}

function isEmpty({ opens, others, settles, events }: Group): boolean {
  return opens.length + others.length + settles.length + events.length === 0;
}

/** Inside the transaction. Answers what was written and is waited for: it resolves once it is committed. */
function writeRows(rows: LedgerStatements, numbers: Numbers, group: Group, log: LedgerLog) {
  const written: Pick<PendingWrite, 'resolve'>[] = [];
  for (const open of group.opens) {
    const refusal = refusalOf(() => {
      numbers.set(open.record.id, rows.open(open.record));
    });
    if (refusal) open.reject(storageFailed(refusal));
    else written.push(open);
  }
  for (const write of group.others) {
    const refusal = refusalOf(write.statement);
    if (refusal) write.reject(storageFailed(refusal));
    else written.push(write);
  }
  for (const record of group.settles) {
    const requestId = record.id;
    const number = numbers.get(requestId) ?? rows.numberOf(requestId);
    numbers.delete(requestId);
    if (number === null) {
      log.warn({ requestId }, 'no open ledger row to settle');
      continue;
    }
    const refusal = refusalOf(() => rows.settle(number, record));
    if (refusal) log.error({ requestId, error: refusal.message }, 'the ledger refused a settlement');
  }
  for (const event of group.events) {
    const refusal = refusalOf(() => rows.event(event));
    if (refusal) log.error({ kind: event.kind, error: refusal.message }, 'the ledger refused an event');
  }
  return written;
}

/**
 * A row that cannot be written whatever the disk does (a constraint, a trigger, a value of the wrong kind) is
 * given up alone, or it would hold up all others for ever. Anything else fails the whole group.
 */
const REFUSALS = ['SQLITE_CONSTRAINT', 'SQLITE_TOOBIG', 'SQLITE_MISMATCH', 'SQLITE_RANGE'];

function refusalOf(statement: () => void): Error | null {
  try {
    statement();
    return null;
  } catch (error) {
    const code = sqliteCode(error);
    const aboutTheRow = code === null || REFUSALS.some((refusal) => code.startsWith(refusal));
    if (aboutTheRow && error instanceof Error) return error;
    throw error;
  }
}

function storageFailed(cause: unknown): CamError {
  return new CamError('storage_failed', 'The call could not be recorded, so it was not sent.', {
    cause,
    hint: 'Check that the disk of the data folder has room and is writable.',
  });
}
