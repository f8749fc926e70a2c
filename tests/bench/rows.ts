/**
 * How long the dashboard's questions take with many calls in the ledger: `node tests/bench/rows.ts [small] [large]`. Makes
 * two databases of a year of made-up calls, rolls them up as the server does, and asks both in turn; then writes calls into
 * both. Needs about 500 bytes of disk for each call. Ends with 1 when the large one takes more than three times as long.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanoDollars } from '../../lib/base/money.ts';
import { DAY_MS, HOUR_MS } from '../../lib/base/time.ts';
import { insertAccountRow } from '../../server/db/accounts.ts';
import { insertClientKeyRow } from '../../server/db/client-keys.ts';
import { createLedgerWriter } from '../../server/db/ledger.ts';
import { type Database, openDatabase } from '../../server/db/open-database.ts';
import { createReader, type Reader } from '../../server/db/reader.ts';
import { createUsageHours } from '../../server/db/usage-hours.ts';
import { createRollUpJob } from '../../server/jobs/roll-ups.ts';
import {
  accountRow,
  clientKeyRow,
  NOW_MS,
  opened,
  settled,
  silentLog,
  testClock,
} from '../server/db/support.ts';

const SMALL = Number(process.argv[2] ?? 100_000);
const LARGE = Number(process.argv[3] ?? 10_000_000);
const ROUNDS = 15;
const WRITES = 2_000;
const FACTOR_MAX = 3;
const YEAR_MS = 365 * DAY_MS;
const HOUR = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;
const PRICES = JSON.stringify({ input: 2e9, cached: 2e8, output: 1e10, multiplier: 1, source: 'test' });
const ACCOUNTS = 5;
const CLIENTS = 4;
const MODELS = 4;

interface World {
  readonly rows: number;
  readonly database: Database;
  readonly reader: Reader;
}

const folder = mkdtempSync(join(tmpdir(), 'cam-rows-'));
const worlds: World[] = [];
try {
  for (const rows of [SMALL, LARGE]) worlds.push(await make(rows));
  const [small, large] = worlds;
  if (small === undefined || large === undefined) throw new Error('there are two');
  const questions: readonly (readonly [string, (world: World) => Promise<unknown>])[] = [
    ['overview, 24 hours', ({ reader }) => reader.run('usage.summary', overview(DAY_MS, HOUR_MS))],
    ['overview, 30 days', ({ reader }) => reader.run('usage.summary', overview(30 * DAY_MS, DAY_MS))],
    [
      'month by model',
      ({ reader }) =>
        reader.run('usage.breakdown', { fromMs: HOUR - 17 * DAY_MS, toMs: HOUR + HOUR_MS, by: 'model' }),
    ],
    ['requests, first page', ({ reader }) => reader.run('requests.list', { limit: 50 })],
    [
      'accounts',
      ({ reader }) =>
        reader.run('accounts.activity', {
          nowMs: NOW_MS,
          dayFromMs: HOUR - 11 * HOUR_MS,
          stepMs: 600_000,
          steps: 24,
        }),
    ],
    ['client keys', ({ reader }) => reader.run('clients.activity', { dayFromMs: HOUR - 11 * HOUR_MS })],
  ];
  print(['question', `${SMALL} rows`, `${LARGE} rows`, 'factor']);
  for (const [name, ask] of questions) {
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      times[0].push(await timed(() => ask(small)));
      times[1].push(await timed(() => ask(large)));
    }
    report(name, median(times[0]), median(times[1]));
  }
  const writes: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    writes[0].push((await timed(() => write(small, round))) / WRITES);
    writes[1].push((await timed(() => write(large, round))) / WRITES);
  }
  report('writing a call', median(writes[0]), median(writes[1]));
} finally {
  for (const { reader, database } of worlds) {
    await reader.close();
    database.close();
  }
  rmSync(folder, { recursive: true, force: true });
}

/** As many calls, evenly over a year up to now, of several accounts, client keys and models. */
async function make(rows: number): Promise<World> {
  const file = join(folder, `${rows}.db`);
  const clock = testClock();
  const database = await openDatabase({ file, version: '0.0.0', clock });
  for (let at = 0; at < ACCOUNTS; at++)
    await insertAccountRow(database.db, accountRow(`a${at}`, `Account ${at}`));
  for (let at = 0; at < CLIENTS; at++)
    await insertClientKeyRow(database.db, clientKeyRow(`c${at}`, `Key ${at}`));
  const sinceMs = performance.now();
  const insert = database.ledger.prepare(`
    WITH RECURSIVE n(i) AS (SELECT @from UNION ALL SELECT i + 1 FROM n WHERE i < @to)
    INSERT INTO usage_records (id, started_at_ms, client_key_id, endpoint, model, stream, session_hash, request_bytes,
      first_account_id, reserved_tokens, reserved_cost, ended_at_ms, outcome, status, account_id, attempts, input_tokens,
      cached_tokens, output_tokens, total_tokens, cost, prices, first_token_ms, duration_ms, overhead_us, response_bytes)
    SELECT printf('01a20000-0000-7000-9000-%012x', i), @start + cast(i * @step AS INTEGER), 'c' || (i % ${CLIENTS}),
      'POST /responses', 'gpt-5.' || (i % ${MODELS}), 1, printf('%032x', i / 20), 2000, 'a' || (i % ${ACCOUNTS}), 5000, 7000,
      @start + cast(i * @step AS INTEGER) + 2000, CASE WHEN i % 50 = 0 THEN 'failed' ELSE 'delivered' END,
      CASE WHEN i % 50 = 0 THEN 502 ELSE 200 END, CASE WHEN i % 50 = 0 THEN NULL ELSE 'a' || (i % ${ACCOUNTS}) END, 1,
      1000 + i % 5000, 600, 100, 1100 + i % 5000, 4000 + i % 900, @prices, 200 + i % 3000, 2000, 400, 9000
    FROM n`);
  const explain = database.ledger.prepare(`
    INSERT INTO call_explanations (record, explanation)
    SELECT number, '{"plan":null,"attempts":[{"accountId":"' || first_account_id || '","failure":null}]}'
    FROM usage_records WHERE number > ? AND number <= ?`);
  const step = YEAR_MS / rows;
  const group = 100_000;
  for (let from = 0; from < rows; from += group) {
    const to = Math.min(rows, from + group) - 1;
    insert.run({ from, to, start: NOW_MS - YEAR_MS, step, prices: PRICES });
    explain.run(from, to + 1);
  }
  const madeMs = performance.now();
  const reader = createReader(database);
  const job = createRollUpJob({
    reader,
    hours: createUsageHours(database),
    clock,
    retentionDays: () => 0,
    log: { warn: (_details: unknown, text?: string) => console.error(text) },
  });
  await job.look();
  await job.close();
  const size = statSync(file).size / 1e6;
  console.error(
    `${rows} rows: made in ${((madeMs - sinceMs) / 1_000).toFixed(0)} s, rolled up in ` +
      `${((performance.now() - madeMs) / 1_000).toFixed(0)} s, ${size.toFixed(0)} MB`,
  );
  return { rows, database, reader };
}

function overview(lengthMs: number, stepMs: number) {
  const toMs = HOUR + HOUR_MS;
  const fromMs = toMs - lengthMs;
  return {
    fromMs,
    toMs,
    stepMs,
    dayFromMs: HOUR - 11 * HOUR_MS,
    monthFromMs: HOUR - 17 * DAY_MS,
    endMs: toMs,
  };
}

async function write({ database, rows }: World, round: number): Promise<void> {
  const ledger = createLedgerWriter({ db: database, log: silentLog });
  for (let at = 0; at < WRITES; at++) {
    const n = rows + round * WRITES + at;
    const first = { firstAccountId: 'a0', clientKeyId: 'c0' } as unknown as Parameters<typeof opened>[1];
    await ledger.open(opened(n, { ...first, startedAtMs: NOW_MS + at }));
    ledger.settle(settled(n, { accountId: 'a0' as never, cost: nanoDollars(4_000) }));
  }
  await ledger.close();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const sinceMs = performance.now();
  await work();
  return performance.now() - sinceMs;
}

function report(name: string, smallMs: number, largeMs: number): void {
  const factor = largeMs / smallMs;
  if (factor > FACTOR_MAX) process.exitCode = 1;
  print([
    name,
    `${smallMs.toFixed(2)} ms`,
    `${largeMs.toFixed(2)} ms`,
    `${factor.toFixed(2)}${factor > FACTOR_MAX ? ' MISSED' : ''}`,
  ]);
}

function print(columns: readonly string[]): void {
  console.log(columns.map((text, at) => (at === 0 ? text.padEnd(22) : text.padStart(14))).join('  '));
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
