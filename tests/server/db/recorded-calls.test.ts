import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerWriter } from '../../../server/db/ledger.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { createReader, type Reader } from '../../../server/db/reader.ts';
import { CODEX, NOW_MS, nthRequest, opened, openTestDatabase, settled, silentLog, WORK } from './support.ts';

const CALLS = 7;
const RUNNING = 5;
/** Two of a moment, so that the id has to tell them apart. */
const startedAt = (n: number): number => NOW_MS + Math.floor(n / 2) * 1_000;

describe('recorded calls', () => {
  let db: Database;
  let reader: Reader;

  beforeAll(async () => {
    db = await openTestDatabase();
    const ledger = createLedgerWriter({ db, log: silentLog });
    for (let n = 0; n < CALLS; n++) {
      await ledger.open(opened(n, { startedAtMs: startedAt(n), sessionHash: 's', parentHash: 'p' }));
      if (n !== RUNNING) ledger.settle(settled(n));
    }
    await ledger.close();
    reader = createReader(db);
  });
  afterAll(async () => {
    await reader.close();
    db.close();
  });

  it('come oldest first, each once, whatever the size of a page', async () => {
    const expected = [0, 1, 2, 3, 4, 6].map((n) => nthRequest(n));
    for (const limit of [1, 2, 3, 100]) {
      const ids: string[] = [];
      let after: { startedAtMs: number; id: string } | null = null;
      do {
        const page: Awaited<ReturnType<typeof pageAfter>> = await pageAfter(after, limit);
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        ids.push(...page.rows.map(({ id }) => id));
        after = page.nextAfter;
      } while (after !== null);
      expect(ids).toEqual(expected);
    }
  });

  it('are left out when they began before or are still under way', async () => {
    const { rows } = await reader.run('requests.recorded', { since: startedAt(4), after: null, limit: 10 });
    expect(rows.map(({ id }) => id)).toEqual([nthRequest(4), nthRequest(6)]);
  });

  it('carry what a replay needs and nothing that names a user', async () => {
    const [first] = (await pageAfter(null, 1)).rows;
    expect(first).toEqual({
      id: nthRequest(0),
      startedAtMs: NOW_MS,
      endpoint: 'POST /responses',
      model: 'gpt-5.1-codex',
      clientKeyId: CODEX,
      sessionHash: 's',
      parentHash: 'p',
      requestBytes: 2_000,
      accountId: WORK,
      outcome: 'delivered',
      attempts: 1,
      inputTokens: 1_000,
      cachedTokens: 600,
      outputTokens: 100,
      cost: 4_000,
      durationMs: 2_000,
    });
  });

  const pageAfter = (after: { startedAtMs: number; id: string } | null, limit: number) =>
    reader.run('requests.recorded', { since: NOW_MS, after, limit });
});
