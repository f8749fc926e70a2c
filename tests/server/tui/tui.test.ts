/** The terminal UI, driven by keys and read from the screen, beside a running server and without one. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../../server/demo/emulator.ts';
import { createHome, type Home, type Server } from '../cli/cam.ts';
import { DOWN, ENTER, ESC, openScreen, runBuilt, type Screen } from './screen.ts';

const KEYS = ['work', 'home', 'spare'].map((name) => `sk-proj-${name}-0123456789abcdefghij`);
const TAB = '\t';

let home: Home;
let emulator: Emulator;
let screens: Screen[] = [];

const ours = () => ({
  HOME: home.folder,
  CAM_HOME: home.folder,
  CAM_PORT: '0',
  CAM_MASTER_KEY_FILE: home.keyFile,
});

function open(
  size?: readonly [number, number],
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Screen {
  const screen = openScreen(args, { ...ours(), ...env }, size);
  screens.push(screen);
  return screen;
}

async function add(name: string, key: string): Promise<void> {
  const said = await home.cam(['add', name, '-', '--base-url', emulator.baseUrl, '--allow-local'], {
    input: key,
    env: { CAM_MASTER_KEY_FILE: home.keyFile },
  });
  expect(said).toMatchObject({ code: 0 });
}

beforeAll(async () => {
  home = createHome();
  emulator = await createEmulator({ keys: KEYS.map((key) => ({ key })) });
});
afterEach(async () => {
  await Promise.all(screens.map((screen) => screen.close()));
  screens = [];
});
afterAll(async () => {
  await emulator.close();
  home.remove();
});

describe('beside a running server', () => {
  let server: Server;
  beforeAll(async () => {
    server = await home.serve({ CAM_MASTER_KEY_FILE: home.keyFile });
    await add('Work', KEYS[0] ?? '');
  });
  afterAll(async () => void (await server.stop()));

  test('shows the accounts, and gives the terminal back as it was', async () => {
    const screen = open();
    await screen.shows(/▸ Work +○ unused/);
    expect(screen.text()).toContain(`● running ${server.origin.replace('http://', '')}/v1`);
    expect(screen.written()).toContain(`${ESC}[?1049h`);
    screen.type('q');
    expect(await screen.ended).toBe(0);
    expect(screen.written().lastIndexOf(`${ESC}[?1049l`)).toBeGreaterThan(
      screen.written().lastIndexOf('Accounts'),
    );
    expect(screen.written()).toContain(`${ESC}[?25h`);
  });

  test('adds an account: pasted, masked, checked field by field', async () => {
    const screen = open();
    await screen.shows('▸ Work');
    screen.type('a');
    await screen.shows('Add an account');
    screen.type('\u0013');
    await screen.shows('it needs a name');
    expect(screen.text()).toContain('it needs a key');
    screen.type(`Homf\u007fe${TAB}`);
    screen.paste(`  ${KEYS[1]}\n`);
    await screen.shows('•••••');
    screen.type(TAB);
    screen.paste(emulator.baseUrl);
    screen.type(`${TAB}y\u0013`);
    await screen.shows('Added Home.');
    await screen.shows('  Home');
    expect(screen.written()).not.toContain(KEYS[1] ?? '');
  });

  test('says beside the form what the provider refused, and leaves it as it was', async () => {
    const screen = open();
    await screen.shows('▸');
    screen.type('a');
    await screen.shows('Add an account');
    screen.type(`Bad${TAB}`);
    screen.paste('sk-proj-bad-0123456789abcdefghij');
    screen.type(TAB);
    screen.paste(emulator.baseUrl);
    screen.type(`${TAB}y\u0013`);
    await screen.shows('The provider refuses this key (401)');
    expect(screen.text()).toContain('Bad');
    screen.type(ESC);
    await screen.hides('Add an account');
    expect((await home.cam(['list', '--json'])).out).not.toContain('Bad');
  });

  test('disables, tests, changes and removes what is selected', async () => {
    await add('Spare', KEYS[2] ?? '');
    const screen = open();
    await screen.shows('Spare');
    screen.type('/spare\r');
    await screen.shows(/▸ Spare/);
    screen.type(' ');
    await screen.shows('Spare is disabled');
    await screen.shows(/▸ Spare +○ disabled/);
    screen.type(':enable Spare\r');
    await screen.shows('Spare serves again.');
    screen.type('t');
    await screen.shows('Spare: The provider accepts');
    screen.type('e');
    await screen.shows('Change Spare');
    screen.type('\u0015Third\u0013');
    await screen.shows('Changed Third.');
    screen.type(ESC);
    await screen.shows(/Third +/);
    screen.type(':remove Third\r');
    await screen.shows('Remove Third and its key? Type y:');
    screen.type(`n${ENTER}`);
    await screen.shows('Third stays.');
    screen.type(':remove Third\r');
    await screen.shows('Type y:');
    screen.type(`y${ENTER}`);
    await screen.shows('Third and its key are removed.');
    await screen.hides('  Third');
  });

  test('tells calls as they come, and why each went where it went', async () => {
    const { key } = JSON.parse((await home.cam(['keys', 'add', 'tool', '--json'])).out);
    const screen = open();
    await screen.shows('▸');
    screen.type('2');
    await screen.shows('No calls yet');
    await fetch(`${server.origin}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-5.5', input: 'say exactly: hi' }),
    });
    await screen.shows(/▸ \d\d:\d\d:\d\d ● 200 gpt-5\.5/);
    await screen.shows(
      /Why it went where it went[\s\S]*POST \/responses[\s\S]*Attempts[\s\S]*… the rest: cam explain/,
    );
    screen.type('3');
    await screen.shows(/Usage +this month by account[\s\S]*All +1/);
    screen.type('b');
    await screen.shows(/this month by model[\s\S]*gpt-5\.5 +1/);
    screen.type('4');
    await screen.shows(/Log +alerts[\s\S]*tool/);
    screen.type('?');
    await screen.shows('Any key closes this.');
  });

  test('fits into small windows, and follows their size', async () => {
    const screen = open([60, 16]);
    await screen.shows('▸');
    expect(
      Math.max(
        ...screen
          .text()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(60);
    screen.resize(140, 40);
    await screen.shows(/RPM .*TPM/);
    screen.resize(40, 10);
    await screen.hides('RPM');
    expect(screen.text().split('\n').length).toBeLessThanOrEqual(10);
  });

  test('uses no colour where none is wanted', async () => {
    const screen = open([110, 34], { NO_COLOR: '1' });
    await screen.shows('▸');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
    expect(screen.written()).not.toMatch(/\u001b\[(3[0-7]|9[0-7]|38)m/);
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('gives the terminal back on %s', async (signal) => {
    const screen = open();
    await screen.shows('▸');
    screen.kill(signal);
    await screen.ended;
    expect(screen.written().lastIndexOf(`${ESC}[?1049l`)).toBeGreaterThan(
      screen.written().lastIndexOf('Accounts'),
    );
  });

  test('says that the server is gone, keeps what it knew, and goes on when it is back', async () => {
    const screen = open();
    await screen.shows('▸ ');
    await server.stop();
    await screen.shows('no answer for');
    expect(screen.text()).toContain('Home');
    server = await home.serve({ CAM_MASTER_KEY_FILE: home.keyFile });
  });
});

describe('without a server', () => {
  test('works on the data in this process, and says so', async () => {
    const screen = open();
    await screen.shows('no server runs; cam proxy starts it');
    await screen.shows('▸ ');
    screen.type(DOWN);
    screen.type('q');
    expect(await screen.ended).toBe(0);
  });

  test('prints one frame for scripts, and refuses to draw where there is no terminal', async () => {
    const frame = await runBuilt(['tui', '--once'], ours());
    expect(frame.code).toBe(0);
    expect(frame.out).toMatch(/Accounts +2[\s\S]*▸ /);
    expect(frame.out).not.toContain(ESC);
    expect(await runBuilt(['tui'], ours())).toMatchObject({
      code: 2,
      err: 'cam: The terminal UI needs a terminal to draw on.\nhint: cam tui --once prints one frame; cam status and cam list are made for scripts\n',
    });
  });
});
