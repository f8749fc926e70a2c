/** What a client key's own rules do to its calls, through real sockets. */
import { describe, expect, it } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import { fromDollars } from '../../../lib/base/money.ts';
import { HOUR_MS } from '../../../lib/base/time.ts';
import type { Config } from '../../../lib/config.ts';
import { scripts } from '../../../server/demo/faults.ts';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';

interface WireBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly param: string | null;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

const errorOf = async (answer: Response) => ((await answer.json()) as WireBody).error;
const limitsOf = (limits: Partial<Config['limits']>) => (config: Config) => ({
  ...config,
  limits: { ...config.limits, ...limits },
});

describe('The limits of a client key', () => {
  it('let exactly 10 of 500 concurrent calls through to the provider', async () => {
    await using rig = await openRig({ clientKeys: [{ limits: { five_hours: { requests: 10 } } }] });
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => rig.post('/v1/chat/completions', chat())),
    );
    expect(rig.received('one')).toBe(10);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    await Promise.all(answers.map((answer) => answer.text()));
    expect(await rig.rows()).toHaveLength(10);
  });

  it('in money are never passed in strict mode by 500 concurrent calls of a known price and size', async () => {
    const cost = fromDollars(0.05);
    await using rig = await openRig({
      clientKeys: [{ limits: { day: { cost } } }],
      config: limitsOf({ mode: 'strict' }),
    });
    const key = rig.clientKeyIds[0];
    if (!key) throw new Error('no key');
    let highest = 0;
    const answers = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const answer = await rig.post('/v1/chat/completions', chat({ max_tokens: 300 }));
        highest = Math.max(highest, rig.limitBook.uses(key).day.cost);
        return answer;
      }),
    );
    await Promise.all(answers.map((answer) => answer.text()));
    const spent = (await rig.rows()).reduce((sum, row) => sum + (row.cost ?? 0), 0);
    expect(highest).toBeLessThanOrEqual(cost);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(cost);
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect(rig.limitBook.uses(key).day.cost).toBe(spent);
  });

  it('say which one, how much, and truly when; and are final when that is more than a minute away', async () => {
    await using rig = await openRig({ clientKeys: [{ limits: { hour: { requests: 1 } } }] });
    await rig.post('/v1/chat/completions', chat());
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(429);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(answer.headers.get('retry-after')).toBeNull();
    const { code, message, details } = await errorOf(answer);
    expect(code).toBe('client_limit_reached');
    expect(message).toMatch(/limit of 1 requests in an hour\. It resets at \d{4}-/);
    expect(details).toMatchObject({ window: 'hour', kind: 'requests', limit: 1, used: 1 });
    const resetsAtMs = Number(details?.resetsAtMs);
    rig.clock.advance(resetsAtMs - rig.clock.nowMs() - 20_000);
    const soon = await rig.post('/v1/chat/completions', chat());
    expect(soon.status).toBe(429);
    expect(Number(soon.headers.get('retry-after'))).toBeLessThanOrEqual(20);
    expect(soon.headers.get('x-should-retry')).toBeNull();
    rig.clock.advance(20_000);
    expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
  });

  it('are bound to models where they say so', async () => {
    await using rig = await openRig({
      clientKeys: [{ limits: { byModel: [{ models: ['gpt-5*'], day: { requests: 1 } }] } }],
    });
    const ask = (model: string) => rig.post('/v1/chat/completions', { ...chat(), model });
    expect((await ask('gpt-5-mini')).status).toBe(200);
    const refused = await errorOf(await ask('gpt-5'));
    expect(refused).toMatchObject({ code: 'client_limit_reached', details: { models: ['gpt-5*'] } });
    expect(refused.message).toContain('for gpt-5*');
    expect((await ask('gpt-4.1')).status).toBe(200);
    const unnamed = await rig.post('/v1/chat/completions', { messages: [] });
    expect((await errorOf(unnamed)).code).toBe('missing_model');
  });

  it('of an account that is free again within a minute come with a retry-after', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one', limits: { day: { requests: 1 } } }] });
    await rig.post('/v1/chat/completions', chat());
    const midnightMs = (Math.floor(rig.clock.nowMs() / (24 * HOUR_MS)) + 1) * 24 * HOUR_MS;
    const far = midnightMs - rig.clock.nowMs() > 90_000;
    if (far) {
      const final = await rig.post('/v1/chat/completions', chat());
      expect(final.headers.get('x-should-retry')).toBe('false');
      expect(final.headers.get('retry-after')).toBeNull();
      rig.clock.advance(midnightMs - rig.clock.nowMs() - 30_000);
    }
    const soon = await rig.post('/v1/chat/completions', chat());
    expect((await errorOf(soon)).code).toBe('limit_reached');
    expect(Number(soon.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('are not poisoned by usage that no honest provider reports', async () => {
    await using rig = await openRig({ clientKeys: [{ limits: { day: { tokens: 100_000 } } }] });
    rig.emulator.script('sk-emulated-one', scripts.times({ kind: 'wrong_usage' }, 1));
    for (let n = 0; n < 3; n++) expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
    const key = rig.clientKeyIds[0];
    if (!key) throw new Error('no key');
    await rig.rows();
    const inMemory = rig.limitBook.uses(key).day;
    expect(inMemory.tokens).toBeLessThan(10_000);
    rig.limitBook.load();
    expect(rig.limitBook.uses(key).day).toEqual(inMemory);
  });
});

describe('A client key', () => {
  it('that may not name a service tier or an effort is refused by it, and what names none passes', async () => {
    await using rig = await openRig({ clientKeys: [{ serviceTiers: ['flex'], reasoningEfforts: ['low'] }] });
    const status = async (path: string, body: object) => {
      const answer = await rig.post(path, body);
      return answer.status === 200 ? 200 : `${answer.status} ${(await errorOf(answer)).code}`;
    };
    const chatted = (more: object) => status('/v1/chat/completions', chat(more));
    const responded = (more: object) => status('/v1/responses', responses(more));
    expect(await chatted({})).toBe(200);
    expect(await chatted({ service_tier: 'auto' })).toBe(200);
    expect(await chatted({ service_tier: 'flex', reasoning_effort: 'low' })).toBe(200);
    expect(await chatted({ service_tier: 'default' })).toBe('403 service_tier_not_allowed');
    expect(await responded({ service_tier: 'priority' })).toBe('403 service_tier_not_allowed');
    expect(await chatted({ reasoning_effort: 'high' })).toBe('403 reasoning_effort_not_allowed');
    expect(await responded({ reasoning: { effort: 'high', summary: 'auto' } })).toBe(
      '403 reasoning_effort_not_allowed',
    );
    expect(await responded({ reasoning: { summary: 'auto' } })).toBe(200);
    expect(await responded({ reasoning: { effort: 'low' }, reasoning_effort: 'high' })).toBe(
      '403 reasoning_effort_not_allowed',
    );
    const sent = rig.emulator.key('sk-emulated-one').received.map(({ body }) => JSON.parse(body) as object);
    expect(sent).toHaveLength(4);
    expect(sent[2]).toMatchObject({ service_tier: 'flex', reasoning_effort: 'low' });
  });

  it('tied to an account that is gone reaches none of the others', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one' }, { name: 'two' }],
      clientKeys: [{ accounts: [accountId('00000000-0000-4000-8000-000000000000')] }],
    });
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(503);
    expect((await errorOf(answer)).code).toBe('no_account_for_call');
    expect(rig.received('one') + rig.received('two')).toBe(0);
  });

  it.each([
    ['assume', 200, 429],
    ['refuse', 403, 403],
    ['allow', 200, 200],
  ] as const)(
    'with a money limit meets an unknown price with unknown_price = %s',
    async (unknown_price, first, dear) => {
      await using rig = await openRig({
        clientKeys: [{ limits: { day: { cost: fromDollars(1) } } }],
        config: limitsOf({ unknown_price }),
      });
      const ask = (max_tokens: number) =>
        rig.post('/v1/chat/completions', { ...chat({ max_tokens }), model: 'a-model-of-no-price' });
      const cheap = await ask(10);
      expect(cheap.status).toBe(first);
      if (first === 403) expect((await errorOf(cheap)).code).toBe('price_unknown');
      expect((await ask(1_000_000)).status).toBe(dear);
      const [row] = await rig.rows();
      expect(row?.cost ?? null).toBeNull();
    },
  );
});

describe('GET /v1/usage', () => {
  const usage = (rig: Rig) =>
    fetch(`${rig.url}/v1/usage`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });

  it('tells a client key its own use, limits and resets, also while no account can serve', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one' }],
      clientKeys: [
        { limits: { day: { cost: fromDollars(5) }, five_hours: { requests: 3 } }, serviceTiers: ['flex'] },
      ],
    });
    await (await rig.post('/v1/chat/completions', chat())).text();
    rig.put({ name: 'one', enabled: false });
    const answer = await usage(rig);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      object: 'usage',
      client_key: { name: 'Default' },
      time_zone: 'UTC',
      used: { day: { requests: 1, cost_usd: expect.any(Number) }, month: { requests: 1 } },
      limits: [
        {
          window: 'five_hours',
          models: null,
          kind: 'requests',
          limit: 3,
          used: 1,
          reserved: 0,
          remaining: 2,
        },
        { window: 'day', kind: 'cost_usd', limit: 5 },
      ],
      models: null,
      service_tiers: ['flex'],
      reasoning_efforts: null,
    });
    expect(rig.received('one')).toBe(0);
  });

  it('tells nothing without a client key, nor while the vault is locked', async () => {
    await using rig = await openRig();
    expect((await fetch(`${rig.url}/v1/usage`)).status).toBe(401);
    expect((await rig.post('/v1/usage', {})).status).toBe(405);
    rig.vault.lock();
    const locked = await usage(rig);
    expect(locked.status).toBe(503);
    expect((await errorOf(locked)).code).toBe('vault_locked');
  });
});

describe('A form', () => {
  const field = (name: string, value: string) =>
    `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const file = (bytes: number) =>
    `--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n${'x'.repeat(bytes)}\r\n`;
  const transcribe = (rig: Rig, form: string) =>
    fetch(`${rig.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'multipart/form-data; boundary=b' },
      body: `${form}--b--\r\n`,
    });
  const tied = { clientKeys: [{ models: ['gpt-4o-transcribe'] }] };

  it('of a key that is tied to models is held to them, and streams on as it came', async () => {
    await using rig = await openRig(tied);
    const form = `${field('model', 'gpt-4o-transcribe')}${file(300_000)}`;
    await (await transcribe(rig, form)).text();
    const [call] = rig.emulator.key('sk-emulated-one').received;
    expect(call?.body).toBe(`${form}--b--\r\n`);
    expect((await rig.rows())[0]?.model).toBe('gpt-4o-transcribe');
    const other = await transcribe(rig, `${field('model', 'whisper-1')}${file(10)}`);
    expect([other.status, (await errorOf(other)).code]).toEqual([403, 'model_not_allowed']);
    expect(rig.received('one')).toBe(1);
  });

  it('of such a key has to name its model within 64 KiB, and once', async () => {
    await using rig = await openRig(tied);
    const late = await transcribe(rig, `${file(70_000)}${field('model', 'gpt-4o-transcribe')}`);
    expect([late.status, (await errorOf(late)).code]).toEqual([400, 'missing_model']);
    const none = await transcribe(rig, file(10));
    expect([none.status, (await errorOf(none)).code]).toEqual([400, 'missing_model']);
    expect(rig.received('one')).toBe(0);
    const twice = `${field('model', 'gpt-4o-transcribe')}${file(500_000)}${field('model', 'whisper-1')}`;
    const caught = await transcribe(rig, twice);
    expect([caught.status, (await errorOf(caught)).code]).toEqual([400, 'invalid_request']);
    // The account is not to blame: the next call goes to it.
    expect((await rig.post('/v1/chat/completions', { ...chat(), model: 'gpt-4o-transcribe' })).status).toBe(
      200,
    );
    expect(rig.room.pool.snapshot()[0]?.breakers).toEqual({});
  });

  it('of any other key may name it late or not at all', async () => {
    await using rig = await openRig();
    const form = `${file(70_000)}${field('model', 'gpt-4o-transcribe')}`;
    await (await transcribe(rig, form)).text();
    expect(rig.emulator.key('sk-emulated-one').received[0]?.body).toBe(`${form}--b--\r\n`);
  });
});
