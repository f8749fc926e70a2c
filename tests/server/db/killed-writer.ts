/**
 * A process for the durability test: opens and settles rows without pause and says the id of each row on
 * standard output once its opening is committed, until it is killed.
 */
import { writeSync } from 'node:fs';
import { createLedgerWriter } from '../../../server/db/ledger.ts';
import { openDatabase } from '../../../server/db/open-database.ts';
import { opened, settled, silentLog, testClock } from './support.ts';

const [file = '', first = '0'] = process.argv.slice(2);
const db = await openDatabase({ file, version: '0.1.0', clock: testClock() });
const ledger = createLedgerWriter({ db, log: silentLog });

async function call(n: number): Promise<void> {
  await ledger.open(opened(n));
  writeSync(1, `${n}\n`);
  if (n % 2 === 0) ledger.settle(settled(n));
}

for (let n = Number(first); ; n += 8) {
  await Promise.all(Array.from({ length: 8 }, (_, at) => call(n + at)));
}
