import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { ClientLimits } from '../../../lib/metering/client-limits.ts';
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
    const made = createLimitBook({ db, clock, timeZone: () => zone, unwritten: ledger.unwritten });
    made.load();
    return made;
  };
  const account = (limits: LimitSet = {}, id = WORK): LimitHolder => ({ id, limits });
  const client = (limits: ClientLimits = {}): LimitHolder => ({ id: CODEX, limits });
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

  describe('of a client key', () => {
    const ask = (model: string | null) =>
      book.reserve(requestId(`call-${calls++}`), account(), limited, { ...AMOUNTS, model });
    let limited: LimitHolder;
    beforeEach(() => limitedTo({}));
    const limitedTo = (limits: ClientLimits) => {
      limited = client(limits);
    };

    it.each([
      ['hour', HOUR_MS, MINUTE_MS],
      ['five_hours', 5 * HOUR_MS, 5 * MINUTE_MS],
      ['week', 7 * DAY_MS, HOUR_MS],
    ] as const)('counts any %s, and says when the call will fit', (window, lengthMs, stepMs) => {
      limitedTo({ [window]: { requests: 2 } });
      held(ask('gpt-5'));
      clock.set(NOW_MS + lengthMs / 2);
      held(ask('gpt-5'));
      const hit = ask('gpt-5');
      expect(hit).toMatchObject({ holderId: CODEX, window, kind: 'requests', limit: 2, used: 2 });
      if (!('limit' in hit)) throw new Error('no limit was hit');
      expect(hit.resetsAtMs).toBeGreaterThan(NOW_MS + lengthMs);
      expect(hit.resetsAtMs).toBeLessThanOrEqual(NOW_MS + lengthMs + stepMs);
      clock.set(hit.resetsAtMs - 1);
      expect(ask('gpt-5')).toMatchObject({ window });
      clock.set(hit.resetsAtMs);
      held(ask('gpt-5'));
      expect(ask('gpt-5')).toMatchObject({ window, used: 2 });
    });

    it('is bound to models where the limit says so', () => {
      limitedTo({
        byModel: [{ models: ['gpt-5*', '!gpt-5-nano'], day: { requests: 1 }, hour: { tokens: 250 } }],
      });
      held(ask('gpt-4.1'));
      held(ask('gpt-5-nano'));
      held(ask(null));
      held(ask('gpt-5-mini'));
      expect(ask('gpt-5')).toMatchObject({
        window: 'day',
        kind: 'requests',
        models: ['gpt-5*', '!gpt-5-nano'],
      });
      held(ask('gpt-4.1'));
      clock.set(Date.UTC(2026, 10, 19));
      held(ask('gpt-5'));
    });

    it('counts what was used before a limit was set or changed', async () => {
      await writeCall(1, { startedAtMs: NOW_MS - 2 * HOUR_MS, model: 'gpt-5' });
      await writeCall(2, { startedAtMs: NOW_MS - 30 * MINUTE_MS, model: 'gpt-5' });
      await writeCall(3, { startedAtMs: NOW_MS - 20 * MINUTE_MS, model: 'gpt-4.1' });
      const open = held(ask('gpt-5'));
      const used = (limits: ClientLimits) => book.limitUses(client(limits)).map((each) => each.used);
      expect(used({ hour: { requests: 9 }, five_hours: { requests: 9 } })).toEqual([3, 4]);
      expect(
        used({ byModel: [{ models: ['gpt-5'], hour: { requests: 9 }, week: { requests: 9 } }] }),
      ).toEqual([2, 3]);
      book.settle(open, USED);
      expect(used({ byModel: [{ models: ['gpt-5'], hour: { requests: 5 } }] })).toEqual([2]);
      expect(used({})).toEqual([]);
    });

    it('sees a settlement that is not on the disk yet', async () => {
      await ledger.open(opened(1, { startedAtMs: NOW_MS }));
      ledger.settle(settled(1));
      expect(ledger.unwritten()).toHaveLength(1);
      expect(book.limitUses(client({ hour: { requests: 9 } }))).toMatchObject([{ used: 1 }]);
      book.load();
      expect(book.uses(CODEX).day.requests).toBe(1);
      await ledger.flush();
      book.load();
      expect([book.uses(CODEX).day.requests, book.uses(WORK).day.requests]).toEqual([1, 1]);
    });

    it('tells of each ceiling what is used, reserved and when it is free again', () => {
      limitedTo({ day: { requests: 5 }, hour: { tokens: 1_000 } });
      book.settle(held(ask('gpt-5')), USED);
      held(ask('gpt-5'));
      expect(book.limitUses(limited)).toEqual([
        {
          window: 'hour',
          models: null,
          kind: 'tokens',
          limit: 1_000,
          used: 180,
          reserved: 100,
          freesAtMs: Date.UTC(2026, 10, 18, 12, 7),
          resetsAtMs: Date.UTC(2026, 10, 18, 12, 7),
        },
        {
          window: 'day',
          models: null,
          kind: 'requests',
          limit: 5,
          used: 2,
          reserved: 1,
          freesAtMs: Date.UTC(2026, 10, 19),
          resetsAtMs: Date.UTC(2026, 10, 19),
        },
      ]);
    });

    it('finds the same in the ledger after a restart as it had in memory', async () => {
      const limits: ClientLimits = {
        hour: { requests: 99 },
        five_hours: { tokens: 1e9 },
        week: { cost: nanoDollars(1e12) },
        byModel: [{ models: ['gpt-5*'], day: { requests: 99 }, week: { requests: 99 } }],
      };
      const gaps = fc.array(
        fc.record({
          waitMs: fc.integer({ min: 0, max: 40 * MINUTE_MS }),
          ending: anyEnding,
          model: fc.constantFrom('gpt-5', 'gpt-4.1', null),
        }),
        { minLength: 1, maxLength: 12 },
      );
      await fc.assert(
        fc.asyncProperty(gaps, async (calls) => {
          await ledger.flush();
          db.ledger.exec('DELETE FROM usage_records');
          clock.set(NOW_MS);
          book = newBook();
          let nowMs = NOW_MS;
          for (const [n, { waitMs, ending, model }] of calls.entries()) {
            nowMs += waitMs;
            clock.set(nowMs);
            const record = settled(n, ending);
            const reserved = { tokens: 500, cost: nanoDollars(9_000), model };
            const reservation = held(book.reserve(record.id, account(), client(limits), reserved));
            void ledger.open(
              opened(n, {
                reservedTokens: 500,
                reservedCost: nanoDollars(9_000),
                model,
                startedAtMs: reservation.sinceMs,
              }),
            );
            book.settle(reservation, settledAmounts(record));
            ledger.settle(record);
          }
          await ledger.flush();
          const restarted = newBook();
          expect(restarted.limitUses(client(limits))).toEqual(book.limitUses(client(limits)));
        }),
        { numRuns: 40 },
      );
    });
  });

  describe('after a reset', () => {
    const reset = (holderId: string, window: 'day' | 'month' | 'hour', countedSinceMs = clock.nowMs()) => ({
      holderId,
      window,
      countedSinceMs,
    });

    it('counts from that moment on, also after a restart, and leaves other windows and holders alone', async () => {
      await writeCall(1);
      clock.set(NOW_MS + 1_000);
      book = newBook();
      book.setResets([reset(CODEX, 'day')]);
      expect(book.uses(CODEX)).toMatchObject({ day: { requests: 0 }, month: { requests: 1 } });
      expect(book.uses(WORK).day.requests).toBe(1);
      const reservation = held(reserve());
      expect(book.uses(CODEX).day.requests).toBe(1);
      await writeCall(2, { startedAtMs: reservation.sinceMs });
      const restarted = newBook();
      restarted.setResets([reset(CODEX, 'day', NOW_MS + 1_000)]);
      expect(restarted.uses(CODEX)).toMatchObject({ day: { requests: 1 }, month: { requests: 2 } });
    });

    it('does not count a call that was under way', () => {
      const limited = client({ hour: { requests: 1 }, day: { requests: 1 } });
      const under = held(reserve(account(), limited));
      clock.set(NOW_MS + 1_000);
      expect(reserve(account(), limited)).toMatchObject({ holderId: CODEX });
      book.setResets([reset(CODEX, 'day'), reset(CODEX, 'hour')]);
      const next = held(reserve(account(), limited));
      book.settle(under, USED);
      expect(book.limitUses(limited).map(({ used }) => used)).toEqual([1, 1]);
      book.settle(next, USED);
      expect(book.uses(CODEX).day).toEqual({ requests: 1, tokens: 80, cost: 900 });
    });

    it('takes no reset for true that lies ahead: it was made while the clock was wrong', async () => {
      await writeCall(1);
      book = newBook();
      book.setResets([reset(CODEX, 'day', NOW_MS + 365 * DAY_MS)]);
      expect(book.uses(CODEX).day.requests).toBe(1);
    });
  });

  it('loses nothing when the clock leaps a year ahead and back, and goes on counting', async () => {
    const limits: ClientLimits = { hour: { requests: 9 }, week: { requests: 9 } };
    await writeCall(1);
    book = newBook();
    const used = () => [
      book.uses(CODEX).day.requests,
      ...book.limitUses(client(limits)).map((each) => each.used),
    ];
    const under = held(reserve(account(), client(limits)));
    expect(used()).toEqual([2, 2, 2]);
    clock.set(NOW_MS + 365 * DAY_MS);
    expect(used()).toEqual([0, 0, 0]);
    const astray = held(reserve(account(), client(limits)));
    expect(used()).toEqual([1, 1, 1]);
    clock.set(NOW_MS + 2_000);
    expect(used()).toEqual([3, 3, 3]);
    book.settle(under, USED);
    book.settle(astray, USED);
    expect(used()).toEqual([3, 3, 3]);
    clock.set(NOW_MS - 365 * DAY_MS);
    expect(used()).toEqual([0, 0, 0]);
    held(reserve(account(), client(limits)));
    expect(used()).toEqual([1, 1, 1]);
  });

  it('lets a clock that is set back by seconds stand still, without summing up anew', () => {
    held(reserve());
    clock.set(NOW_MS - 5_000);
    const reservation = held(reserve());
    expect(reservation.sinceMs).toBe(NOW_MS);
    expect(book.uses(WORK).day.requests).toBe(2);
  });

  it.each([
    ['23 hours', Date.UTC(2026, 2, 28, 23), 23],
    ['25 hours', Date.UTC(2026, 9, 24, 22), 25],
  ])('gives a day of %s its own length', (_what, fromMs, hours) => {
    zone = 'Europe/Berlin';
    clock.set(fromMs);
    book = newBook();
    const limited = account({ day: { requests: 1 } });
    held(reserve(limited));
    clock.set(fromMs + hours * HOUR_MS - 1);
    expect(reserve(limited)).toMatchObject({ window: 'day', resetsAtMs: fromMs + hours * HOUR_MS });
    clock.set(fromMs + hours * HOUR_MS);
    held(reserve(limited));
  });

  const writeCall = async (n: number, over: Parameters<typeof opened>[1] = {}) => {
    await ledger.open(opened(n, over));
    ledger.settle(settled(n));
    await ledger.flush();
  };
});

const NONSENSE_TOKENS = 1_000_000_000;

const drawnEnding = fc.record({
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
    usage({ totalTokens: NONSENSE_TOKENS, flagged: true }),
    usage({ flagged: true }),
    usage({ totalTokens: null, inputTokens: null, outputTokens: null }),
    null,
  ),
  estimated: fc.boolean(),
  cost: fc.constantFrom(nanoDollars(4_000), nanoDollars(0), null),
});

/** We count no nonsense ourselves. */
const anyEnding = drawnEnding.map((ending) =>
  ending.usage?.totalTokens === NONSENSE_TOKENS ? { ...ending, estimated: false } : ending,
);
