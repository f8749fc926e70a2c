/** Totals by the hour: the same figures from them as from the calls themselves, whatever happens to either. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import { seededRandom } from '../../../lib/base/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { SettledRecord } from '../../../lib/metering/ledger.ts';
import { createLedgerWriter, type LedgerWriter } from '../../../server/db/ledger.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { createReader, type Reader } from '../../../server/db/reader.ts';
import { createUsageHours } from '../../../server/db/usage-hours.ts';
import { createRollUpJob, type RollUpJob } from '../../../server/jobs/roll-ups.ts';
import {
  explained,
  HOME,
  NOW_MS,
  opened,
  openTestDatabase,
  settled,
  silentLog,
  type TestFolder,
  testClock,
  testFolder,
  usage,
  WORK,
} from '../db/support.ts';

const CALLS = 400;
const DAYS = 5;
const NOTHING_KNOWN = { usage: null, cost: null } as const;

let folder: TestFolder;
let db: Database;
let ledger: LedgerWriter;
let reader: Reader;
let job: RollUpJob;
let retentionDays = 0;
let made = 0;
const clock = testClock();

async function call(startedAtMs: number, over: Partial<SettledRecord> | null = {}): Promise<void> {
  const n = made++;
  const model = n % 3 === 0 ? null : `gpt-5.${n % 4}`;
  await ledger.open(opened(n, { startedAtMs, model, firstAccountId: n % 5 === 0 ? HOME : WORK }));
  if (over !== null) ledger.settle(settled(n, over));
}

/** Every kind of call there is, spread over days. */
async function busyDays(): Promise<void> {
  const random = seededRandom(11);
  const pick = (most: number): number => Math.floor(random() * most);
  for (let n = 0; n < CALLS; n++) {
    const kinds: readonly Partial<SettledRecord>[] = [
      { cost: nanoDollars(pick(1e9)), accountId: pick(2) === 0 ? WORK : HOME, firstTokenMs: 1 + pick(9_000) },
      { ...NOTHING_KNOWN },
      { ...NOTHING_KNOWN, outcome: 'cancelled', status: null, accountId: null },
      { ...NOTHING_KNOWN, outcome: 'failed', status: 429, explanation: explained([[WORK, 'quota']], null) },
      { usage: usage({ cachedTokens: null }), estimated: true, servedModel: 'gpt-5.9' },
    ];
    await call(NOW_MS - pick(DAYS * DAY_MS), kinds[pick(kinds.length)]);
  }
}

beforeEach(async () => {
  folder = testFolder();
  db = await openTestDatabase(folder.file);
  ledger = createLedgerWriter({ db, log: silentLog });
  reader = createReader(db);
  made = 0;
  retentionDays = 0;
  clock.set(NOW_MS);
  job = createRollUpJob({
    reader,
    hours: createUsageHours(db),
    clock,
    retentionDays: () => retentionDays,
    log: {
      warn: (_details: unknown, text?: string) => {
        throw new Error(text);
      },
    },
  });
});
afterEach(async () => {
  await job.close();
  await ledger.close();
  await reader.close();
  db.close();
  folder[Symbol.dispose]();
});

const HOUR = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;
const RANGES = [
  { fromMs: HOUR - 23 * HOUR_MS, toMs: HOUR + HOUR_MS, stepMs: HOUR_MS },
  { fromMs: HOUR - 7 * DAY_MS, toMs: HOUR, stepMs: 6 * HOUR_MS },
  // Days that begin at half past, as in India.
  { fromMs: HOUR - 30 * DAY_MS + 30 * MINUTE_MS, toMs: HOUR + 30 * MINUTE_MS, stepMs: DAY_MS },
  { fromMs: HOUR - HOUR_MS, toMs: HOUR, stepMs: MINUTE_MS },
];

const figures = async () => {
  await ledger.flush();
  return Promise.all(
    RANGES.map((range) =>
      reader.run('usage.summary', {
        ...range,
        dayFromMs: HOUR - 11 * HOUR_MS,
        monthFromMs: HOUR - 17 * DAY_MS,
        endMs: HOUR + DAY_MS,
      }),
    ),
  );
};
const rolled = async () => (await reader.run('usage.rolled', undefined))?.untilMs ?? null;
const hoursStored = async () => (await db.db.selectFrom('usage_hours').selectAll().execute()).length;

describe('Totals by the hour', () => {
  it('give the same figures as the calls, for every range and kind of call', async () => {
    await busyDays();
    const before = await figures();
    expect(before[1]?.totals.requests).toBe(CALLS);
    await job.look();
    expect(await rolled()).toBe(HOUR);
    expect(await hoursStored()).toBeGreaterThan(100);
    expect(await figures()).toEqual(before);
    expect(await reader.run('usage.wrong', { sinceMs: 0 })).toEqual([]);
  });

  it('are made of hours that are over, and not before each of their calls has ended', async () => {
    await call(HOUR - 3 * HOUR_MS);
    await call(HOUR - 2 * HOUR_MS, null);
    await call(HOUR + MINUTE_MS);
    await ledger.flush();
    await job.look();
    expect(await rolled()).toBe(HOUR - 2 * HOUR_MS);
    ledger.settle(settled(1));
    await ledger.flush();
    const before = await figures();
    await job.look();
    expect(await rolled()).toBe(HOUR);
    expect(await figures()).toEqual(before);
  });

  it('take in a call that a clock set back has put into an hour that was thought over', async () => {
    await call(HOUR - 5 * HOUR_MS);
    await ledger.flush();
    await job.look();
    await call(HOUR - 4 * HOUR_MS, { cost: nanoDollars(7) });
    await ledger.flush();
    await job.look();
    const [day] = await figures();
    expect(day?.totals).toMatchObject({ requests: 2, cost: 4_007 });
    expect(await rolled()).toBe(HOUR);
  });

  it('stay when the calls are deleted for their age, and no call of a younger hour is', async () => {
    await call(HOUR - 400 * DAY_MS);
    await call(HOUR - 3 * DAY_MS - 20 * MINUTE_MS);
    await busyDays();
    // The newest is never deleted, however old it is.
    await call(NOW_MS);
    await ledger.flush();
    await job.look();
    const before = await figures();
    retentionDays = 3;
    await job.look();
    const kept = await db.db.selectFrom('usage_records').select('started_at_ms').execute();
    const oldest = Math.min(...kept.map(({ started_at_ms: at }) => at));
    const border = Math.floor((NOW_MS - 3 * DAY_MS) / HOUR_MS) * HOUR_MS;
    expect(oldest).toBeGreaterThanOrEqual(border);
    expect(kept.length).toBeLessThan(CALLS);
    const left = await db.db.selectFrom('call_explanations').select('record').execute();
    expect(left).toHaveLength(kept.length);
    const after = await figures();
    for (const at of [0, 1, 3]) expect(after[at]?.totals).toEqual(before[at]?.totals);
    expect(after.map(({ monthCost }) => monthCost)).toEqual(before.map(({ monthCost }) => monthCost));
    expect(await reader.run('usage.wrong', { sinceMs: 0 })).toEqual([]);
  });

  it('never delete what is not added up yet, nor the newest call', async () => {
    await call(HOUR - 30 * DAY_MS, null);
    await call(HOUR - 29 * DAY_MS);
    await ledger.flush();
    retentionDays = 1;
    await job.look();
    expect(await db.db.selectFrom('usage_records').select('id').execute()).toHaveLength(2);
    ledger.settle(settled(0));
    await ledger.flush();
    await job.look();
    expect(await db.db.selectFrom('usage_records').select('number').execute()).toEqual([{ number: 2 }]);
  });

  it('that were changed by somebody are found, and worked out anew', async () => {
    await busyDays();
    for (const hours of [10, 30]) await call(HOUR - hours * HOUR_MS);
    await ledger.flush();
    await job.look();
    const before = await figures();
    db.ledger.exec(
      `UPDATE usage_hours SET cost = coalesce(cost, 0) + 1 WHERE hour_ms = ${HOUR - 10 * HOUR_MS}`,
    );
    db.ledger.exec(`DELETE FROM usage_hours WHERE hour_ms = ${HOUR - 30 * HOUR_MS}`);
    expect(await reader.run('usage.wrong', { sinceMs: 0 })).toEqual([
      HOUR - 30 * HOUR_MS,
      HOUR - 10 * HOUR_MS,
    ]);
    await job.rebuild();
    expect(await reader.run('usage.wrong', { sinceMs: 0 })).toEqual([]);
    expect(await figures()).toEqual(before);
  });
});
