import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientKeyId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import { HOUR_MS } from '../../../lib/base/time.ts';
import { UNKNOWN_USAGE } from '../../../lib/metering/usage-shapes.ts';
import { createLastInput } from '../../../server/db/last-input.ts';
import { createLedgerWriter } from '../../../server/db/ledger.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { settleOrphans } from '../../../server/db/orphans.ts';
import { createReader, type Reader } from '../../../server/db/reader.ts';
import {
  CODEX,
  HOME,
  NOW_MS,
  nthRequest,
  opened,
  openTestDatabase,
  settled,
  silentLog,
  usage,
} from './support.ts';

const COUNTED = { ...UNKNOWN_USAGE, inputTokens: 50, outputTokens: 7, totalTokens: 57 };

describe('Figures that are not a provider’s, or not to be believed', () => {
  let db: Database;
  let reader: Reader;

  beforeAll(async () => {
    db = await openTestDatabase();
    const ledger = createLedgerWriter({ db, log: silentLog });
    const add = (n: number, ending: Parameters<typeof settled>[1], sessionHash: string | null = 'talk') => {
      void ledger.open(opened(n, { startedAtMs: NOW_MS + n, sessionHash }));
      ledger.settle(settled(n, ending));
    };
    add(1, {});
    add(2, { outcome: 'interrupted', usage: COUNTED, estimated: true, cost: nanoDollars(90) });
    add(3, { outcome: 'cancelled', usage: COUNTED, estimated: true, cost: nanoDollars(90) });
    add(4, { usage: { ...UNKNOWN_USAGE, flagged: true }, cost: null });
    add(5, { usage: usage({ flagged: true, inputTokens: 0 }) }, 'another talk');
    await ledger.open(opened(6, { startedAtMs: NOW_MS + 6 }));
    await ledger.close();
    settleOrphans(db, NOW_MS + 7, () => true);
    reader = createReader(db);
  });
  afterAll(async () => {
    await reader.close();
    db.close();
  });

  it.each([
    [1, { totalTokens: 1_100, estimated: false, flagged: false }],
    [2, { totalTokens: 57, inputTokens: 50, estimated: true, flagged: false }],
    [4, { totalTokens: null, inputTokens: null, estimated: false, flagged: true }],
    [5, { totalTokens: 1_100, inputTokens: 0, estimated: false, flagged: true }],
    [6, { totalTokens: 5_000, inputTokens: null, estimated: true, flagged: false }],
  ])('say so where call %i is shown', async (n, expected) => {
    const one = await reader.run('requests.get', { id: nthRequest(n) });
    expect(one?.usage).toMatchObject(expected);
    const { rows } = await reader.run('requests.list', { limit: 10 });
    expect(rows.find(({ id }) => id === nthRequest(n))?.usage).toMatchObject(expected);
  });

  it('are in the sums, and their number beside them', async () => {
    const { totals } = await reader.run('usage.summary', {
      fromMs: NOW_MS,
      toMs: NOW_MS + HOUR_MS,
      stepMs: HOUR_MS,
      dayFromMs: NOW_MS,
      monthFromMs: NOW_MS,
      endMs: Date.UTC(2026, 11, 1),
    });
    expect(totals).toMatchObject({ estimatedCalls: 3, cost: 4_000 + 90 + 90 + 4_000 + 7_000 });
  });

  it('leave a client that left out of both what was delivered and what failed', async () => {
    const { totals } = await reader.run('usage.summary', {
      fromMs: NOW_MS,
      toMs: NOW_MS + HOUR_MS,
      stepMs: HOUR_MS,
      dayFromMs: NOW_MS,
      monthFromMs: NOW_MS,
      endMs: Date.UTC(2026, 11, 1),
    });
    expect(totals).toMatchObject({ requests: 6, delivered: 3, failed: 2, cancelled: 1 });
  });

  it('are never taken for the last input of a conversation', () => {
    const lastInput = createLastInput(db);
    expect(lastInput(CODEX, 'talk', NOW_MS + HOUR_MS)).toBe(1_000);
    expect(lastInput(CODEX, 'no such talk', NOW_MS + HOUR_MS)).toBeNull();
    expect(lastInput(CODEX, 'talk', NOW_MS)).toBeNull();
    expect(lastInput(clientKeyId(HOME), 'talk', NOW_MS + HOUR_MS)).toBeNull();
  });
});
