/**
 * The table of object owners as prepared statements, and how long and how many of each kind are kept. Pruning takes
 * a few rows at a time and knows the counts without counting: it runs between calls, which wait for it.
 */
import { type AccountId, accountId } from '../../lib/base/id.ts';
import { DAY_MS } from '../../lib/base/time.ts';
import type { ObjectKind } from '../../lib/calls/object-kinds.ts';
import type { Owner } from '../../lib/routing/plan-input.ts';
import type { Handle } from './open.ts';

/** Sealed text is no object of the provider's, but it has an owner too. */
export type OwnedKind = ObjectKind | 'seal';

export interface OwnerRow extends Owner {
  readonly kind: OwnedKind;
  readonly madeAtMs: number;
  usedAtMs: number;
}

/** Since the last use. Providers keep responses for 30 days; the others until they are deleted. */
const KEPT: readonly (readonly [OwnedKind, { readonly ms: number; readonly rowsMax: number }])[] = [
  ['response', { ms: 60 * DAY_MS, rowsMax: 200_000 }],
  ['conversation', { ms: 400 * DAY_MS, rowsMax: 50_000 }],
  ['file', { ms: 400 * DAY_MS, rowsMax: 50_000 }],
  ['seal', { ms: 30 * DAY_MS, rowsMax: 50_000 }],
];

interface StoredRow {
  readonly kind: OwnedKind;
  readonly account_id: string;
  readonly organization: string | null;
  readonly project: string | null;
  readonly made_at_ms: number;
  readonly used_at_ms: number;
}

const PRUNED_AT_ONCE = 100;

const READ = `SELECT kind, account_id, organization, project, made_at_ms, used_at_ms
  FROM object_owners WHERE object_hash = ?`;
const WRITE = 'INSERT OR REPLACE INTO object_owners VALUES (?, ?, ?, ?, ?, ?, ?)';
const REMOVE = 'DELETE FROM object_owners WHERE object_hash = ?';
const PRUNE = `DELETE FROM object_owners WHERE object_hash IN (
  SELECT object_hash FROM object_owners WHERE kind = ? AND used_at_ms < ? ORDER BY used_at_ms LIMIT ?
)`;
const COUNT = 'SELECT kind, count(*) AS count FROM object_owners GROUP BY kind';
const NAME = 'SELECT name FROM accounts WHERE id = ?';

export interface OwnerStatements {
  read(hash: string): OwnerRow | null;
  write(hash: string, row: OwnerRow): void;
  remove(hash: string): void;
  /** Of each kind at most `PRUNED_AT_ONCE` rows. */
  prune(nowMs: number): void;
  nameOf(account: AccountId): string | null;
}

export function prepareOwners(handle: Handle): OwnerStatements {
  const read = handle.prepare<[string], StoredRow>(READ);
  const write = handle.prepare(WRITE);
  const remove = handle.prepare(REMOVE);
  const prune = handle.prepare(PRUNE);
  const name = handle.prepare<[string], string>(NAME).pluck();
  const counts = new Map<OwnedKind, number>();
  for (const { kind, count } of handle.prepare<[], { kind: OwnedKind; count: number }>(COUNT).all())
    counts.set(kind, count);

  const add = (kind: OwnedKind, change: number): void => {
    counts.set(kind, (counts.get(kind) ?? 0) + change);
  };

  return {
    read(hash) {
      const row = read.get(hash);
      return row ? rowOf(row) : null;
    },
    write(hash, { kind, accountId: account, organization, project, madeAtMs, usedAtMs }) {
      if (read.get(hash) === undefined) add(kind, 1);
      write.run(hash, kind, account, organization, project, madeAtMs, usedAtMs);
    },
    remove(hash) {
      const row = read.get(hash);
      if (row === undefined) return;
      remove.run(hash);
      add(row.kind, -1);
    },
    prune(nowMs) {
      for (const [kind, { ms, rowsMax }] of KEPT) {
        const over = Math.min((counts.get(kind) ?? 0) - rowsMax, PRUNED_AT_ONCE);
        const old = prune.run(kind, Math.round(nowMs - ms), PRUNED_AT_ONCE).changes;
        const many = over > old ? prune.run(kind, Number.MAX_SAFE_INTEGER, over - old).changes : 0;
        add(kind, -old - many);
      }
    },
    nameOf: (account) => name.get(account) ?? null,
  };
}

function rowOf(row: StoredRow): OwnerRow {
  return {
    kind: row.kind,
    accountId: accountId(row.account_id),
    organization: row.organization,
    project: row.project,
    madeAtMs: row.made_at_ms,
    usedAtMs: row.used_at_ms,
  };
}
