/** The command line on its own, with no server running: what it prints where, and with which exit code. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHome, type Home } from './cam.ts';

const KEY = 'sk-proj-canary-0123456789abcdefghij';

describe('cam on a fresh computer', () => {
  let home: Home;
  beforeAll(() => {
    home = createHome();
  });
  afterAll(() => home.remove());

  it('says with no arguments that nothing runs, and lists the commands', async () => {
    const { code, out, err } = await home.cam([]);
    expect(code).toBe(0);
    expect(out).toContain(`server  not running\ndata    ${home.folder}\n`);
    expect(out).toMatch(/^ {2}add +add an account$/m);
    expect(err).toBe('hint: cam proxy starts it\n');
  });

  it('says that nothing is set up rather than asking for a master key', async () => {
    expect(await home.cam(['list'])).toEqual({
      code: 3,
      out: '',
      err: 'cam: Nothing is set up here yet.\nhint: `cam add NAME` adds a first account, `cam proxy` starts the server.\n',
    });
  });

  it('asks for a source of the master key where nobody can be asked', async () => {
    const said = await home.cam(['add', 'Work', '-', '--no-check'], { input: KEY });
    expect(said).toMatchObject({ code: 3, out: '' });
    expect(said.err).toContain('nobody can be asked');
    expect(said.err).toContain('hint: Set CAM_MASTER_KEY_FILE');
  });

  it.each([
    [['no-such-command'], "unknown command 'no-such-command'"],
    [['add'], "missing required argument 'name'"],
    [['list', 'extra'], 'too many arguments'],
    [['add', 'Work', 'x', '--limit-day-usd', 'lots'], '--limit-day-usd takes an amount in dollars'],
    [['add', 'Work', 'x', '--limit-day-tokens', '0'], '--limit-day-tokens is at least 1'],
    [['usage', '--period', '1y'], '--period is one of'],
    [['config', 'get', 'no.such'], 'There is no setting no.such'],
  ])('exits 2 on %j', async (args, sentence) => {
    const { code, out, err } = await home.cam(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err).toContain('cam: ');
  });

  it('prints JSON that says the same as the words', async () => {
    const { out } = await home.cam(['status', '--json']);
    expect(JSON.parse(out)).toEqual({
      running: false,
      vault: null,
      endpoint: null,
      adminUrl: null,
      dataFolder: home.folder,
      version: '0.1.0',
      lastBackupAtMs: null,
      details: null,
    });
  });

  it('reads the configuration without a master key', async () => {
    const path = await home.cam(['config', 'path']);
    expect(path).toEqual({ code: 0, out: `${join(home.folder, 'config.toml')}\n`, err: '' });
    const port = await home.cam(['config', 'get', 'server.port', '--json']);
    expect(JSON.parse(port.out)).toEqual({ name: 'server.port', value: 0, origin: 'environment' });
  });
});

describe('cam with a master key from a file', () => {
  let home: Home;
  const cam = (args: readonly string[], input = '') =>
    home.cam(args, { input, env: { CAM_MASTER_KEY_FILE: home.keyFile } });
  beforeAll(() => {
    home = createHome();
  });
  afterAll(() => home.remove());

  it('sets the vault up with the first account, with data on stdout and talk on stderr', async () => {
    const said = await cam(
      ['add', 'Work', '-', '--no-check', '--limit-day-usd', '2.50', '--priority', '3'],
      KEY,
    );
    expect(said).toEqual({
      code: 0,
      out: 'Added Work (…ghij).\n',
      err: 'The provider was not asked whether it accepts the key.\n',
    });
  });

  it('warns of a key in an argument, and takes it', async () => {
    const said = await cam(['add', 'Home', 'sk-proj-second-0123456789abcdefghij', '--no-check']);
    expect(said.code).toBe(0);
    expect(said.err).toContain('hint: a key in an argument can be read');
  });

  it('lists accounts in columns and as JSON', async () => {
    const table = await cam(['list']);
    expect(table.out.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      'NAME STATE KEY PRIO LIVE TODAY TOKENS SPENT LAST USED',
      'Work unused …ghij 3 0 0 0 $0 —',
      'Home unused …ghij 100 0 0 0 $0 —',
      '',
    ]);
    const listed = JSON.parse((await cam(['list', '--json'])).out);
    expect(listed.map((account: { name: string }) => account.name)).toEqual(['Work', 'Home']);
    expect(listed[0].limits).toEqual({ day: { cost: 2_500_000_000 } });
  });

  it('exits 4 on a wrong master key and does not try the next source', async () => {
    const env = { CAM_MASTER_KEY: 'this is not it at all', CAM_MASTER_KEY_FILE: '' };
    const said = await home.cam(['list'], { env });
    expect(said).toEqual({ code: 4, out: '', err: 'cam: That is not the master key of this vault.\n' });
  });

  it('leaves the key in no file of the data folder, and all of them private', async () => {
    const files = readdirSync(home.folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const path = join(file.parentPath, file.name);
      expect(readFileSync(path).includes(KEY), path).toBe(false);
      expect(statSync(path).mode & 0o077, path).toBe(0);
    }
  });
});
