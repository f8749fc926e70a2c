/** A search finds in the database the very rows of which its terms hold one by one. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId, ClientKeyId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import { matchesSearch, parseSearch, SEARCH_KEYS } from '../../../lib/requests/search.ts';
import type { RequestRowView } from '../../../lib/wire/views.ts';
import { createLedgerWriter, type LedgerWriter } from '../../../server/db/ledger.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { createReader, type Reader } from '../../../server/db/reader.ts';
import {
  accountRow,
  CODEX,
  clientKeyRow,
  HOME,
  NOW_MS,
  opened,
  openTestDatabase,
  settled,
  silentLog,
  usage,
  WORK,
} from './support.ts';

let db: Database;
let ledger: LedgerWriter;
let reader: Reader;
let all: readonly RequestRowView[];
let names: { accounts: Record<string, string>; clients: Record<string, string> };

const MODELS = ['gpt-5.5', 'GPT-5.4-nano', 'ft:gpt-4.1:acme', 'Größe-1', null];
const CODES = [null, 'rate_limit_exceeded', 'Upstream_Timeout'];
const OUTCOMES = ['delivered', 'failed', 'refused', 'interrupted', 'cancelled'] as const;
const GONE = '01a20000-0000-7000-8000-00000000dead';

beforeAll(async () => {
  db = await openTestDatabase();
  await db.db
    .insertInto('accounts')
    .values([accountRow(WORK, 'Work'), accountRow(HOME, 'Zu Häuse')])
    .execute();
  await db.db.insertInto('client_keys').values(clientKeyRow(CODEX, 'Codex')).execute();
  ledger = createLedgerWriter({ db, log: silentLog });
  reader = createReader(db);
  const accounts = [WORK, HOME, GONE as AccountId];
  for (let n = 0; n < 120; n++) {
    const first = accounts[n % 3] ?? WORK;
    await ledger.open(
      opened(n, {
        startedAtMs: NOW_MS + n,
        model: MODELS[n % MODELS.length] ?? null,
        firstAccountId: n % 17 === 0 ? ('' as AccountId) : first,
        clientKeyId: n % 5 === 0 ? (GONE as ClientKeyId) : CODEX,
      }),
    );
    if (n % 11 === 0) continue;
    ledger.settle(
      settled(n, {
        outcome: OUTCOMES[n % OUTCOMES.length] ?? 'delivered',
        status: [200, 429, 503, null][n % 4] as number | null,
        errorCode: CODES[n % CODES.length] ?? null,
        accountId: [WORK, HOME, null][(n >> 1) % 3] as AccountId | null,
        cost: n % 6 === 0 ? null : nanoDollars(n * 1_000_000),
        usage: n % 7 === 0 ? null : usage({ totalTokens: n * 500 }),
        durationMs: n * 100,
      }),
    );
  }
  await ledger.flush();
  all = (await reader.run('requests.list', { limit: 200 })).rows;
  const named = (pick: (row: RequestRowView) => readonly (readonly [string | null, string | null])[]) =>
    Object.fromEntries(all.flatMap(pick).filter(([id]) => id !== null && id !== ''));
  names = {
    accounts: named((row) => [
      [row.firstAccountId, row.firstAccountName],
      [row.accountId, row.accountName],
    ]),
    clients: named((row) => [[row.clientKeyId, row.clientName]]),
  };
});
afterAll(async () => {
  await ledger.close();
  await reader.close();
  db.close();
});

const texts = fc.constantFrom(
  'gpt-5',
  'GPT',
  'größe',
  'GRÖSSE',
  'work',
  'WORK',
  'codex',
  '%',
  '_',
  "'",
  '01A2',
  'limit',
  'Deleted',
  'HÄUSE',
  'x',
);
const words = fc.oneof(
  texts,
  fc
    .tuple(fc.constantFrom('model', 'account', 'client', 'error'), texts)
    .map(([key, text]) => `${key}:"${text}"`),
  fc.constantFrom('status:429', 'status:2xx', 'status:5xx', 'moved:yes', 'moved:no'),
  fc.constantFrom(...OUTCOMES, 'running').map((outcome) => `result:${outcome}`),
  fc
    .tuple(
      fc.constantFrom('cost', 'tokens', 'took'),
      fc.constantFrom('>', '<', '>=', '<=', ''),
      fc.nat({ max: 60 }),
    )
    .map(
      ([key, sign, n]) =>
        `${key}:${sign}${key === 'cost' ? n / 1_000 : key === 'tokens' ? n * 1_000 : n / 10}`,
    ),
);
const searches = fc
  .array(fc.tuple(fc.boolean(), words), { minLength: 1, maxLength: 3 })
  .map((terms) => terms.map(([not, word]) => `${not ? '-' : ''}${word}`).join(' '));

describe('The times of the calls', () => {
  it('add up to the list of the same filters, by what became of them', async () => {
    const [newest] = all;
    if (!newest) throw new Error('there are calls');
    const [fromMs, stepMs] = [NOW_MS, 10];
    const toMs = NOW_MS + 200;
    for (const text of ['', 'model:gpt', '-account:work cost:>0', 'result:failed']) {
      const search = { terms: parseSearch(text).terms, names };
      const bars = await reader.run('requests.histogram', { fromMs, toMs, stepMs, filter: { search } });
      const { rows } = await reader.run('requests.list', { limit: 200, search });
      expect(bars).toHaveLength(20);
      bars.forEach((bar, at) => {
        const here = rows.filter(({ startedAtMs }) => Math.floor((startedAtMs - fromMs) / stepMs) === at);
        const count = (holds: (row: RequestRowView) => boolean) => here.filter(holds).length;
        const away = (row: RequestRowView) => row.accountId !== row.firstAccountId;
        expect(bar).toEqual({
          fromMs: fromMs + at * stepMs,
          delivered: count((row) => row.outcome === 'delivered' && !away(row)),
          moved: count((row) => row.outcome === 'delivered' && away(row)),
          failed: count(({ outcome }) => ['failed', 'refused', 'interrupted'].includes(outcome ?? '')),
          left: count(({ outcome }) => outcome === 'cancelled'),
          running: count(({ outcome }) => outcome === null),
        });
      });
    }
  });

  it('hold calls of their beginning and none of their end', async () => {
    const { rows } = await reader.run('requests.list', { limit: 200, since: NOW_MS + 5, until: NOW_MS + 8 });
    expect(rows.map(({ startedAtMs }) => startedAtMs - NOW_MS)).toEqual([7, 6, 5]);
  });
});

describe('A search of the calls', () => {
  it('finds what its terms say of single rows, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(searches, async (text) => {
        const { terms, faults } = parseSearch(text);
        expect(faults).toEqual([]);
        const { rows } = await reader.run('requests.list', { limit: 200, search: { terms, names } });
        expect(rows.map(({ id }) => id)).toEqual(
          all.filter((row) => matchesSearch(terms, row)).map(({ id }) => id),
        );
      }),
      { numRuns: 400 },
    );
  });

  it.each(
    SEARCH_KEYS.flatMap((key) => {
      const some = {
        status: '429',
        result: 'failed',
        model: 'gpt',
        account: 'work',
        client: 'codex',
        error: 'limit',
        cost: '>0.05',
        tokens: '>20k',
        took: '>5',
        moved: 'yes',
      };
      return [`${key}:${some[key]}`, `-${key}:${some[key]}`];
    }),
  )('finds some and not all by %s', async (text) => {
    const { terms } = parseSearch(text);
    const { rows } = await reader.run('requests.list', { limit: 200, search: { terms, names } });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(all.length);
  });
});
