/** The made-up month, and the demonstration that begins with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountId, clientKeyId } from '../../../lib/base/id.ts';
import { DAY_MS } from '../../../lib/base/time.ts';
import { createPriceBook } from '../../../lib/metering/price-book.ts';
import { IN_PROCESS } from '../../../server/admin/router.ts';
import { loadConfig } from '../../../server/config.ts';
import { monthOf } from '../../../server/demo/month.ts';
import { startDemo } from '../../../server/demo/run.ts';
import { DEMO_ACCOUNTS, DEMO_CLIENTS, LIMITED } from '../../../server/demo/story.ts';
import { createLogger } from '../../../server/log.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 14, 32);
const prices = createPriceBook({ today: () => NOW_MS });
const month = (seed: number) =>
  monthOf({
    accounts: DEMO_ACCOUNTS.map((account) => ({ ...account, id: accountId(account.name) })),
    clients: DEMO_CLIENTS.map((client) => ({ ...client, id: clientKeyId(client.name) })),
    prices,
    nowMs: NOW_MS,
    seed,
  });

describe('A made-up month', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(month(7)).toEqual(month(7));
    expect(month(8).length).not.toBe(0);
    expect(month(8)[0]).not.toEqual(month(7)[0]);
  });

  it('is in order, over before it is told, and paid for by the price list', () => {
    const calls = month(7);
    expect(calls.length).toBeGreaterThan(5_000);
    let last = NOW_MS - 32 * DAY_MS;
    for (const { opened, settled } of calls) {
      expect(opened.startedAtMs).toBeGreaterThanOrEqual(last);
      last = opened.startedAtMs;
      expect(settled.endedAtMs).toBeLessThan(NOW_MS);
      const { usage } = settled;
      const cost = usage && settled.prices ? prices.cost(usage, settled.prices) : null;
      expect(settled.cost).toBe(cost);
      expect(usage?.cachedTokens ?? 0).toBeLessThanOrEqual(usage?.inputTokens ?? 0);
    }
  });

  it('keeps a helper where the one that started it was, unless its account was limited', () => {
    const calls = month(7);
    const helpers = calls.filter(({ opened }) => opened.parentHash !== null);
    expect(helpers.length).toBeGreaterThan(10);
    const homes = new Map(calls.map(({ opened, settled }) => [opened.sessionHash, settled.accountId]));
    const first = new Map(helpers.map(({ opened }) => [opened.sessionHash, opened]));
    const same = [...first.values()].filter(
      ({ firstAccountId, parentHash }) => homes.get(parentHash) === firstAccountId,
    );
    expect(same.length / first.size).toBeGreaterThan(0.8);
  });
});

describe('The demonstration', () => {
  it.each([
    ['at night', Date.UTC(2026, 10, 27, 5, 23)],
    ['early on a Sunday', Date.UTC(2026, 10, 22, 6, 40)],
    ['in the afternoon', NOW_MS],
    ['on the first of a month', Date.UTC(2026, 10, 1, 0, 30)],
  ])(
    'says that it is one, stands where its story says %s, and makes its calls through /v1',
    async (_, atMs) => {
      const sinceMs = performance.now();
      const monotonicMs = () => performance.now();
      const clock = { monotonicMs, nowMs: () => Math.floor(atMs + performance.now() - sinceMs) };
      const folder = mkdtempSync(join(tmpdir(), 'cam-demo-test-'));
      const settings = loadConfig({ env: { CAM_PORT: '0' }, flags: {}, folders: { config: folder } });
      const log = createLogger({
        level: 'error',
        destination: { write: (line) => process.stderr.write(line) },
      });
      const demo = await startDemo({ settings, log, clock, seed: 7, live: true });
      try {
        const admin = demo.running.app.router.createCaller(IN_PROCESS);
        expect(await admin.status.get()).toMatchObject({ demo: true, accounts: 5, clientKeys: 4 });
        const accounts = await admin.accounts.list();
        expect(accounts.find(({ name }) => name === LIMITED)?.state.word).toBe('cooling_down');
        const used = await admin.usage.breakdown({ period: '30d', by: 'account' });
        expect(used.total.requests).toBeGreaterThan(5_000);
        expect(used.total.cost).toBeGreaterThan(0);
        const received = () => demo.emulator.keys().flatMap(({ received: calls }) => [...calls]);
        await expect
          .poll(() => received().some(({ finished, status }) => finished && status === 200), {
            timeout: 20_000,
          })
          .toBe(true);
      } finally {
        await demo.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
