/** The two programs that the server may start. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlertPrograms } from '../../server/alert-programs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cam-programs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const node = (script: string, ...args: string[]): readonly string[] => [
  process.execPath,
  '-e',
  script,
  ...args,
];
const WRITES = `let all = ''; process.stdin.on('data', (part) => { all += part; }).on('end', () =>
  require('node:fs').writeFileSync(process.argv[1], JSON.stringify({ all, env: process.env, argv: process.argv.slice(2) })))`;

describe('The command for alerts', () => {
  it('gets the alert on its standard input, its own arguments as they are, and none of our environment', async () => {
    const programs = createAlertPrograms({
      PATH: '/bin',
      CAM_MASTER_KEY: 'a secret',
      OPENAI_API_KEY: 'sk-x',
    });
    const out = join(folder, 'out.json');
    expect(await programs.run(node(WRITES, out, '$(touch x); "a b"'), '{"id":1}')).toBeNull();
    const { all, env, argv } = JSON.parse(readFileSync(out, 'utf8'));
    expect(all).toBe('{"id":1}');
    expect(argv).toEqual(['$(touch x); "a b"']);
    expect(env.PATH).toBe('/bin');
    expect(env).not.toHaveProperty('CAM_MASTER_KEY');
    expect(env).not.toHaveProperty('OPENAI_API_KEY');
  });

  it('that fails, is not there or takes too long says so', async () => {
    const programs = createAlertPrograms({}, 'linux', 300);
    expect(await programs.run(node('process.exit(3)'), '')).toBe('It ended with 3.');
    expect(await programs.run(['/nowhere/at-all'], '')).toBe('It could not be started (ENOENT).');
    expect(await programs.run(node('setInterval(() => {}, 1000)'), '')).toBe(
      'It took too long and was ended.',
    );
    expect(await programs.run([], '')).toBe('No program is configured.');
    // One that does not read its input is no failure.
    expect(await programs.run(node(''), 'x'.repeat(1_000_000))).toBeNull();
  });
});

describe('A notification of the desktop', () => {
  it('is not shown where there is no way to', async () => {
    expect(await createAlertPrograms({}, 'win32').notify('a', 'b')).toBe(
      'This system shows no notifications.',
    );
  });
});
