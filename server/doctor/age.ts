/** What grows old: the prices that limits in money are counted with, and the copies of the database. */
import { DAY_MS } from '../../lib/base/time.ts';
import { type Finding, ok } from '../../lib/doctor/finding.ts';
import { listBackupFiles } from '../backup-files.ts';
import { shellQuote } from '../shell-quote.ts';

const PRICES_OLD_MS = 60 * DAY_MS;
const BACKUP_OLD_MS = 14 * DAY_MS;

export function checkPrices(pricesAtMs: number, nowMs: number): Finding[] {
  const days = Math.floor((nowMs - pricesAtMs) / DAY_MS);
  const day = new Date(pricesAtMs).toISOString().slice(0, 10);
  if (nowMs - pricesAtMs < PRICES_OLD_MS) return [ok('prices', `The price list is of ${day}.`)];
  return [
    {
      check: 'prices',
      severity: 'warn',
      what: `The price list is of ${day}, ${days} days ago.`,
      why: 'Money limits count with what calls cost then, and new models have no price.',
      mend: 'git pull && npm start',
    },
  ];
}

export function checkBackups(folder: string, nowMs: number): Finding[] {
  const newestMs = newestCopy(folder);
  const mend = 'cam backup';
  if (newestMs === null) {
    return [
      {
        check: 'backups',
        severity: 'warn',
        what: 'There is no copy of the database.',
        why: 'Account keys cannot be had again from a provider, and a disk can fail.',
        mend,
      },
    ];
  }
  const days = Math.floor((nowMs - newestMs) / DAY_MS);
  if (nowMs - newestMs < BACKUP_OLD_MS) {
    return [
      ok('backups', `The newest copy of the database is ${days === 0 ? 'of today' : `${days} days old`}.`),
    ];
  }
  return [
    {
      check: 'backups',
      severity: 'warn',
      what: `The newest copy of the database in ${shellQuote(folder)} is ${days} days old.`,
      why: 'What was added or changed since is in no copy.',
      mend,
    },
  ];
}

/** A folder that cannot be read is named by the check of permissions; what is in it is as good as none. */
function newestCopy(folder: string): number | null {
  try {
    return listBackupFiles(folder)[0]?.atMs ?? null;
  } catch {
    return null;
  }
}
