/** A launcher that has to stay with its program loses neither signals nor exit codes, nor outlives npm. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';

const RUNTIME = new URL('../../server/launch/runtime.mjs', import.meta.url).href;

/** Says `up`; told to end, it says so and ends with 7. */
const PROGRAM = `
process.once('SIGTERM', () => process.stdout.write('told', () => process.exit(7)));
setInterval(() => {}, 1000);
process.stdout.write('up');`;

/** The launcher: stays with the program and ends as it did. */
const LAUNCHER = `
import { spawn } from 'node:child_process';
import { watchOver } from ${JSON.stringify(RUNTIME)};
process.exitCode = await watchOver(spawn(process.execPath, ['-e', ${JSON.stringify(PROGRAM)}], { stdio: 'inherit' }));`;

/** npm: starts the launcher and says its number. */
const NPM = `
const { spawn } = require('node:child_process');
const args = ['--input-type=module', '-e', ${JSON.stringify(LAUNCHER)}];
const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'start' } });
setInterval(() => {}, 1000);`;

describe('a launcher that stays', () => {
  let started: ChildProcess | null = null;
  afterEach(() => started?.kill('SIGKILL'));
  const run = async (args: readonly string[]) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    started = child;
    const seen = { output: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      seen.output += text;
    });
    await once(child.stdout, 'data');
    return { child, seen };
  };

  it('passes a signal on and ends with the exit code of its program', async () => {
    const { child, seen } = await run(['--input-type=module', '-e', LAUNCHER]);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([7, null]);
    expect(seen.output).toBe('uptold');
  });

  it('tells its program to end when npm was killed without a chance to say so', async () => {
    const { child, seen } = await run(['-e', NPM]);
    child.kill('SIGKILL');
    // The pipe closes when the last of the family has gone.
    await once(child.stdout, 'close');
    expect(seen.output).toBe('uptold');
  });
});
