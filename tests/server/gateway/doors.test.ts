import { describe, expect, it } from 'vitest';
import { chat, openRig, type Rig } from '../../support/gateway-rig.ts';

async function errorOf(answer: Response): Promise<{ code: string; message: string; details?: unknown }> {
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  return error;
}

const post = (rig: Rig, headers: Record<string, string>): Promise<Response> =>
  fetch(`${rig.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(chat()),
  });

describe('A locked vault', () => {
  it('answers 503 before it looks at anything, says where to unlock, and tells SDKs not to retry', async () => {
    await using rig = await openRig({ locked: true });
    const answer = await post(rig, {});
    expect(answer.status).toBe(503);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    const error = await errorOf(answer);
    expect(error.code).toBe('vault_locked');
    expect(error.message).toContain(`${rig.url}/admin/unlock`);
    expect(await rig.rows()).toHaveLength(0);
  });
});

describe('Who is calling', () => {
  it('may say so as a bearer or in x-api-key', async () => {
    await using rig = await openRig();
    expect((await post(rig, { authorization: 'Bearer sk-codex-account-manager' })).status).toBe(200);
    expect((await post(rig, { 'x-api-key': 'sk-codex-account-manager' })).status).toBe(200);
    expect(rig.emulator.strangers()).toEqual([]);
  });

  it('gets 401 with an unknown key, and nothing reaches a provider', async () => {
    await using rig = await openRig();
    const answer = await post(rig, { authorization: 'Bearer sk-somebody-else' });
    expect(answer.status).toBe(401);
    expect((await errorOf(answer)).code).toBe('invalid_client_key');
    expect(rig.received('one')).toBe(0);
  });

  it('is told how to make a key while none exists', async () => {
    await using rig = await openRig({ clientKeys: [] });
    const error = await errorOf(await post(rig, { authorization: 'Bearer sk-anything-at-all' }));
    expect(error.code).toBe('no_client_key_yet');
    expect(error.message).toContain('cam keys add');
  });

  it('is told by name what Codex needs when Codex sends no Authorization', async () => {
    await using rig = await openRig();
    const error = await errorOf(await post(rig, { originator: 'codex_exec' }));
    expect(error.message).toContain('CODEX_API_KEY');
    expect(error.message).toContain('env_key');
  });

  it('is refused after revocation and after expiry, by name', async () => {
    for (const [over, code] of [
      [{ revokedAtMs: 1 }, 'client_key_revoked'],
      [{ expiresAtMs: 1 }, 'client_key_expired'],
    ] as const) {
      await using rig = await openRig({ clientKeys: [{ name: 'Laptop', ...over }] });
      const error = await errorOf(await post(rig, { authorization: 'Bearer sk-codex-account-manager' }));
      expect(error).toMatchObject({ code });
      expect(error.message).toContain('Laptop');
    }
  });
});

describe('What is asked', () => {
  const cases = [
    ['an admin path is refused by name', 'GET', '/v1/organization/costs', 403, 'admin_path'],
    ['an unknown path is not found', 'GET', '/v1/nonsense', 404, 'unknown_path'],
    ['a known path with another method says which', 'DELETE', '/v1/embeddings', 405, 'method_not_allowed'],
  ] as const;
  for (const [promise, method, path, status, code] of cases) {
    it(promise, async () => {
      await using rig = await openRig();
      const answer = await fetch(`${rig.url}${path}`, {
        method,
        headers: { authorization: 'Bearer sk-codex-account-manager' },
      });
      expect(answer.status).toBe(status);
      expect((await errorOf(answer)).code).toBe(code);
      expect(rig.emulator.key('sk-emulated-one').received).toHaveLength(0);
    });
  }

  it('a WebSocket path asked for without an upgrade is 426, never a call to a provider', async () => {
    await using rig = await openRig({ accounts: [{ name: 'Work' }] });
    const headers = { authorization: 'Bearer sk-codex-account-manager' };
    const answer = await fetch(`${rig.url}/v1/responses`, { headers });
    expect(answer.status).toBe(426);
    expect((await errorOf(answer)).code).toBe('websocket_unsupported');
    expect(rig.emulator.keys().flatMap(({ received }) => received)).toEqual([]);
  });

  it('broken JSON and JSON that is no object are 400, and nothing is on record', async () => {
    await using rig = await openRig();
    for (const body of ['{"model":', '[1]', '']) {
      const answer = await fetch(`${rig.url}/v1/responses`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk-codex-account-manager', 'content-type': 'application/json' },
        body,
      });
      expect(answer.status, body).toBe(400);
    }
    expect(await rig.rows()).toHaveLength(0);
  });

  it('a body over the limit is 413', async () => {
    await using rig = await openRig({
      config: (config) => ({ ...config, server: { ...config.server, body_bytes_max: 2_000 } }),
    });
    const answer = await rig.post('/v1/chat/completions', chat({ padding: 'x'.repeat(3_000) }));
    expect(answer.status).toBe(413);
  });

  it('without any account says how to add one', async () => {
    await using rig = await openRig({ accounts: [] });
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(503);
    const error = await errorOf(answer);
    expect(error.code).toBe('no_account');
    expect(error.message).toContain('cam -- add');
  });
});

describe('GET /v1/models', () => {
  const rigOf = () =>
    openRig({
      accounts: [
        { name: 'one' },
        { name: 'two', models: ['gpt-5*', '!gpt-5-pro'] },
        { name: 'three', models: ['local-model'] },
      ],
    });

  it('is the union over accounts and scopes, in OpenAI’s shape, without asking a provider', async () => {
    await using rig = await rigOf();
    rig.room.pool.learnFacts(rig.account('one').id, { modelIds: ['gpt-4.1'] });
    rig.room.pool.learnFacts(rig.account('two').id, { modelIds: ['gpt-5', 'gpt-5-pro', 'gpt-4.1'] });
    const answer = await fetch(`${rig.url}/v1/models`, {
      headers: { authorization: 'Bearer sk-codex-account-manager' },
    });
    const list = (await answer.json()) as { object: string; data: { id: string; object: string }[] };
    expect(list.object).toBe('list');
    expect(list.data.map(({ id }) => id)).toEqual(['gpt-4.1', 'gpt-5', 'local-model']);
    expect(rig.emulator.key('sk-emulated-one').received).toHaveLength(0);
  });

  it('holds back what the caller may not use', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', models: ['gpt-5', 'gpt-4.1'] }],
      clientKeys: [{ models: ['gpt-4*'] }],
    });
    const answer = await fetch(`${rig.url}/v1/models`, {
      headers: { authorization: 'Bearer sk-codex-account-manager' },
    });
    const list = (await answer.json()) as { data: { id: string }[] };
    expect(list.data.map(({ id }) => id)).toEqual(['gpt-4.1']);
  });

  it('answers for one model, and 404 for one that nobody serves', async () => {
    await using rig = await rigOf();
    const get = (id: string) =>
      fetch(`${rig.url}/v1/models/${id}`, { headers: { authorization: 'Bearer sk-codex-account-manager' } });
    expect(await (await get('local-model')).json()).toMatchObject({ id: 'local-model', object: 'model' });
    const missing = await get('gpt-9');
    expect(missing.status).toBe(404);
    expect((await errorOf(missing)).code).toBe('model_not_found');
  });
});
