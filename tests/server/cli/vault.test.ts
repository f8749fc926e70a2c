/**
 * The vault from the command line, on one server that serves meanwhile: locking, another master key, another data
 * key, and a start that is given the old key. Each step goes on from the one before, as an evening with it would.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../../server/demo/emulator.ts';
import { scripts } from '../../../server/demo/faults.ts';
import { createHome, type Env, type Home, MASTER_KEY, type Server } from './cam.ts';

const NEXT_KEY = 'pasture-lantern-quarry-mitten-52';
const CLIENT_KEY = 'sk-codex-account-manager';
const ACCOUNT_KEY = 'sk-proj-vault-0123456789abcdefghij';

let home: Home;
let emulator: Emulator;
let server: Server;
const PATIENCE = { timeout: 120_000 };
const WITH_KEY = { env: { CAM_MASTER_KEY: MASTER_KEY } };
beforeAll(async () => {
  home = createHome();
  emulator = await createEmulator({ keys: [{ key: ACCOUNT_KEY, organization: 'org-vault' }] });
  server = await home.serve({ CAM_MASTER_KEY: MASTER_KEY, CAM_CLIENT_KEY: CLIENT_KEY });
  const add = ['add', 'Only', '-', '--base-url', emulator.baseUrl, '--allow-local'];
  const said = await home.cam(add, { input: ACCOUNT_KEY, env: { CAM_MASTER_KEY: MASTER_KEY } });
  expect(said.code).toBe(0);
});
afterAll(async () => {
  await emulator.close();
  home.remove();
});

const stream = (): Promise<Response> =>
  fetch(`${server.origin}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5.5', stream: true, input: 'hello' }),
  });

describe('locking', () => {
  it('in a panic breaks the streams off at once, and nothing is served any more', PATIENCE, async () => {
    emulator.script(ACCOUNT_KEY, scripts.always({ kind: 'stall', afterOutput: 1 }));
    const answer = await stream();
    const ending = answer.text().then(
      (text) => text,
      () => 'cut',
    );
    const said = await home.cam(['lock', '--panic'], WITH_KEY);
    expect(said.code).toBe(0);
    expect(await ending).not.toContain('response.completed');
    const refused = await stream();
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: 'vault_locked' } });
    expect((await home.cam(['unlock'], WITH_KEY)).code).toBe(0);
  });

  it(
    'otherwise lets a stream come to its end, takes no new call, and signs everybody out',
    PATIENCE,
    async () => {
      emulator.script(ACCOUNT_KEY, scripts.always({ kind: 'slow', eventDelayMs: 80 }));
      const answer = await stream();
      const locking = home.cam(['lock'], WITH_KEY);
      expect(await answer.text()).toContain('response.completed');
      expect((await locking).code).toBe(0);
      expect((await stream()).status).toBe(503);
      expect((await home.cam(['list'])).code).toBe(3);
      expect((await home.cam(['unlock'], WITH_KEY)).code).toBe(0);
    },
  );
});

describe('other keys', () => {
  it('that can be guessed are refused, and everything stays as it was', PATIENCE, async () => {
    const file = join(home.folder, '..', 'weak-key');
    writeFileSync(file, 'password1234', { mode: 0o600 });
    const said = await home.cam(['rekey', '--new-key-file', file], WITH_KEY);
    expect(said.code).toBe(2);
    expect(said.err).toContain('can be guessed');
    expect(said.out + said.err).not.toContain('password1234');
    expect((await home.cam(['unlock'], WITH_KEY)).code).toBe(0);
  });

  it('come while the server serves: a stream goes on, and new calls are served', PATIENCE, async () => {
    const file = join(home.folder, '..', 'next-key');
    const sheet = join(home.folder, '..', 'sheet.txt');
    writeFileSync(file, `${NEXT_KEY}\n`, { mode: 0o600 });
    emulator.script(ACCOUNT_KEY, scripts.always({ kind: 'slow', eventDelayMs: 60 }));
    const underWay = await stream();
    const rekeyed = await home.cam(['rekey', '--new-key-file', file, '--sheet', sheet], {
      env: { CAM_MASTER_KEY_FILE: home.keyFile },
    });
    expect(rekeyed.code).toBe(0);
    expect(rekeyed.out).toContain('The master key is changed');
    expect(rekeyed.err).toContain(`${home.keyFile} still holds the old key`);
    expect(rekeyed.out + rekeyed.err).not.toContain(NEXT_KEY);
    expect(readFileSync(sheet, 'utf8')).toContain(NEXT_KEY);
    expect(statSync(sheet).mode & 0o777).toBe(0o600);
    expect(existsSync(join(home.folder, 'session.json'))).toBe(false);

    const rotated = await home.cam(['rotate', '--json'], { env: { CAM_MASTER_KEY: NEXT_KEY } });
    expect(rotated.code).toBe(0);
    expect(JSON.parse(rotated.out)).toMatchObject({ dekNumber: 2, rotating: false });
    expect(await underWay.text()).toContain('response.completed');
    expect(await (await stream()).text()).toContain('response.completed');
    expect(await server.stop()).toBe(0);
  });

  it(
    'make the old one wrong: from any source it ends a start with 4, whatever the next holds',
    PATIENCE,
    async () => {
      const folder = join(home.folder, '..', 'credentials');
      mkdirSync(folder);
      const old = join(folder, 'cam-master-key');
      writeFileSync(old, MASTER_KEY, { mode: 0o600 });
      const starts: readonly (readonly [readonly string[], Env])[] = [
        [['--master-key-file', old], { CAM_MASTER_KEY: NEXT_KEY }],
        [[], { CREDENTIALS_DIRECTORY: folder, CAM_MASTER_KEY: NEXT_KEY }],
        [[], { CAM_MASTER_KEY_FILE: old, CAM_MASTER_KEY: NEXT_KEY }],
        [[], { CAM_MASTER_KEY: MASTER_KEY }],
      ];
      for (const [args, env] of starts) {
        const said = await home.cam(['proxy', ...args], { env });
        expect(said).toMatchObject({ code: 4, out: '', err: expect.stringContaining('not the master key') });
      }
      server = await home.serve({ CAM_MASTER_KEY: NEXT_KEY });
      expect(await (await stream()).text()).toContain('response.completed');
      expect(await server.stop()).toBe(0);
    },
  );

  it('that can be guessed are taken from a script that insists, with the warning', PATIENCE, async () => {
    const file = join(home.folder, '..', 'insisted-key');
    writeFileSync(file, 'password1234', { mode: 0o600 });
    const env = { CAM_MASTER_KEY: NEXT_KEY };
    const said = await home.cam(['rekey', '--new-key-file', file, '--yes'], { env });
    expect(said).toMatchObject({ code: 0, err: expect.stringContaining('warning:') });
    expect((await home.cam(['list'], { env })).code).toBe(4);
    expect((await home.cam(['list'], { env: { CAM_MASTER_KEY: 'password1234' } })).code).toBe(0);
  });
});
