/**
 * Where each conversation lives, so that it finds its account again, also after a restart. A bounded map in
 * front (the sessions in use), the table behind it, written in groups a moment later: losing the last moment
 * costs one prompt cache, never a call.
 */
import { type AccountId, accountId } from '../../lib/base/id.ts';
import { type Clock, DAY_MS, MINUTE_MS } from '../../lib/base/time.ts';
import type { Log } from '../log.ts';
import type { Handle } from './open.ts';
import type { Database } from './open-database.ts';

export interface SessionHome {
  readonly accountId: AccountId;
  readonly organization: string | null;
  /** Its history carries reasoning of more than one organisation. */
  readonly mixed: boolean;
  readonly usedAtMs: number;
}

export type HomeToSet = Pick<SessionHome, 'accountId' | 'organization'> & { readonly mixed?: boolean };

export interface SessionHomes {
  get(hash: string): SessionHome | null;
  set(hash: string, home: HomeToSet): void;
  /** Writes what is not written yet; never throws. Not to be called while a transaction is open. */
  flush(): void;
  close(): void;
}

export interface SessionHomesDeps {
  readonly db: Pick<Database, 'ledger'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Sessions held in memory. */
  readonly max: number;
  readonly log?: Pick<Log, 'warn'>;
}

const WRITE_AFTER_MS = 500;
/** A home used again without having changed is written again only after this long. */
const TOUCH_MS = MINUTE_MS;
const KEPT_MS = 30 * DAY_MS;
const ROWS_MAX = 50_000;
/** Old rows are looked for once in so many flushes. */
const FLUSHES_PER_PRUNING = 200;

export function createSessionHomes({ db, clock, max, log }: SessionHomesDeps): SessionHomes {
  const rows = prepareHomes(db.ledger);
  /** In the order of their last use: the first is the one to forget. */
  const homes = new Map<string, SessionHome>();
  const dirty = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let soon: NodeJS.Immediate | null = null;
  let flushes = 0;

  // Writing and forgetting wait for a turn of their own: only there is no transaction open on the main handle.
  const remember = (hash: string, home: SessionHome): void => {
    homes.delete(hash);
    homes.set(hash, home);
    if (homes.size > max) soon ??= setImmediate(flush);
  };

  const forgetOldest = (): void => {
    for (const hash of homes.keys()) {
      if (homes.size <= max) return;
      if (!dirty.has(hash)) homes.delete(hash);
    }
  };

  function flush(): void {
    if (timer) clearTimeout(timer);
    if (soon) clearImmediate(soon);
    timer = null;
    soon = null;
    try {
      if (dirty.size > 0) rows.write([...dirty].flatMap((hash) => rowOf(hash, homes.get(hash))));
      if (dirty.size > 0 && flushes++ % FLUSHES_PER_PRUNING === 0) {
        rows.prune(clock.nowMs() - KEPT_MS, ROWS_MAX);
      }
    } catch (error) {
      log?.warn({ error: String(error), lost: dirty.size }, 'session homes cannot be written');
    }
    dirty.clear();
    forgetOldest();
  }

  return {
    get(hash) {
      const held = homes.get(hash);
      if (held) return held;
      const stored = rows.read(hash);
      if (stored) remember(hash, stored);
      return stored;
    },
    set(hash, { accountId, organization, mixed = false }) {
      const before = homes.get(hash);
      const usedAtMs = clock.nowMs();
      const same =
        before?.accountId === accountId && before.organization === organization && before.mixed === mixed;
      if (before && same && usedAtMs - before.usedAtMs < TOUCH_MS) return;
      remember(hash, { accountId, organization, mixed, usedAtMs });
      dirty.add(hash);
      timer ??= setTimeout(flush, WRITE_AFTER_MS).unref();
    },
    flush,
    close: flush,
  };
}

interface HomeRow {
  readonly session_hash: string;
  readonly account_id: string;
  readonly organization: string | null;
  readonly used_at_ms: number;
  readonly mixed: number;
}

const READ = 'SELECT * FROM session_homes WHERE session_hash = ?';
const WRITE = `INSERT OR REPLACE INTO session_homes (session_hash, account_id, organization, used_at_ms, mixed)
  VALUES (@session_hash, @account_id, @organization, @used_at_ms, @mixed)`;
const PRUNE_OLD = 'DELETE FROM session_homes WHERE used_at_ms < ?';
const PRUNE_MANY = `DELETE FROM session_homes WHERE used_at_ms < (
  SELECT used_at_ms FROM session_homes ORDER BY used_at_ms DESC LIMIT 1 OFFSET ?
)`;

function prepareHomes(handle: Handle) {
  const read = handle.prepare<[string], HomeRow>(READ);
  const write = handle.prepare<HomeRow>(WRITE);
  const pruneOld = handle.prepare(PRUNE_OLD);
  const pruneMany = handle.prepare(PRUNE_MANY);
  return {
    read(hash: string): SessionHome | null {
      const row = read.get(hash);
      if (!row) return null;
      const { account_id, organization, used_at_ms, mixed } = row;
      return { accountId: accountId(account_id), organization, mixed: mixed === 1, usedAtMs: used_at_ms };
    },
    write: handle.transaction((rows: readonly HomeRow[]) => {
      for (const row of rows) write.run(row);
    }),
    prune: handle.transaction((beforeMs: number, rowsMax: number) => {
      pruneOld.run(beforeMs);
      pruneMany.run(rowsMax);
    }),
  };
}

function rowOf(hash: string, home: SessionHome | undefined): readonly HomeRow[] {
  if (!home) return [];
  const { accountId, organization, usedAtMs, mixed } = home;
  return [
    {
      session_hash: hash,
      account_id: accountId,
      organization,
      used_at_ms: Math.round(usedAtMs),
      mixed: mixed ? 1 : 0,
    },
  ];
}
