import { describe, expect, it } from 'vitest';
import { fromDollars } from '../../../lib/base/money.ts';
import { createPriceBook } from '../../../lib/metering/price-book.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { chat, openRig } from '../../support/gateway-rig.ts';

const DOLLAR = fromDollars(1);

describe('Limits', () => {
  it('let exactly 10 of 500 concurrent calls through to the provider', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one', limits: { day: { requests: 10 } } }] });
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => rig.post('/v1/chat/completions', chat())),
    );
    const served = answers.filter(({ status }) => status === 200);
    expect(rig.received('one')).toBe(10);
    expect(served).toHaveLength(10);
    const refused = answers.find(({ status }) => status !== 200);
    expect(refused?.status).toBe(429);
    expect(await refused?.json()).toMatchObject({ error: { code: 'limit_reached' } });
    expect(refused?.headers.get('x-should-retry')).toBe('false');
    await Promise.all(answers.map((answer) => answer.bodyUsed || answer.text()));
    expect(await rig.rows()).toHaveLength(10);
  });

  it('of one account send the rest to the next one', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', limits: { month: { requests: 2 } } }, { name: 'two' }],
    });
    for (let i = 0; i < 5; i++) expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
    expect(rig.received('one')).toBe(2);
    expect(rig.received('two')).toBe(3);
  });

  it('of a client key are its own and say when they reset', async () => {
    await using rig = await openRig({ clientKeys: [{ limits: { day: { requests: 1 } } }] });
    await rig.post('/v1/chat/completions', chat());
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(429);
    const { error } = (await answer.json()) as { error: { code: string; details: object } };
    expect(error).toMatchObject({ code: 'client_limit_reached', details: { limit: 1, kind: 'requests' } });
  });

  it('in money count a call without a known price at the dearest one, by what it used', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one', limits: { day: { cost: DOLLAR } } }] });
    const body = { ...chat(), model: 'a-model-of-no-price', max_tokens: 50 };
    expect((await rig.post('/v1/chat/completions', body)).status).toBe(200);
    const [row] = await rig.rows();
    expect(row?.cost).toBeNull();
    const dearest = createPriceBook({ today: () => Date.now() }).dearest();
    const expected =
      ((row?.input_tokens ?? 0) * dearest.input + (row?.output_tokens ?? 0) * dearest.output) / 1e6;
    const used = rig.limitBook.uses(rig.account('one').id).day.cost;
    expect(used).toBeGreaterThan(0);
    expect(Math.abs(used - expected)).toBeLessThanOrEqual(1);
    // What a restart sums up from the ledger is the same.
    rig.limitBook.load();
    expect(rig.limitBook.uses(rig.account('one').id).day.cost).toBe(used);
  });

  it('follow the call when it moves: the account that failed is not charged for it', async () => {
    await using rig = await openRig({
      accounts: [
        { name: 'one', limits: { day: { requests: 5 } } },
        { name: 'two', limits: { day: { requests: 1 } } },
      ],
    });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    const moved = await rig.post('/v1/chat/completions', chat());
    expect(moved.headers.get('x-cam-account')).toBe(rig.account('two').id);
    await rig.rows();
    const [one, two] = rig.room.pool.snapshot();
    expect(one?.used.day.requests).toBe(0);
    expect(two?.used.day.requests).toBe(1);
    expect(rig.events.map(({ kind }) => kind)).toContain('call.moved');
  });

  it('are not touched by calls that no account served', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one', limits: { day: { requests: 2 } } }] });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(30)));
    expect((await rig.post('/v1/chat/completions', chat())).status).toBe(429);
    expect(rig.room.pool.snapshot()[0]?.used.day.requests).toBe(0);
  });

  it('hold for calls under way too: more than the in-flight cap is refused with a code of our own', async () => {
    await using rig = await openRig({
      config: (config) => ({ ...config, server: { ...config.server, in_flight_max: 2 } }),
    });
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'slow', eventDelayMs: 20 }));
    const first = [1, 2].map(() => rig.post('/v1/chat/completions', chat({ stream: true })));
    await Promise.all(first);
    const third = await rig.post('/v1/chat/completions', chat());
    expect(third.status).toBe(503);
    expect(await third.json()).toMatchObject({ error: { code: 'too_many_in_flight' } });
    await Promise.all((await Promise.all(first)).map((answer) => answer.text()));
  });
});
