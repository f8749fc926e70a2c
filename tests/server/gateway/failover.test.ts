import { describe, expect, it } from 'vitest';
import { type Fault, faults, scripts } from '../../../server/demo/faults.ts';
import { chat, openRig, responses } from '../../support/gateway-rig.ts';

const TWO = [{ name: 'one' }, { name: 'two' }];
const surfaces = [
  ['a JSON answer', '/v1/chat/completions', chat()],
  ['a chat stream', '/v1/chat/completions', chat({ stream: true })],
  ['a responses stream', '/v1/responses', responses({ stream: true })],
] as const;

const unseen: readonly (readonly [string, Fault])[] = [
  ['a rate limit with a told wait', faults.rateLimit(20)],
  ['a rate limit without one', faults.rateLimit()],
  ['an exhausted credit', faults.quota()],
  ['a refused key', faults.unauthorized()],
  ['a deactivated account', faults.deactivated()],
  ['a missing scope', faults.scope()],
  ['a model that is missing there', faults.modelNotFound('gpt-5')],
  ['a server error', faults.serverError()],
  ['an overload', faults.overloaded()],
  ['a gateway page', faults.html502()],
  ['a reset connection', { kind: 'reset' }],
];

describe('Before the first byte, another account answers and the client notices nothing of', () => {
  for (const [name, fault] of unseen) {
    it(`${name}, on every surface`, async () => {
      await using rig = await openRig({ accounts: TWO });
      for (const [surface, path, body] of surfaces) {
        rig.emulator.script('sk-emulated-one', scripts.always(fault));
        rig.room.pool.clearMarks(rig.account('one').id);
        const answer = await rig.post(path, body);
        const text = await answer.text();
        expect(answer.status, surface).toBe(200);
        expect(answer.headers.get('x-cam-account'), surface).toBe(rig.account('two').id);
        expect(answer.headers.get('x-cam-attempts'), surface).toBe('2');
        expect(text, surface).not.toContain('error":{');
      }
      const rows = await rig.rows();
      expect(rows.map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered', 'delivered']);
      expect(rows.every((row) => row.account_id === rig.account('two').id)).toBe(true);
    });
  }

  it('an error inside 200 before any output, in both of its forms', async () => {
    await using rig = await openRig({ accounts: TWO });
    for (const form of ['error', 'failed'] as const) {
      rig.emulator.script('sk-emulated-one', scripts.always(faults.overloadInside(form)));
      const answer = await rig.post('/v1/responses', responses({ stream: true }));
      const text = await answer.text();
      expect(answer.headers.get('x-cam-account')).toBe(rig.account('two').id);
      expect(text).toContain('response.completed');
      expect(text).not.toContain('overloaded');
    }
  });

  it('a JSON answer that is cut in its middle', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'cut', onBoundary: false }));
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ object: 'chat.completion' });
  });

  it('silence before the headers, and before the first event', async () => {
    await using rig = await openRig({
      accounts: TWO,
      config: (config) => ({
        ...config,
        upstream: { ...config.upstream, first_byte_ms: 300, idle_ms: 300 },
      }),
    });
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall', beforeHeaders: true }));
    const first = await rig.post('/v1/chat/completions', chat({ stream: true }));
    expect(await first.text()).toContain('[DONE]');
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall', afterOutput: 0 }));
    const second = await rig.post('/v1/chat/completions', chat({ stream: true }));
    expect(await second.text()).toContain('[DONE]');
    expect(second.headers.get('x-cam-account')).toBe(rig.account('two').id);
  });
});

describe('What is the client’s own business is returned unchanged and moves nowhere:', () => {
  it('a schema error, with the provider’s words and headers', async () => {
    await using rig = await openRig({ accounts: TWO });
    const fault: Fault = {
      kind: 'refuse',
      status: 400,
      code: 'invalid_value',
      type: 'invalid_request_error',
      message: 'That is no temperature.',
      param: 'temperature',
    };
    rig.emulator.script('sk-emulated-one', scripts.always(fault));
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { message: 'That is no temperature.', code: 'invalid_value', param: 'temperature' },
    });
    expect(rig.received('two')).toBe(0);
  });

  it('a policy refusal, which is never tried elsewhere', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.policy()));
    const answer = await rig.post('/v1/responses', responses({ stream: true }));
    expect(answer.status).toBe(400);
    expect(rig.received('one')).toBe(1);
    expect(rig.received('two')).toBe(0);
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'delivered', status: 400, account_id: rig.account('one').id });
  });

  it('a missing model, when every account says so', async () => {
    await using rig = await openRig({ accounts: TWO });
    for (const { name } of TWO) {
      rig.emulator.script(`sk-emulated-${name}`, scripts.always(faults.modelNotFound('gpt-5')));
    }
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });
});

describe('What is one account’s business never reaches the client:', () => {
  it('when all are rate limited, our own 429 says for how long and names no organisation', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(30)));
    rig.emulator.script('sk-emulated-two', scripts.always(faults.rateLimit(12)));
    const answer = await rig.post('/v1/chat/completions', chat());
    const text = await answer.text();
    expect(answer.status).toBe(429);
    expect(text).toContain('all_accounts_cooling_down');
    expect(text).not.toMatch(/org-|proj_|sk-/);
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(12);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(8);
  });

  it('when the only key is refused, the account is disabled after one question and the client is told to stop', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', { steps: [{ fault: faults.unauthorized() }], on: 'all' });
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(rig.room.pool.snapshot()[0]?.credentialRefused).toMatch(/key/);
    const asked = rig.emulator.key('sk-emulated-one').received.filter(({ path }) => path === '/models');
    expect(asked).toHaveLength(1);
  });

  it('a refusal that GET /models does not confirm leaves the account enabled', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.unauthorized(), 1));
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(200);
    expect(rig.room.pool.snapshot()[0]?.credentialRefused).toBe(null);
  });

  it('out of quota everywhere tells the client not to retry', async () => {
    await using rig = await openRig({ accounts: TWO });
    for (const { name } of TWO) rig.emulator.script(`sk-emulated-${name}`, scripts.always(faults.quota()));
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(await answer.json()).toMatchObject({ error: { code: 'all_accounts_exhausted' } });
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(answer.headers.get('retry-after')).toBe(null);
  });
});

describe('A call costs the providers little:', () => {
  it('at most three upstream calls, however many accounts fail', async () => {
    const accounts = ['one', 'two', 'three', 'four', 'five'].map((name) => ({ name }));
    await using rig = await openRig({ accounts });
    for (const { name } of accounts)
      rig.emulator.script(`sk-emulated-${name}`, scripts.always(faults.serverError()));
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(500);
    expect(accounts.reduce((sum, { name }) => sum + rig.received(name), 0)).toBe(3);
  });

  it('a lone account is tried again after a moment, and the second try is the answer', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(200);
    expect(rig.received('one')).toBe(2);
  });

  it('an account that is cooling down is not asked again', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(60)));
    for (let i = 0; i < 4; i++) await rig.post('/v1/chat/completions', chat()).then((one) => one.text());
    expect(rig.received('one')).toBe(1);
    expect(rig.received('two')).toBe(4);
  });

  it('an upload is never sent twice', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.serverError()));
    const answer = await fetch(`${rig.url}/v1/files`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk-codex-account-manager',
        'content-type': 'multipart/form-data; boundary=b',
      },
      body: '--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants\r\n--b--\r\n',
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(rig.received('one') + rig.received('two')).toBe(1);
  });
});
