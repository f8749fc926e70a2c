/**
 * A process for the durability test: opens and settles rows and claims objects without pause, and says the number
 * of each on standard output once its row and its owner are committed, until it is killed.
 */
import { writeSync } from 'node:fs';
import { createLedgerWriter } from '../../../server/db/ledger.ts';
import { createObjectOwners } from '../../../server/db/object-owners.ts';
import { openDatabase } from '../../../server/db/open-database.ts';
import { opened, settled, silentLog, testClock, WORK } from './support.ts';

const [file = '', first = '0'] = process.argv.slice(2);
const db = await openDatabase({ file, version: '0.1.0', clock: testClock() });
const clock = testClock();
const ledger = createLedgerWriter({ db, log: silentLog });
const owners = createObjectOwners({ db, ledger, clock, log: silentLog, max: 100 });

async function call(n: number): Promise<void> {
  await ledger.open(opened(n));
  await owners.own(`object ${n}`, 'response', { accountId: WORK, organization: null, project: null });
  writeSync(1, `${n}\n`);
  if (n % 2 === 0) ledger.settle(settled(n));
}

for (let n = Number(first); ; n += 8) {
  await Promise.all(Array.from({ length: 8 }, (_, at) => call(n + at)));
}
