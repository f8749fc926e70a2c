/** Who may call what, over real HTTP: each procedure looks for itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reveal } from '../../../lib/base/secret.ts';
import { createAdminRouter } from '../../../server/admin/router.ts';
import type { Services } from '../../../server/services/services.ts';
import { MASTER_KEY } from '../services/rig.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

const OPEN = ['session.status', 'session.unlock', 'setup.check', 'setup.initialise', 'setup.judge'];

/** Every procedure there is, found in the router itself, so that a new one cannot be forgotten here. */
function procedures(): { path: string; type: string }[] {
  const all: object = createAdminRouter({} as Services)._def.procedures;
  return Object.entries<{ _def: { type: string } }>({ ...all }).map(([path, procedure]) => ({
    path,
    type: procedure._def.type,
  }));
}

const closed = procedures().filter(({ path }) => !OPEN.includes(path));

describe('without a sign-in', () => {
  let server: AdminServer;
  beforeAll(async () => {
    server = await startAdminServer();
  });
  afterAll(() => server.close());

  it('there are procedures to protect, and exactly five open ones', () => {
    expect(closed.length).toBeGreaterThan(20);
    expect(procedures().filter(({ path }) => OPEN.includes(path))).toHaveLength(OPEN.length);
  });

  it.each(closed.filter(({ type }) => type !== 'subscription'))(
    '$path ($type) is refused',
    async ({ path, type }) => {
      const answer = type === 'query' ? await server.get(path) : await server.post(path, {});
      expect(answer.status).toBe(401);
      expect(answer.body.error?.data).toMatchObject({ code: 'unauthenticated', path });
      expect(answer.body.result).toBeUndefined();
    },
  );

  it.each(closed.filter(({ type }) => type === 'subscription'))(
    '$path (subscription) tells nothing',
    async ({ path }) => {
      const response = await fetch(`${server.base}/${path}`, { headers: { accept: 'text/event-stream' } });
      const text = await response.text();
      expect(text).toContain('unauthenticated');
      expect(text).not.toContain('accountStates');
    },
  );

  it.each(['setup.check', 'setup.initialise', 'setup.judge'])(
    '%s is open to the holder of the set-up link only',
    async (path) => {
      const answer = await server.post(path, { token: 'x'.repeat(43), masterKey: 'a chosen master key' });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body.result).toBeUndefined();
    },
  );

  it('a query cannot be used to change something, nor a GET', async () => {
    const answer = await server.get('session.lock');
    expect(answer.body.error?.data.code).toBe('method_not_allowed');
    expect(server.rig.vault.state()).toBe('unlocked');
  });

  it('session.status tells whether the vault is open, and nothing of what is in it', async () => {
    const answer = await server.get('session.status');
    expect(Object.keys(answer.body.result?.data ?? {}).sort()).toEqual([
      'signedIn',
      'throttledMs',
      'triesLeft',
      'vault',
      'version',
    ]);
  });
});

describe('with a sign-in', () => {
  let server: AdminServer;
  beforeAll(async () => {
    server = await startAdminServer();
  });
  afterAll(() => server.close());

  it('a cookie is worth nothing without the origin key it is bound to', async () => {
    const { cookie, originKey } = await server.signIn();
    const other = await server.signIn();
    expect((await server.get('accounts.list', { cookie })).status).toBe(401);
    expect((await server.get('accounts.list', { 'x-cam-origin-key': originKey })).status).toBe(401);
    expect((await server.get('accounts.list', { cookie, 'x-cam-origin-key': other.originKey })).status).toBe(
      401,
    );
    expect((await server.get('accounts.list', { cookie, 'x-cam-origin-key': originKey })).status).toBe(200);
  });

  it('the cookie cannot be read by scripts and goes to /admin of this site only', async () => {
    const answer = await server.post('session.unlock', { masterKey: reveal(MASTER_KEY) });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^cam_session_\d+=[^;]+; Path=\/admin; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.body.result?.data.bearer).toBeNull();
  });

  it('a bearer is given in the answer, with no cookie, and serves the command line', async () => {
    const answer = await server.post('session.unlock', { masterKey: reveal(MASTER_KEY), want: 'bearer' });
    expect(answer.headers.get('set-cookie')).toBeNull();
    const authorization = `Bearer ${String(answer.body.result?.data.bearer)}`;
    expect((await server.get('accounts.list', { authorization })).status).toBe(200);
    await server.post('session.end', undefined, { authorization });
    expect((await server.get('accounts.list', { authorization })).status).toBe(401);
  });

  it('a ticket opens one subscription and no second, and nothing but a subscription', async () => {
    const { cookie, originKey } = await server.signIn();
    const proof = { cookie, 'x-cam-origin-key': originKey };
    const { ticket } = (await server.post('session.ticket', undefined, proof)).body.result?.data ?? {};
    const params = `connectionParams=${encodeURIComponent(JSON.stringify({ ticket }))}`;
    expect((await server.get(`accounts.list?${params}`)).status).toBe(401);
    const leaving = new AbortController();
    const first = await fetch(`${server.base}/live.watch?${params}`, { signal: leaving.signal });
    const reader = first.body?.getReader();
    let text = '';
    while (reader && !text.includes('accountStates')) {
      text += new TextDecoder().decode((await reader.read()).value);
    }
    leaving.abort();
    const second = await fetch(`${server.base}/live.watch?${params}`);
    expect(await second.text()).toContain('unauthenticated');
  });

  it('a stream ends when its sign-in does', async () => {
    const { cookie, originKey } = await server.signIn();
    const proof = { cookie, 'x-cam-origin-key': originKey };
    const { ticket } = (await server.post('session.ticket', undefined, proof)).body.result?.data ?? {};
    const params = `connectionParams=${encodeURIComponent(JSON.stringify({ ticket }))}`;
    const stream = await fetch(`${server.base}/live.watch?${params}`);
    await server.post('session.end', undefined, proof);
    expect(await stream.text()).toContain('event: return');
  });

  it('locking ends every sign-in and says so at once', async () => {
    const { cookie, originKey } = await server.signIn();
    const proof = { cookie, 'x-cam-origin-key': originKey };
    const answer = await server.post('session.lock', { panic: true }, proof);
    expect(answer.body.result?.data).toEqual({ ok: true });
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(server.rig.vault.state()).toBe('locked');
    expect((await server.get('accounts.list', proof)).status).toBe(401);
  });
});
