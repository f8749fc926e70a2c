/** Figures, models and the live stream. */
import { afterEach, describe, expect, it } from 'vitest';
import { accountId, clientKeyId, requestId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import { Secret } from '../../../lib/base/secret.ts';
import type { LiveTick } from '../../../lib/wire/views.ts';
import { createRig, MASTER_KEY, type Rig, type RigOptions } from './rig.ts';

let rig: Rig;
const start = async (options: RigOptions = {}): Promise<Rig> => {
  rig = await createRig(options);
  await rig.services.local.initialise(MASTER_KEY);
  return rig;
};
afterEach(() => rig.close());

const addAccount = (name: string, more: object = {}) =>
  rig.services.accounts.add({
    name,
    key: new Secret(`sk-proj-0123456789abcdefghij-${name}`),
    check: true,
    ...more,
  });

describe('models', () => {
  it('are listed once, with every account that serves them within its scope', async () => {
    const { services } = await start();
    await addAccount('Work');
    await addAccount('Lab', { models: ['gpt-5.5-mini', 'lab-model'] });
    expect(services.models.list()).toEqual([
      { id: 'gpt-5.5', accounts: ['Work'] },
      { id: 'gpt-5.5-mini', accounts: ['Work', 'Lab'] },
      { id: 'lab-model', accounts: ['Lab'] },
    ]);
  });
});

describe('a call that was served', () => {
  const ID = '01997a00-0000-7000-8000-000000000001';

  const serve = async (): Promise<string> => {
    const { account } = await addAccount('Work', { limits: { day: { cost: nanoDollars(25_000_000_000) } } });
    const { clientKey } = await rig.services.clients.add({ name: 'laptop' });
    const startedAtMs = rig.clock.nowMs();
    await rig.ledger.open({
      id: requestId(ID),
      startedAtMs,
      clientKeyId: clientKeyId(clientKey.id),
      endpoint: 'POST /responses',
      model: 'gpt-5.5',
      stream: true,
      sessionHash: null,
      parentHash: null,
      userAgent: 'codex',
      requestBytes: 10,
      firstAccountId: accountId(account.id),
      reservedTokens: 1,
      reservedCost: nanoDollars(1),
    });
    rig.ledger.settle({
      id: requestId(ID),
      endedAtMs: startedAtMs + 900,
      outcome: 'delivered',
      status: 200,
      errorCode: null,
      accountId: accountId(account.id),
      attempts: 1,
      usage: {
        inputTokens: 100,
        cachedTokens: 40,
        cacheWriteTokens: null,
        outputTokens: 20,
        reasoningTokens: null,
        audioInputTokens: null,
        audioOutputTokens: null,
        imageInputTokens: null,
        imageOutputTokens: null,
        totalTokens: 120,
        serviceTier: null,
        flagged: false,
      },
      estimated: false,
      servedModel: null,
      cost: nanoDollars(5_000),
      assumedCost: null,
      prices: null,
      firstTokenMs: 300,
      durationMs: 900,
      overheadUs: 400,
      responseBytes: 50,
      reasoningDropped: false,
      explanation: JSON.stringify({ plan: null, attempts: [] }),
    });
    await rig.ledger.flush();
    rig.clock.advance(1_000);
    return account.id;
  };

  it('is the same figure on the account, the client key, the list and the summary', async () => {
    const { services } = await start();
    const id = await serve();
    const today = { requests: 1, tokens: 120, cost: 5_000 };
    expect((await services.accounts.get({ ref: 'Work' })).today).toEqual({ ...today, limited: 0 });
    expect((await services.clients.list())[0]?.today).toEqual(today);
    expect((await services.requests.list({ limit: 10 })).rows).toMatchObject([
      { id: ID, accountName: 'Work', clientName: 'laptop', cost: 5_000, usage: { totalTokens: 120 } },
    ]);
    const summary = await services.usage.summary({ range: '24h' });
    expect(summary.totals).toMatchObject({ requests: 1, totalTokens: 120, cost: 5_000 });
    expect(summary.today).toEqual({ cost: 5_000, limit: 25_000_000_000 });
    expect(summary.month).toEqual({ cost: 5_000, limit: null });
    expect(summary.accounts).toEqual([{ id, name: 'Work', hue: 0 }]);
    expect(summary.series).toHaveLength(24);
    expect(summary.series.at(-1)?.byAccount).toEqual([{ accountId: id, ...today }]);
  });

  it.each(['1h', '24h', '7d', '30d'] as const)('is in the last step of the range %s', async (range) => {
    const { services } = await start();
    await serve();
    const { series, fromMs, toMs, stepMs } = await services.usage.summary({ range });
    expect(series).toHaveLength((toMs - fromMs) / stepMs);
    const at = series.findIndex(({ byAccount }) => byAccount.length > 0);
    const stepFromMs = fromMs + at * stepMs;
    expect(rig.clock.nowMs()).toBeGreaterThanOrEqual(stepFromMs);
    expect(rig.clock.nowMs()).toBeLessThan(toMs);
  });

  it('keeps its account’s name and colour in the figures after the account is removed', async () => {
    const { services } = await start();
    const id = await serve();
    await services.accounts.remove({ ref: 'Work' });
    expect((await services.usage.summary({ range: '24h' })).accounts).toEqual([{ id, name: 'Work', hue: 0 }]);
    expect((await services.requests.list({ limit: 1 })).rows[0]?.accountName).toBe('Work');
  });

  it('is found by the beginning of its id, and what is not there is said not to be', async () => {
    const { services } = await start();
    await serve();
    expect((await services.requests.get({ id: ID.slice(0, 8).toUpperCase() })).id).toBe(ID);
    await expect(services.requests.get({ id: 'ffff' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the live stream', () => {
  it('ticks once a second until nobody watches', async () => {
    const { services } = await start();
    await addAccount('Work');
    const leaving = new AbortController();
    const ticks: LiveTick[] = [];
    for await (const tick of services.live.watch(leaving.signal)) {
      ticks.push(tick);
      if (ticks.length === 3) leaving.abort();
    }
    const gaps = ticks.slice(1).map((tick, at) => tick.nowMs - (ticks[at]?.nowMs ?? 0));
    expect(gaps).toEqual([1_000, 1_000]);
    expect(ticks[0]).toMatchObject({
      vault: 'unlocked',
      inFlight: 0,
      accountStates: [{ state: { word: 'unused' } }],
    });
  });

  it('counts a revision for each change that lists have to follow', async () => {
    const { services } = await start();
    const watching = services.live.watch(new AbortController().signal)[Symbol.asyncIterator]();
    const revision = async (): Promise<number> => (await watching.next()).value?.revision ?? -1;
    const first = await revision();
    await addAccount('Work');
    const second = await revision();
    expect(second).toBeGreaterThan(first);
    expect(await revision()).toBe(second);
    await services.settings.set({ values: { 'routing.strategy': 'sticky' } });
    expect(await revision()).toBeGreaterThan(second);
    await watching.return?.();
  });

  it('takes no more than a bounded number of watchers, and takes new ones when some leave', async () => {
    const { services } = await start();
    const { signal } = new AbortController();
    const watchers = Array.from({ length: 64 }, () => services.live.watch(signal)[Symbol.asyncIterator]());
    await Promise.all(watchers.map((watcher) => watcher.next()));
    const oneMore = () => services.live.watch(signal)[Symbol.asyncIterator]();
    await expect(oneMore().next()).rejects.toMatchObject({ code: 'too_many_in_flight' });
    await watchers[0]?.return?.();
    expect((await oneMore().next()).done).toBe(false);
  });
});
