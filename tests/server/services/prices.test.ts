/** The operator's own prices, from the question to the next call's cost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { priceSetInput } from '../../../lib/wire/price-views.ts';
import { createOwnPrices } from '../../../server/services/prices/own-prices.ts';
import { opened, settled } from '../db/support.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const DOLLAR = 1_000_000_000;

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
  await rig.services.local.initialise(MASTER_KEY);
});
afterEach(() => rig.close());

const inForce = async (model: string) =>
  (await rig.services.prices.list({ models: [model] })).models[0]?.prices;

describe('Prices', () => {
  it('come with how much a model takes in, where the data says so', async () => {
    const { models } = await rig.services.prices.list({ models: ['gpt-5', 'a-model-of-nobody'] });
    expect(models.map(({ contextTokens }) => contextTokens)).toEqual([400_000, null]);
  });

  it('are those of the data until the operator sets one, which holds at once and after a restart', async () => {
    expect(await inForce('gpt-5')).toMatchObject({ input: 1.25 * DOLLAR, source: 'genai-prices 0.1.8' });
    const set = await rig.services.prices.set({ model: 'gpt-5', input: DOLLAR, output: 4 * DOLLAR });
    expect(set.models).toMatchObject([{ prices: { input: DOLLAR, output: 4 * DOLLAR, source: 'operator' } }]);
    expect(set.own).toMatchObject([{ model: 'gpt-5', cached: null, setAtMs: rig.clock.nowMs() }]);
    const later = createOwnPrices(rig.database.db);
    await later.load();
    expect(later.current().models).toEqual(rig.ownPrices.current().models);
    const removed = await rig.services.prices.remove({ model: 'gpt-5' });
    expect(removed.models).toMatchObject([{ prices: { input: 1.25 * DOLLAR } }]);
    expect(removed.own).toEqual([]);
    await expect(rig.services.prices.remove({ model: 'gpt-5' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('hold from their day on, and replace the one of the same day', async () => {
    const figures = { output: 0, cached: 0.1 * DOLLAR };
    await rig.services.prices.set({ model: 'relay*', fromDay: '2020-01-01', input: DOLLAR, ...figures });
    await rig.services.prices.set({ model: 'relay*', fromDay: '2999-01-01', input: 9 * DOLLAR, ...figures });
    await rig.services.prices.set({ model: 'relay*', fromDay: '2020-01-01', input: 2 * DOLLAR, ...figures });
    expect(await inForce('relay-large')).toMatchObject({ input: 2 * DOLLAR, cached: 0.1 * DOLLAR });
    expect((await rig.services.prices.list({})).own).toHaveLength(2);
  });

  it('are listed for models that were used, with the calls that nobody could price', async () => {
    await rig.ledger.open(opened(1, { startedAtMs: rig.clock.nowMs() - 1_000, model: 'a-secret-model' }));
    rig.ledger.settle(settled(1, { cost: null }));
    await rig.ledger.flush();
    expect((await rig.services.prices.list({})).models).toMatchObject([
      { model: 'a-secret-model', prices: null, calls: 1, unknownCostCalls: 1 },
    ]);
  });

  it('are noted in the audit log, by model and not by figure', async () => {
    await rig.services.prices.set({ model: 'gpt-5', input: 123, output: 4 });
    const { rows } = await rig.services.audit.list({ limit: 1 });
    expect(rows).toMatchObject([{ deed: 'settings.changed', objectName: 'prices' }]);
    expect(JSON.stringify(rows)).toContain('gpt-5');
  });

  it.each([
    [{ model: '', input: 1, output: 1 }, 'name a model'],
    [{ model: 'a * b', input: 1, output: 1 }, 'one word'],
    [{ model: '*x', input: 1, output: 1 }, 'at its end only'],
    [{ model: 'a', input: -1, output: 1 }, 'not below 0'],
    [{ model: 'a', input: 0.5, output: 1 }, 'whole nano-dollars'],
    [{ model: 'a', input: 1, output: 2 ** 52 }, 'more than a million dollars'],
    [{ model: 'a', input: 1, output: 1, fromDay: '2026-13-45' }, 'no such day'],
    [{ model: 'a', input: 1, output: 1, fromDay: 'tomorrow' }, 'YYYY-MM-DD'],
  ])('that make no sense are refused in words: %o', (input, words) => {
    const { error } = priceSetInput.safeParse(input);
    expect(error?.issues.map(({ message }) => message).join()).toContain(words);
  });
});
