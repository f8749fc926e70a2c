/** What one account did over a time: its busiest minutes, models, failures by cause, and who took over for whom. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import { HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { OpenedRecord, SettledRecord } from '../../../lib/metering/ledger.ts';
import { createLedgerWriter, type LedgerWriter } from '../../../server/db/ledger.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { createReader, type Reader } from '../../../server/db/reader.ts';
import { HOME, NOW_MS, opened, openTestDatabase, settled, silentLog, usage, WORK } from './support.ts';

const FROM_MS = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
const SPAN = { fromMs: FROM_MS, toMs: FROM_MS + 2 * HOUR_MS, stepMs: 10 * MINUTE_MS };
const minute = (at: number) => FROM_MS + at * MINUTE_MS;

let db: Database;
let ledger: LedgerWriter;
let reader: Reader;
let made = 0;

async function call(opening: Partial<OpenedRecord>, ending: Partial<SettledRecord> = {}): Promise<void> {
  const n = made++;
  await ledger.open(opened(n, opening));
  ledger.settle(settled(n, ending));
}

/** Attempts as they are explained: who, and what it failed with. */
const tried = (...attempts: readonly (readonly [account: string, code: string | null, status?: number])[]) =>
  JSON.stringify({
    plan: null,
    attempts: attempts.map(([accountId, code, status]) => ({
      accountId,
      status: status ?? null,
      failure:
        code === null
          ? null
          : { class: status === 429 ? 'rate_limit' : 'overload', code, summary: `It said ${code}.` },
    })),
  });

async function detail(accountId: string = WORK) {
  await ledger.flush();
  return reader.run('accounts.detail', { accountId, ...SPAN });
}

beforeEach(async () => {
  db = await openTestDatabase();
  ledger = createLedgerWriter({ db, log: silentLog });
  reader = createReader(db);
  made = 0;
});
afterEach(async () => {
  await ledger.close();
  await reader.close();
  db.close();
});

describe('The detail of an account', () => {
  it('knows the busiest minute of each step, and that nothing asked is nothing used', async () => {
    await call({ startedAtMs: minute(0) }, { usage: usage({ totalTokens: 100 }) });
    await call({ startedAtMs: minute(0) + 30_000 }, { usage: usage({ totalTokens: 300 }) });
    await call({ startedAtMs: minute(5) }, { usage: usage({ totalTokens: 50 }) });
    await call({ startedAtMs: minute(21) }, { usage: null, cost: null });
    await call({ startedAtMs: minute(-1) });
    await call({ startedAtMs: minute(120) });
    await call({ startedAtMs: minute(1), firstAccountId: HOME }, { accountId: HOME });
    const { steps } = await detail();
    expect(steps).toHaveLength(12);
    expect(steps[0]).toEqual({
      fromMs: minute(0),
      calls: 3,
      peakRequests: 2,
      peakTokens: 400,
      cost: 12_000,
      limited: 0,
    });
    expect(steps[1]).toMatchObject({ calls: 0, peakRequests: 0, peakTokens: 0, cost: 0 });
    expect(steps[2]).toMatchObject({ calls: 1, peakRequests: 1, peakTokens: null, cost: null });
  });

  it('adds its models up to all of them, dearest first, with the times of its answers', async () => {
    for (const [at, firstTokenMs] of [100, 200, 300, 4_000].entries())
      await call({ startedAtMs: minute(at), model: 'gpt-5.5' }, { firstTokenMs });
    await call(
      { startedAtMs: minute(9), model: 'gpt-5.4-nano' },
      { usage: usage({ cachedTokens: null }), cost: nanoDollars(90_000), firstTokenMs: null },
    );
    await call({ startedAtMs: minute(10), model: null }, { usage: null, cost: null, firstTokenMs: null });
    const { models, total } = await detail();
    expect(models.map(({ model, calls }) => [model, calls])).toEqual([
      ['gpt-5.4-nano', 1],
      ['gpt-5.5', 4],
      ['', 1],
    ]);
    const [nano, large, nameless] = models;
    expect(large).toMatchObject({ p50Ms: 250, p95Ms: 3_445, cachedShare: 0.6, inputTokens: 4_000 });
    expect(nano).toMatchObject({ p50Ms: null, cachedShare: null, cost: 90_000 });
    expect(nameless).toMatchObject({ inputTokens: null, outputTokens: null, cost: null });
    expect(total).toMatchObject({ calls: 6, inputTokens: 5_000, cost: 106_000, cachedShare: 0.6 });
  });

  it('has a total of nothing where nothing was asked', async () => {
    const { total, models, causes, movedAway, takenOver, rests } = await detail();
    expect(total).toMatchObject({ calls: 0, inputTokens: 0, cost: 0, p95Ms: null, cachedShare: null });
    expect([models, causes, movedAway, takenOver, rests]).toEqual([[], [], [], [], []]);
  });

  it('counts failures by cause, and what became of their calls', async () => {
    const limited = tried([WORK, 'rate_limit_exceeded', 429], [HOME, null, 200]);
    for (const at of [3, 4, 5])
      await call({ startedAtMs: minute(at) }, { accountId: HOME, attempts: 2, explanation: limited });
    await call(
      { startedAtMs: minute(31) },
      { attempts: 2, explanation: tried([WORK, 'server_error', 503], [WORK, null, 200]) },
    );
    await call(
      { startedAtMs: minute(40) },
      { outcome: 'failed', status: 503, explanation: tried([WORK, 'server_error', 503]) },
    );
    await call(
      { startedAtMs: minute(41) },
      { outcome: 'cancelled', status: null, explanation: tried([WORK, 'server_error', 503]) },
    );
    await call(
      { startedAtMs: minute(42), firstAccountId: HOME },
      { accountId: WORK, attempts: 2, explanation: tried([HOME, 'server_error', 500], [WORK, null, 200]) },
    );
    const { causes, steps, movedAway, takenOver } = await detail();
    expect(causes).toEqual([
      {
        class: 'overload',
        code: 'server_error',
        status: 503,
        summary: 'It said server_error.',
        attempts: 3,
        lastAtMs: minute(41),
        elsewhere: 0,
        here: 1,
        left: 1,
        told: 1,
      },
      expect.objectContaining({
        class: 'rate_limit',
        code: 'rate_limit_exceeded',
        status: 429,
        attempts: 3,
        elsewhere: 3,
        here: 0,
        left: 0,
        told: 0,
      }),
    ]);
    expect(steps[0]?.limited).toBe(3);
    expect(movedAway).toEqual([{ accountId: HOME, calls: 3 }]);
    expect(takenOver).toEqual([{ accountId: HOME, calls: 1 }]);
  });

  it('knows when it rested, also when that began before', async () => {
    const rest = (kind: string, atMs: number, untilMs: number, model: string | null, accountId = WORK) =>
      ledger.event({ kind, atMs, accountId, requestId: null, data: { untilMs, model, code: 'x' } });
    rest('account.cooling_down', minute(-5), minute(5), null);
    rest('account.out_of_quota', minute(30), minute(600), 'gpt-5.5');
    rest('account.cooling_down', minute(-9), minute(-1), null);
    rest('account.cooling_down', minute(3), minute(4), null, HOME);
    rest('account.unwell', minute(7), minute(8), null);
    expect((await detail()).rests).toEqual([
      { fromMs: minute(-5), untilMs: minute(5), model: null },
      { fromMs: minute(30), untilMs: minute(600), model: 'gpt-5.5' },
    ]);
  });
});
