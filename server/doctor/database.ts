/** What the database's own check says, how its writing connection is set, and whether its rows believe our clock. */
import { MINUTE_MS } from '../../lib/base/time.ts';
import { type Finding, ok } from '../../lib/doctor/finding.ts';
import type { DatabaseFacts, PragmaFacts } from '../db/examine.ts';

const FUTURE_MS = 5 * MINUTE_MS;
/** `memory` is that of a database in memory, which dies with its process anyway. */
const JOURNAL_MODES = ['wal', 'memory'];

export function checkDatabase(facts: DatabaseFacts): Finding[] {
  const restore = 'cam restore --help';
  const found: Finding[] = [];
  const [damage] = facts.damage;
  if (damage !== undefined) {
    found.push({
      check: 'database',
      severity: 'bad',
      what: `The database is damaged: ${damage}`,
      why: 'What is damaged cannot be read, and writing more can make it worse.',
      mend: restore,
    });
  }
  if (facts.orphans > 0) {
    found.push({
      check: 'database',
      severity: 'bad',
      what: `${facts.orphans} ${facts.orphans === 1 ? 'row belongs' : 'rows belong'} to what is not there.`,
      why: 'Something other than this program changed the database.',
      mend: restore,
    });
  }
  if (!JOURNAL_MODES.includes(facts.journalMode)) {
    found.push({
      check: 'database',
      severity: 'warn',
      what: `The database is in journal mode ${facts.journalMode}, not wal.`,
      why: 'A kill at the wrong moment can then cost rows of the ledger.',
      mend: 'cam status',
    });
  }
  return found.length > 0 ? found : [ok('database', 'The database is whole.')];
}

export function checkPragmas(facts: PragmaFacts): Finding[] {
  const wrong = [
    ...(facts.foreignKeys ? [] : ['foreign_keys']),
    ...(facts.trustedSchema ? ['trusted_schema'] : []),
    ...(facts.secureDelete ? [] : ['secure_delete']),
    ...(facts.cellSizeCheck ? [] : ['cell_size_check']),
    ...(facts.synchronous >= 1 ? [] : ['synchronous']),
  ];
  if (wrong.length === 0) return [ok('pragmas', 'The database is opened with every protection.')];
  return [
    {
      check: 'pragmas',
      severity: 'bad',
      what: `The database is opened without ${wrong.join(', ')}.`,
      why: 'This build of SQLite does not do as it is told.',
      mend: 'npm start',
    },
  ];
}

/** @param wrong the hours whose totals are not what their calls come to */
export function checkTotals(wrong: readonly number[]): Finding[] {
  const [first] = wrong;
  if (first === undefined) return [ok('totals', 'Hourly totals are what their calls come to.')];
  return [
    {
      check: 'totals',
      severity: 'warn',
      what: `The totals of ${wrong.length} ${wrong.length === 1 ? 'hour' : 'hours'} from ${new Date(first).toISOString()} on are not what their calls come to.`,
      why: 'Spending and usage of longer times are shown wrong.',
      mend: 'cam usage --rebuild',
    },
  ];
}

export function checkClock(
  nowMs: number,
  newest: Pick<DatabaseFacts, 'newestAtMs' | 'newestIn'>,
  knownPastMs: number,
): Finding[] {
  const mend = 'timedatectl set-ntp true';
  if (nowMs < knownPastMs) {
    return [
      {
        check: 'clock',
        severity: 'bad',
        what: `The clock says ${dayOf(nowMs)}, which is before this program's price list was made.`,
        why: 'Limits of a day and a month, expiry and cooldowns are all counted wrong.',
        mend,
      },
    ];
  }
  const { newestAtMs, newestIn } = newest;
  if (newestAtMs === null || newestAtMs <= nowMs + FUTURE_MS)
    return [ok('clock', 'No row is from the future.')];
  return [
    {
      check: 'clock',
      severity: 'warn',
      what: `The newest row of ${newestIn} is from ${new Date(newestAtMs).toISOString()}, which is yet to come.`,
      why: 'The clock was, or is, wrong: what was used then may count in the wrong day or month.',
      mend,
    },
  ];
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
