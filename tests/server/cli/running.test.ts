/** The command line beside a running server: found by itself, proved by its start, the master key asked for once. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../../server/demo/emulator.ts';
import { createHome, type Home, type Server } from './cam.ts';

const KEY = 'sk-proj-good-0123456789abcdefghij';

describe('cam beside a running server', () => {
  let home: Home;
  let server: Server;
  let emulator: Emulator;
  const withKey = () => ({ env: { CAM_MASTER_KEY_FILE: home.keyFile } });
  const local = () => ['--base-url', emulator.baseUrl, '--allow-local'];

  beforeAll(async () => {
    home = createHome();
    emulator = await createEmulator({ keys: [{ key: KEY }] });
    server = await home.serve({ CAM_MASTER_KEY_FILE: home.keyFile });
  });
  afterAll(async () => {
    await server.stop();
    await emulator.close();
    home.remove();
  });

  it('tells where the server is without a sign-in, and no more', async () => {
    const { code, out, err } = await home.cam(['status']);
    expect(code).toBe(0);
    expect(out).toContain(`endpoint  ${server.origin}/v1\n`);
    expect(out).not.toContain('accounts');
    expect(err).toBe('hint: cam unlock signs in and shows more\n');
  });

  it('signs in once and keeps the proof for its owner only', async () => {
    expect(await home.cam(['list'])).toMatchObject({ code: 3, out: '' });
    expect(await home.cam(['unlock'], withKey())).toMatchObject({ code: 0, err: '' });
    expect(statSync(join(home.folder, 'session.json')).mode & 0o777).toBe(0o600);
    expect(await home.cam(['list'])).toEqual({
      code: 0,
      out: '',
      err: 'There is no account yet.\nhint: cam add NAME adds one and asks for its key\n',
    });
  });

  it('adds an account that the provider accepts, and says what it learned', async () => {
    const said = await home.cam(['add', 'Work', '-', ...local()], { input: `${KEY}\n` });
    expect(said).toMatchObject({ code: 0, out: 'Added Work (…ghij).\n' });
    expect(said.err).toMatch(/Learned: \d+ models/);
    expect(await home.cam(['test', 'Work'])).toMatchObject({ code: 0, out: 'Work: accepted\n' });
  });

  it('tells calls as they end, a line each, and no call twice', async () => {
    const { key } = JSON.parse((await home.cam(['keys', 'add', 'follower', '--json'])).out);
    const call = async (): Promise<string | null> => {
      const answer = await fetch(`${server.origin}/v1/responses`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-5.5', input: 'say exactly: hi' }),
      });
      await answer.text();
      return answer.headers.get('x-cam-request-id');
    };
    const before = await call();
    const followed = home.follow(['requests', '-f', '-n', '1', '--json']);
    await expect.poll(followed.out, { timeout: 15_000 }).toContain(before);
    const first = await call();
    await expect.poll(followed.out, { timeout: 15_000 }).toContain(first);
    const second = await call();
    await expect.poll(followed.out, { timeout: 15_000 }).toContain(second);
    const told = followed
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(new Set(told).size).toBe(told.length);
    await followed.stop();
  });

  it('does not add an account that the provider refuses', async () => {
    const said = await home.cam(['add', 'Bad', '-', ...local()], {
      input: 'sk-proj-bad-0123456789abcdefghij',
    });
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain('cam: The provider refuses this key (401). Nothing was added.');
    expect((await home.cam(['list', '--json'])).out).not.toContain('Bad');
  });

  it('changes one limit and leaves the other alone', async () => {
    await home.cam(['edit', 'work', '--limit-month-requests', '1,000', '--limit-day-usd', '2.50']);
    await home.cam(['edit', 'work', '--limit-day-usd', 'none', '--models', 'gpt-5*,!gpt-5-pro']);
    const shown = JSON.parse((await home.cam(['show', 'WORK', '--json'])).out);
    expect(shown).toMatchObject({ limits: { month: { requests: 1_000 } }, models: ['gpt-5*', '!gpt-5-pro'] });
    expect(shown.limits.day).toBeUndefined();
  });

  it('does not remove anything without a yes', async () => {
    await home.cam(['add', 'Spare', '-', '--no-check'], { input: 'sk-proj-spare-0123456789abcdefghij' });
    expect(await home.cam(['remove', 'Spare'])).toMatchObject({ code: 2, out: '' });
    expect(await home.cam(['remove', 'Spare', '--yes'])).toMatchObject({ code: 0, out: 'Removed Spare.\n' });
    expect(await home.cam(['show', 'Spare'])).toEqual({
      code: 1,
      out: '',
      err: 'cam: There is no account called "Spare".\n',
    });
  });

  it('makes a client key that works, prints nothing else on stdout, and revokes it', async () => {
    const made = await home.cam(['keys', 'add', 'laptop']);
    const key = made.out.trim();
    expect(key).toMatch(/^cam-[0-9a-z]{59}$/);
    const ask = () => fetch(`${server.origin}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask()).status).toBe(200);
    expect((await home.cam(['keys', 'list'])).out).not.toContain(key);
    expect(await home.cam(['keys', 'edit', 'laptop', '--limit', 'requests/hour=5'])).toMatchObject({
      code: 0,
      out: 'Changed laptop. It holds from the next call.\n',
    });
    expect((await home.cam(['keys', 'list'])).out).toContain('0% of 5 requests in an hour');
    const raise = ['keys', 'edit', 'laptop', '--limit', 'requests/hour=6'];
    expect(await home.cam(raise)).toMatchObject({ code: 3, out: '' });
    expect(await home.cam(raise, withKey())).toMatchObject({ code: 0 });
    expect(await home.cam(['keys', 'reset', 'laptop', '--window', '5h'], withKey())).toMatchObject({
      code: 0,
      out: 'The use of laptop is counted anew from now on. Its requests stay on record.\n',
    });
    expect(await home.cam(['reset', 'Work'])).toMatchObject({ code: 0 });
    const wrong = await home.cam(['keys', 'edit', 'laptop', '--limit', 'usd/day=-1']);
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain('above 0');
    expect(await home.cam(['keys', 'revoke', 'laptop'])).toMatchObject({ code: 0 });
    expect((await ask()).status).toBe(401);
  });

  it('moves an account only with its key and the master key typed again', async () => {
    const move = ['edit', 'Work', '--base-url', 'https://elsewhere.example.com/v1', '--key', '-'];
    expect(await home.cam(move, { input: KEY })).toMatchObject({ code: 3, out: '' });
    expect(await home.cam(move, { input: KEY, ...withKey() })).toMatchObject({
      code: 0,
      out: 'Changed Work.\n',
    });
    expect(JSON.parse((await home.cam(['show', 'Work', '--json'])).out).baseUrl).toBe(
      'https://elsewhere.example.com/v1',
    );
  });

  it('locks it, and is signed in no more', async () => {
    expect(await home.cam(['lock', '--json'])).toMatchObject({ code: 0, out: '{\n  "vault": "locked"\n}\n' });
    expect(await home.cam(['list'])).toMatchObject({ code: 3, out: '' });
    const health = await fetch(`${server.origin}/healthz`);
    expect(await health.json()).toMatchObject({ vault: 'locked' });
    expect(await home.cam(['unlock'], { env: { CAM_MASTER_KEY: 'this is not it at all' } })).toMatchObject({
      code: 4,
    });
    expect(await home.cam(['list'], withKey())).toMatchObject({ code: 0 });
  });

  it('asks again after a restart, since the old proof is worth nothing', async () => {
    expect(await server.stop()).toBe(0);
    server = await home.serve();
    expect(server.line).toContain('locked until you unlock it');
    expect(await home.cam(['list'])).toMatchObject({ code: 3, out: '' });
    expect((await home.cam(['list'], withKey())).out).toContain('Work');
  });

  it('refuses a second server on the same data and names the first', async () => {
    const said = await home.cam(['proxy'], withKey());
    expect(said).toMatchObject({ code: 5, out: '' });
    expect(said.err).toMatch(/already running on .*: process \d+, port \d+/);
  });

  it('says in one line how it is, for a prompt', async () => {
    expect(await home.cam(['status', '--line'])).toMatchObject({ code: 0, err: '' });
    expect((await home.cam(['status', '--line'])).out).toMatch(/^● \d+ live \$[\d.]+( ▲\d+)?\n$/);
    const elsewhere = createHome();
    expect((await elsewhere.cam(['status', '--line'])).out).toBe('○ not running\n');
    elsewhere.remove();
  });
});
