/** Yesterday through each strategy: from the ledger, in a thread, remembered while nothing it depends on changes. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { accountId, clientKeyId } from '../../../lib/base/id.ts';
import { Secret } from '../../../lib/base/secret.ts';
import { DAY_MS, HOUR_MS } from '../../../lib/base/time.ts';
import { STRATEGIES } from '../../../lib/routing/plan.ts';
import { opened, settled } from '../db/support.ts';
import { createFastKdf } from '../vault/fast-kdf.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig({ kdf: createFastKdf() });
  await rig.services.local.initialise(MASTER_KEY);
});
afterEach(() => rig.close());

const add = async (name: string, priority: number) => {
  const key = new Secret(`sk-proj-0123456789abcdefghij-${name}`);
  const added = await rig.services.accounts.add({ name, key, check: false, priority });
  return accountId(added.account.id);
};

async function yesterday(calls: number): Promise<void> {
  const first = await add('First', 1);
  await add('Second', 2);
  const client = clientKeyId((await rig.services.clients.add({ name: 'laptop' })).clientKey.id);
  const fromMs = Math.floor(rig.clock.nowMs() / DAY_MS) * DAY_MS - DAY_MS;
  for (let n = 0; n < calls; n++) {
    const startedAtMs = fromMs + HOUR_MS + n * 60_000;
    await rig.ledger.open(opened(n, { startedAtMs, clientKeyId: client, firstAccountId: first }));
    rig.ledger.settle(settled(n, { accountId: first }));
  }
  await rig.ledger.flush();
}

it('says who would have served, by each strategy', async () => {
  await yesterday(40);
  const view = await rig.services.routing.replay();
  expect(view).toMatchObject({ calls: 40, partial: false, leftOut: [] });
  expect(view.toMs - view.fromMs).toBe(DAY_MS);
  expect(view.results.map(({ strategy }) => strategy)).toEqual([...STRATEGIES]);
  const served = (strategy: string) =>
    view.results.find((one) => one.strategy === strategy)?.accounts.map((account) => account.served);
  expect(served('priority')).toEqual([40, 0]);
  const turns = served('round_robin') ?? [];
  expect(turns.reduce((sum, one) => sum + one, 0)).toBe(40);
  expect(Math.min(...turns)).toBeGreaterThan(0);
});

it('is remembered, and worked out anew once a setting or an account is another', async () => {
  await yesterday(5);
  const view = await rig.services.routing.replay();
  expect(await rig.services.routing.replay()).toBe(view);
  await rig.services.settings.set({ values: { 'routing.affinity': 'off' } });
  const anew = await rig.services.routing.replay();
  expect(anew).not.toBe(view);
  await rig.services.accounts.disable({ ref: 'Second' });
  expect(await rig.services.routing.replay()).toMatchObject({ leftOut: ['Second'] });
});

it('says that there was no call, or nobody to serve', async () => {
  expect(await rig.services.routing.replay()).toMatchObject({ calls: 0, results: [] });
  await yesterday(3);
  await rig.services.accounts.disable({ ref: 'First' });
  await rig.services.accounts.disable({ ref: 'Second' });
  expect(await rig.services.routing.replay()).toMatchObject({
    calls: 3,
    results: [],
    leftOut: ['First', 'Second'],
  });
});
