/** What the admin API says when something is wrong, and above all what it does not repeat. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminServer, startAdminServer } from './admin-server.ts';

const CANARY = 'sk-canary-7f3a9c1e5b2d8046';

describe('a request that is wrong', () => {
  let server: AdminServer;
  let proof: Record<string, string>;
  beforeAll(async () => {
    server = await startAdminServer();
    const { cookie, originKey } = await server.signIn();
    proof = { cookie, 'x-cam-origin-key': originKey };
  });
  afterAll(() => server.close());

  const add = (input: unknown) => server.post('accounts.add', input, proof);

  it.each([
    ['JSON cut in the middle', `{"name":"Work","key":"${CANARY}`],
    ['a key with a blank inside', { name: 'Work', key: `${CANARY} ${CANARY}` }],
    ['a key where a number should be', { name: 'Work', key: CANARY, priority: CANARY }],
    ['a key where a list should be', { name: 'Work', key: CANARY, models: CANARY }],
    ['a key as a base URL', { name: 'Work', key: 'x'.repeat(30), baseUrl: CANARY }],
    ['a key as a name that is too long', { name: CANARY.repeat(9), key: CANARY }],
    ['a key among model patterns', { name: 'Work', key: CANARY, models: [`${CANARY} x`] }],
  ])('is refused without repeating what was sent: %s', async (_, input) => {
    const answer = await add(input);
    expect(answer.status).toBe(400);
    expect(answer.body.error?.data).toMatchObject({ httpStatus: 400 });
    expect(answer.text).not.toContain(CANARY.slice(0, 10));
    expect(answer.text).not.toMatch(/\bat .*\.ts|stack/);
  });

  it('names the field at fault', async () => {
    const answer = await add({ name: 'Work', key: CANARY, limits: { day: { requests: 0 } } });
    expect(answer.body.error).toMatchObject({
      message: 'limits.day.requests: a request limit is at least 1.',
      data: { code: 'invalid_request', param: 'limits.day.requests' },
    });
  });

  it('refuses a field it does not know, so that a misspelt limit is not taken for none', async () => {
    const answer = await add({ name: 'Work', key: CANARY, limit: { day: { requests: 5 } } });
    expect(answer.body.error?.data.code).toBe('invalid_request');
    expect(await server.rig.services.accounts.list()).toEqual([]);
  });

  it('gives code, hint, details and the wait from the one table of errors', async () => {
    for (let tries = 0; tries < 5; tries++)
      await server.post('session.unlock', { masterKey: 'wrong wrong wrong' });
    const answer = await server.post('session.unlock', { masterKey: 'wrong wrong wrong' });
    expect(answer.status).toBe(429);
    expect(answer.body.error?.data).toMatchObject({ code: 'login_throttled', retryAfterMs: 2_000 });
    server.rig.clock.advance(2_000);
  });

  it('says what it takes when it gets something else', async () => {
    const response = await fetch(`${server.base}/session.unlock`, { method: 'POST', body: 'masterKey=x' });
    expect(response.status).toBe(415);
    expect((await server.get('no.such', proof)).body.error?.data.code).toBe('unknown_path');
  });

  it('takes no more than a megabyte and no more than ten calls at once', async () => {
    const large = await add({ name: 'x'.repeat(1_200_000), key: CANARY });
    expect(large.body.error?.data.code).toBe('body_too_large');
    const many = await server.get(`${Array(11).fill('session.status').join(',')}?batch=1`);
    expect(many.text).toContain('invalid_request');
    expect(many.text).not.toContain('"vault"');
  });

  it('reports its own faults without the request, and tells the caller nothing of them', async () => {
    await server.rig.db.schema.alterTable('accounts').renameTo('gone').execute();
    const answer = await add({ name: 'Work', key: CANARY });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/sqlite|table|stack/i);
    expect(server.reported).toEqual([{ code: 'internal', path: 'accounts.add' }]);
  });
});
