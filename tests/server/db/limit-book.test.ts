import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import { DAY_MS } from '../../../lib/base/time.ts';
import type { LimitSet } from '../../../lib/metering/limit.ts';
import { createLedgerWriter, type LedgerWriter } from '../../../server/db/ledger.ts';
import {
  createLimitBook,
  type LimitBook,
  type LimitHolder,
  type Reservation,
} from '../../../server/db/limit-book.ts';
import { settledAmounts } from '../../../server/db/limit-sums.ts';
import type { Database } from '../../../server/db/open-database.ts';
import {
  CODEX,
  HOME,
  NOW_MS,
  opened,
  openTestDatabase,
  settled,
  silentLog,
  type TestClock,
  testClock,
  usage,
  WORK,
} from './support.ts';

const AMOUNTS = { tokens: 100, cost: nanoDollars(1_000) };
const USED = { tokens: 80, cost: nanoDollars(900), counted: true };

describe('the limit book', () => {
  let db: Database;
  let ledger: LedgerWriter;
  let clock: TestClock;
  let zone: string;
  let book: LimitBook;
  let calls: number;

  beforeEach(async () => {
    db = await openTestDatabase();
    ledger = createLedgerWriter({ db, log: silentLog });
    clock = testClock();
    zone = 'UTC';
    book = newBook();
    calls = 0;
  });
  afterEach(async () => {
    await ledger.close();
    db.close();
  });

  const newBook = () => {
    const made = createLimitBook({ db, clock, timeZone: () => zone });
    made.load();
    return made;
  };
  const account = (limits: LimitSet = {}, id = WORK): LimitHolder => ({ id, limits });
  const client = (limits: LimitSet = {}): LimitHolder => ({ id: CODEX, limits });
  const reserve = (of = account(), by = client(), amounts = AMOUNTS) =>
    book.reserve(requestId(`call-${calls++}`), of, by, amounts);
  const held = (outcome: ReturnType<typeof reserve>): Reservation => {
    if ('limit' in outcome) throw new Error('a limit was hit');
    return outcome;
  };

  it('lets exactly 10 of 500 concurrent calls pass a limit of 10 requests', async () => {
    const limited = account({ day: { requests: 10 } });
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, async () => {
        await Promise.resolve();
        return reserve(limited);
      }),
    );
    expect(outcomes.filter((outcome) => 'requestId' in outcome)).toHaveLength(10);
    expect(outcomes.at(-1)).toEqual({
      holderId: WORK,
      window: 'day',
      kind: 'requests',
      limit: 10,
      used: 10,
      resetsAtMs: Date.UTC(2026, 10, 19),
    });
  });

  it('counts a reservation until it is settled, and then what was really used', () => {
    const reservation = held(reserve());
    expect(book.uses(WORK).day).toEqual({ requests: 1, tokens: 100, cost: 1_000 });
    expect(book.reserved(WORK).day).toEqual({ requests: 1, tokens: 100, cost: 1_000 });
    book.settle(reservation, USED);
    expect(book.uses(WORK)).toEqual({
      day: { requests: 1, tokens: 80, cost: 900 },
      month: { requests: 1, tokens: 80, cost: 900 },
    });
    expect(book.uses(CODEX)).toEqual(book.uses(WORK));
    expect(book.reserved(WORK).day).toEqual({ requests: 0, tokens: 0, cost: 0 });
  });

  it('keeps the estimate of what nobody reported', () => {
    book.settle(held(reserve()), { tokens: null, cost: null, counted: true });
    expect(book.uses(WORK).day).toEqual({ requests: 1, tokens: 100, cost: 1_000 });
  });

  it('counts nothing of a call that no account served', () => {
    book.settle(held(reserve()), { tokens: null, cost: null, counted: false });
    expect(book.uses(WORK).day).toEqual({ requests: 0, tokens: 0, cost: 0 });
    expect(book.uses(CODEX).day.requests).toBe(0);
  });

  it('settles a reservation once', () => {
    const reservation = held(reserve());
    book.settle(reservation, USED);
    book.settle(reservation, USED);
    expect(book.uses(WORK).day.requests).toBe(1);
  });

  it('refuses what would pass a limit, and takes what just reaches it', () => {
    const limited = account({ month: { tokens: 200 } });
    held(reserve(limited));
    held(reserve(limited));
    expect(reserve(limited)).toMatchObject({ window: 'month', kind: 'tokens', used: 200 });
    expect(reserve(account({}, HOME))).toMatchObject({ accountId: HOME });
  });

  it('names the client key when it is the client key’s limit', () => {
    expect(reserve(account(), client({ day: { cost: nanoDollars(999) } }))).toMatchObject({
      holderId: CODEX,
      kind: 'cost',
      limit: 999,
    });
    expect(book.uses(WORK).day.requests).toBe(0);
  });

  it('moves a hold to another account when that one’s limits allow it, and not otherwise', () => {
    const reservation = held(reserve());
    expect(book.move(reservation, account({ day: { requests: 0 } }, HOME))).toMatchObject({ holderId: HOME });
    expect(book.uses(WORK).day.requests).toBe(1);
    const moved = book.move(reservation, account({ day: { requests: 1 } }, HOME));
    expect(moved).toMatchObject({ accountId: HOME });
    expect([book.uses(WORK).day.requests, book.uses(HOME).day.requests]).toEqual([0, 1]);
    expect(book.uses(CODEX).day.requests).toBe(1);
    book.settle(held(moved), USED);
    expect([book.uses(WORK).day.tokens, book.uses(HOME).day.tokens]).toEqual([0, 80]);
  });

  it('begins a new day at nothing and keeps the month', () => {
    book.settle(held(reserve()), USED);
    clock.set(NOW_MS + DAY_MS);
    expect(book.uses(WORK)).toEqual({
      day: { requests: 0, tokens: 0, cost: 0 },
      month: { requests: 1, tokens: 80, cost: 900 },
    });
    clock.set(NOW_MS + 20 * DAY_MS);
    expect(book.uses(WORK).month.requests).toBe(0);
  });

  it('counts a call that crosses midnight for the day on which it began', () => {
    const reservation = held(reserve());
    clock.set(NOW_MS + DAY_MS);
    expect(book.uses(WORK).day.requests).toBe(0);
    expect(book.uses(WORK).month.requests).toBe(1);
    book.settle(reservation, USED);
    expect(book.uses(WORK).day.requests).toBe(0);
    expect(book.uses(WORK).month).toEqual({ requests: 1, tokens: 80, cost: 900 });
    expect(book.reserved(WORK).month.requests).toBe(0);
  });

  it('begins its days in the configured zone, also when that changes', async () => {
    await writeCall(1, { startedAtMs: Date.UTC(2026, 10, 17, 23, 30) });
    book = newBook();
    expect(book.uses(WORK).day.requests).toBe(0);
    zone = 'Europe/Berlin';
    expect(book.uses(WORK).day.requests).toBe(1);
    expect(reserve(account({ day: { requests: 1 } }))).toMatchObject({
      resetsAtMs: Date.UTC(2026, 10, 18, 23),
    });
  });

  it('looks the sums up again when the clock is set back', async () => {
    await writeCall(1);
    clock.set(NOW_MS + DAY_MS);
    book = newBook();
    expect(book.uses(WORK).day.requests).toBe(0);
    clock.set(NOW_MS);
    expect(book.uses(WORK).day.requests).toBe(1);
  });

  it('finds after a restart exactly what it had in memory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEnding, { minLength: 1, maxLength: 12 }), async (endings) => {
        await ledger.flush();
        db.ledger.exec('DELETE FROM usage_records');
        book = newBook();
        for (const [n, ending] of endings.entries()) {
          const record = settled(n, ending);
          const reserved = { reservedTokens: 500, reservedCost: nanoDollars(9_000) };
          void ledger.open(opened(n, reserved));
          const reservation = held(
            book.reserve(record.id, account(), client(), { tokens: 500, cost: nanoDollars(9_000) }),
          );
          const moved = record.accountId
            ? held(book.move(reservation, account({}, record.accountId)))
            : reservation;
          book.settle(moved, settledAmounts(record));
          ledger.settle(record);
        }
        await ledger.flush();
        const restarted = newBook();
        for (const id of [WORK, HOME, CODEX]) expect(restarted.uses(id)).toEqual(book.uses(id));
      }),
      { numRuns: 40 },
    );
  });

  const writeCall = async (n: number, over: Parameters<typeof opened>[1] = {}) => {
    await ledger.open(opened(n, over));
    ledger.settle(settled(n));
    await ledger.flush();
  };
});

const anyEnding = fc.record({
  outcome: fc.constantFrom(
    'delivered' as const,
    'failed' as const,
    'interrupted' as const,
    'cancelled' as const,
  ),
  status: fc.constantFrom(200, 400, 502, null),
  accountId: fc.constantFrom(WORK, HOME, null),
  usage: fc.constantFrom(
    usage(),
    usage({ totalTokens: null }),
    usage({ totalTokens: null, inputTokens: null, outputTokens: null }),
    null,
  ),
  cost: fc.constantFrom(nanoDollars(4_000), nanoDollars(0), null),
});
