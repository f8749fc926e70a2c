/**
 * The launcher as people meet it, in a small checkout of its own: the real launcher, npm and esbuild around a
 * program of a few lines.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Says what it was started with; waits for a signal when asked to; ends with the exit code it is given. */
const PROGRAM = `
import { punctuation } from 'punctuation';
import { greeting } from '../../lib/greeting.ts';
if (process.argv.includes('--wait')) {
  const beat = setInterval(() => {}, 1000);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.stdout.write(signal);
      clearInterval(beat);
      process.exitCode = 7;
    });
} else process.exitCode = Number(process.argv[3] ?? 0);
const facts = {
  greeting: greeting + punctuation,
  args: process.argv.slice(2),
  masterKey: process.env.CAM_MASTER_KEY ?? null,
  lifecycle: process.env.npm_lifecycle_event ?? null,
  nodeEnv: process.env.NODE_ENV ?? null,
};
process.stdout.write(JSON.stringify(facts) + '\\n');
`;

describe('the launcher, in a checkout', () => {
  let parent = '';
  let checkout = '';
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  };
  /** Starts an entry of the launcher; `ready` resolves with the program's first line. */
  const start = (entry: string, args: string[], env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [join(checkout, 'server', 'launch', entry), ...args], {
      cwd: checkout,
      env: { ...process.env, ...env },
    });
    const seen = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8');
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      seen.stderr += text;
    });
    const ready = new Promise<void>((resolve) => {
      child.stdout.on('data', (text: string) => {
        seen.stdout += text;
        if (seen.stdout.includes('\n')) resolve();
      });
      child.once('close', () => resolve());
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, ready, ended, seen };
  };
  const run = async (entry: string, args: string[], env: Record<string, string> = {}) => {
    const { ended, seen } = start(entry, args, env);
    const code = await ended;
    return { code, ...seen };
  };

  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'cam-launch-'));
    checkout = join(parent, 'checkout');
    // The builder is found one folder up, so that the checkout itself can be without dependencies.
    mkdirSync(join(parent, 'node_modules'));
    symlinkSync(join(ROOT, 'node_modules', 'esbuild'), join(parent, 'node_modules', 'esbuild'), 'junction');
    cpSync(join(ROOT, 'server', 'launch'), join(checkout, 'server', 'launch'), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    const own = { name: 'small', version: '1.0.0', dependencies: { punctuation: 'file:punctuation' } };
    const packages = {
      '': own,
      punctuation: { version: '1.0.0' },
      'node_modules/punctuation': { resolved: 'punctuation', link: true },
    };
    const lock = { name: own.name, version: own.version, lockfileVersion: 3, requires: true, packages };
    write('package.json', JSON.stringify({ ...own, type: 'module' }));
    write('package-lock.json', JSON.stringify(lock));
    write(
      'punctuation/package.json',
      JSON.stringify({ name: 'punctuation', version: '1.0.0', main: 'index.js' }),
    );
    write('punctuation/index.js', "exports.punctuation = '!';\n");
    write('server/cli/bin.ts', PROGRAM);
  });
  beforeEach(() => {
    rmSync(join(checkout, 'dist'), { recursive: true, force: true });
    rmSync(join(checkout, '.cache'), { recursive: true, force: true });
    write('lib/greeting.ts', "export const greeting = 'hello';\n");
  });
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  it('installs and bundles on the first run, tells so on stderr alone, and passes on arguments and exit code', async () => {
    const { code, stdout, stderr } = await run('cam.mjs', ['list', '3', '--json'], {
      CAM_MASTER_KEY: 'a key',
      NODE_ENV: 'development',
    });
    expect(stderr).toMatch(/^Installing dependencies.*\nBundling the server…\n$/);
    expect(JSON.parse(stdout)).toMatchObject({
      greeting: 'hello!',
      args: ['list', '3', '--json'],
      masterKey: 'a key',
      nodeEnv: 'production',
    });
    expect(code).toBe(3);
  });

  it('does nothing but start on the second run', async () => {
    await run('cam.mjs', []);
    expect(await run('cam.mjs', [])).toMatchObject({ code: 0, stderr: '' });
  });

  it('bundles anew, and installs nothing, when a source has changed', async () => {
    await run('cam.mjs', []);
    write('lib/greeting.ts', "export const greeting = 'good morning';\n");
    const { stdout, stderr } = await run('cam.mjs', []);
    expect(stderr).toBe('Bundling the server…\n');
    expect(JSON.parse(stdout)).toMatchObject({ greeting: 'good morning!' });
  });

  it('shows why a build failed, leaves no stamp behind, and recovers once it is mended', async () => {
    write('lib/greeting.ts', 'export const greeting = ;\n');
    const broken = await run('cam.mjs', []);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/Building the bundle failed.*greeting\.ts:1/s);
    write('lib/greeting.ts', "export const greeting = 'mended';\n");
    expect(await run('cam.mjs', [])).toMatchObject({ code: 0 });
  });

  it('lets four first runs at once install and bundle only once', async () => {
    const runs = await Promise.all(Array.from({ length: 4 }, () => run('cam.mjs', [])));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const said = runs.map(({ stderr }) => stderr).join('');
    expect(said.match(/Installing/g)).toHaveLength(1);
    expect(said.match(/Bundling/g)).toHaveLength(1);
    expect(existsSync(join(checkout, '.cache', 'launching'))).toBe(false);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('leaves %s and the exit code to the program', async (signal) => {
    const { child, ready, ended, seen } = start('cam.mjs', ['--wait'], { npm_lifecycle_event: 'start' });
    await ready;
    child.kill(signal);
    expect(await ended).toBe(7);
    expect(seen.stdout).toMatch(new RegExp(`"lifecycle":"start".*${signal}$`, 's'));
  });
});
