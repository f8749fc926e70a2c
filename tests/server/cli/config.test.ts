/** Changing settings by command, by editor and by hand: with a server that takes them at once, and without one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScreen } from '../tui/screen.ts';
import { createHome, type Home, type Server } from './cam.ts';

const MINE = `# mine
[routing]
strategy = "priority" # first things first
`;

describe('without a server', () => {
  let home: Home;
  const file = (): string => join(home.folder, 'config.toml');
  beforeAll(() => {
    home = createHome();
    mkdirSync(home.folder, { mode: 0o700 });
    writeFileSync(file(), MINE, { mode: 0o600 });
  });
  afterAll(() => home.remove());

  it('changes one setting in the file, and keeps its comments', async () => {
    expect(await home.cam(['config', 'set', 'routing.reserve', '0.2'])).toEqual({
      code: 0,
      out: 'routing.reserve = 0.2\n',
      err: 'It holds from the next start: no server runs.\n',
    });
    expect(readFileSync(file(), 'utf8')).toContain('strategy = "priority" # first things first');
    expect((await home.cam(['config', 'get', 'routing.reserve'])).out).toBe('0.2\n');
    await home.cam(['config', 'unset', 'routing.reserve']);
    expect(readFileSync(file(), 'utf8').trim()).toBe(MINE.trim());
  });

  it.each([
    [['config', 'set', 'routing.stratgy', 'sticky'], 'hint: Did you mean routing.strategy?'],
    [['config', 'set', 'routing.strategy', 'random'], 'routing.strategy'],
    [['config', 'set', 'routing.reserve', 'a lot'], 'routing.reserve'],
    [['config', 'unset', 'nothing.here'], 'There is no setting nothing.here'],
  ])('refuses %j and writes nothing', async (args, told) => {
    const said = await home.cam(args);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain(told);
    expect(readFileSync(file(), 'utf8').trim()).toBe(MINE.trim());
  });

  it('says what the environment decides instead of writing what would not hold', async () => {
    const said = await home.cam(['config', 'set', 'log.level', 'debug'], { env: { CAM_LOG_LEVEL: 'error' } });
    expect(said.code).not.toBe(0);
    expect(said.err).toContain('CAM_LOG_LEVEL');
  });

  it('takes what an editor wrote once it is right, and asks again while it is not', async () => {
    const editor = join(dirname(home.folder), 'editor.mjs');
    // Wrong the first time that it is used, right the second.
    writeFileSync(
      editor,
      `import { readFileSync, writeFileSync } from 'node:fs';
const file = process.argv[2];
const text = readFileSync(file, 'utf8');
const wrong = text.includes('"prioritty"');
writeFileSync(file, text.replace(wrong ? '"prioritty"' : '"priority"', wrong ? '"sticky"' : '"prioritty"'));
`,
    );
    const screen = openScreen(['config', 'edit'], {
      HOME: home.folder,
      CAM_HOME: home.folder,
      EDITOR: `${process.execPath} ${editor}`,
    });
    await screen.shows('Edit it again?');
    expect(screen.text()).toContain('config.toml:3');
    expect(readFileSync(file(), 'utf8').trim()).toBe(MINE.trim());
    screen.type('y\r');
    await screen.shows('config.toml is written.');
    expect(await screen.ended).toBe(0);
    expect(readFileSync(file(), 'utf8')).toContain('strategy = "sticky" # first things first');
    expect(await home.cam(['config', 'edit'])).toMatchObject({ code: 2 });
  });
});

describe('beside a running server', () => {
  let home: Home;
  let server: Server;
  const file = (): string => join(home.folder, 'config.toml');
  const strategy = async (): Promise<string> =>
    JSON.parse((await home.cam(['status', '--json'])).out).details.strategy;

  beforeAll(async () => {
    home = createHome();
    mkdirSync(home.folder, { mode: 0o700 });
    writeFileSync(file(), MINE, { mode: 0o600 });
    server = await home.serve({ CAM_MASTER_KEY_FILE: home.keyFile });
    await home.cam(['unlock'], { env: { CAM_MASTER_KEY_FILE: home.keyFile } });
  });
  afterAll(async () => {
    await server.stop();
    home.remove();
  });

  it('holds at once, and is on record', async () => {
    expect(await home.cam(['config', 'set', 'routing.strategy', 'sticky'])).toEqual({
      code: 0,
      out: 'routing.strategy = sticky\n',
      err: '',
    });
    expect(await strategy()).toBe('sticky');
    expect((await home.cam(['audit'])).out).toMatch(/command line.*routing/);
    expect((await home.cam(['config', 'set', 'server.connections_max', '64'])).err).toBe(
      'It holds from the next start of the server.\n',
    );
  });

  it('takes what is written into the file by hand, whole', async () => {
    writeFileSync(file(), MINE.replace('priority', 'round_robin'));
    await expect.poll(strategy, { timeout: 10_000 }).toBe('round_robin');
    expect((await home.cam(['audit', '--json'])).out).toContain('strategy: sticky → round_robin');
  });

  it('reads the file on SIGHUP, and goes on: no terminal of its was closed', async () => {
    const { pid } = JSON.parse(readFileSync(join(home.folder, 'run.json'), 'utf8'));
    process.kill(pid, 'SIGHUP');
    await expect.poll(strategy, { timeout: 10_000 }).toBe('round_robin');
    expect((await home.cam(['status', '--json'])).out).toContain('"running": true');
  });

  it('takes nothing of a file with a fault, and goes on with what held', async () => {
    writeFileSync(file(), '[routing]\nstrategy = "least_utilized"\nreserve = "much"\n');
    await expect.poll(async () => (await home.cam(['config', 'check'])).code, { timeout: 10_000 }).toBe(2);
    expect(await strategy()).toBe('round_robin');
    writeFileSync(file(), '[routing]\nstrategy = "priority"\n');
    await expect.poll(strategy, { timeout: 10_000 }).toBe('priority');
    expect(await server.stop()).toBe(0);
    const { err } = await server.ended;
    expect(err).toContain('config.toml is not taken, what held before still does.');
    expect(err).toContain('config.toml: routing.strategy');
    server = await home.serve({ CAM_MASTER_KEY_FILE: home.keyFile });
  });
});
