/**
 * Who keeps which stored object: the account that made it, with its organisation and project. A bounded map in
 * front, the table behind it. What a client is about to be told of is committed first, in the ledger's group
 * commit, so that a killed process forgets no object whose id it has given away.
 *
 * Seals (encrypted reasoning and compactions, known by their hash) are kept likewise; nobody waits for those.
 */
import type { AccountId } from '../../lib/base/id.ts';
import { type Clock, DAY_MS } from '../../lib/base/time.ts';
import type { ObjectKind } from '../../lib/calls/object-kinds.ts';
import type { Owner } from '../../lib/routing/plan-input.ts';
import type { Log } from '../log.ts';
import type { LedgerWriter } from './ledger.ts';
import type { Database } from './open-database.ts';
import { type OwnedKind, type OwnerRow, prepareOwners } from './owner-statements.ts';

export type { OwnedKind } from './owner-statements.ts';

export interface ObjectOwners {
  /** Looking counts as use. */
  get(hash: string): Owner | null;
  /** Looking that does not count: nothing is kept and nothing is written. */
  peek(hash: string): Owner | null;
  /** Resolves once the row is committed, or once it is known that it cannot be now; never rejects. */
  own(hash: string, kind: ObjectKind, owner: Owner): Promise<void>;
  /** The same for what nobody waits for. */
  note(hash: string, kind: OwnedKind, owner: Owner): void;
  disown(hash: string): void;
  /** The name of an account, also of one that was deleted. */
  nameOf(account: AccountId): string | null;
}

export interface ObjectOwnersDeps {
  readonly db: Pick<Database, 'ledger'>;
  readonly ledger: Pick<LedgerWriter, 'alongside'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Pick<Log, 'error'>;
  /** Objects held in memory. */
  readonly max: number;
}

/** An object that is used again is written again only after this long. */
const TOUCH_MS = DAY_MS;
/** Fewer than pruning may take away, so that the table shrinks back into its bounds. */
const WRITES_PER_PRUNING = 50;

export function createObjectOwners({ db, ledger, clock, log, max }: ObjectOwnersDeps): ObjectOwners {
  const rows = prepareOwners(db.ledger);
  /** In the order of their last use: the first is the one to forget. */
  const held = new Map<string, OwnerRow>();
  let writes = 0;

  const hold = (hash: string, row: OwnerRow): void => {
    held.delete(hash);
    held.set(hash, row);
    if (held.size <= max) return;
    const oldest = held.keys().next();
    if (!oldest.done) held.delete(oldest.value);
  };

  const save = async (hash: string, row: OwnerRow, soon: boolean): Promise<void> => {
    const write = (): void => {
      rows.write(hash, row);
      if (++writes % WRITES_PER_PRUNING === 0) rows.prune(clock.nowMs());
    };
    try {
      await ledger.alongside(write, soon);
    } catch (error) {
      // The object exists at the provider and may have been paid for, so its id is not held back: in memory its
      // owner is known, and the ledger tries again.
      log.error({ error: String(error), kind: row.kind }, 'the owner of an object cannot be written now');
    }
  };

  const keep = (hash: string, kind: OwnedKind, owner: Owner, soon: boolean): Promise<void> | null => {
    if (isSame(held.get(hash), owner)) return null;
    const nowMs = Math.round(clock.nowMs());
    const { accountId, organization, project } = owner;
    const row: OwnerRow = { kind, accountId, organization, project, madeAtMs: nowMs, usedAtMs: nowMs };
    hold(hash, row);
    return save(hash, row, soon);
  };

  return {
    get(hash) {
      const found = held.get(hash) ?? rows.read(hash);
      if (found === null) return null;
      const nowMs = Math.round(clock.nowMs());
      const touched = nowMs - found.usedAtMs >= TOUCH_MS;
      const row = touched ? { ...found, usedAtMs: nowMs } : found;
      hold(hash, row);
      if (touched) void save(hash, row, true);
      return row;
    },
    peek: (hash) => held.get(hash) ?? rows.read(hash),
    own: (hash, kind, owner) => keep(hash, kind, owner, false) ?? Promise.resolve(),
    note(hash, kind, owner) {
      void keep(hash, kind, owner, true);
    },
    disown(hash) {
      held.delete(hash);
      try {
        // At once and by itself: until the row is gone, a look would find it again.
        rows.remove(hash);
      } catch (error) {
        log.error({ error: String(error) }, 'the owner of a deleted object cannot be removed');
      }
    },
    nameOf: (account) => rows.nameOf(account),
  };
}

function isSame(known: OwnerRow | undefined, { accountId, organization, project }: Owner): boolean {
  if (known === undefined) return false;
  return known.accountId === accountId && known.organization === organization && known.project === project;
}
