/** `.ci/run` adds up what its parts counted, and a part that did not count is a failure. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const RUN = fileURLToPath(new URL('../../.ci/run', import.meta.url));

describe('.ci/run', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cam-ci-'));
    mkdirSync(join(folder, '.ci'));
    mkdirSync(join(folder, 'bin'));
    copyFileSync(RUN, join(folder, '.ci', 'run'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs it with an npm that says these things for `npm test` and `npm run test:clients`. */
  const run = (test: string, clients: string) => {
    const npm = join(folder, 'bin', 'npm');
    writeFileSync(
      npm,
      `#!/bin/sh\ncase "$*" in test) ${test};; "run test:clients") ${clients};; *) exit 9;; esac\n`,
    );
    chmodSync(npm, 0o755);
    const { status, stdout } = spawnSync('bash', [join(folder, '.ci', 'run')], {
      env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    return { status, last: stdout.trimEnd().split('\n').at(-1) };
  };

  it('sums up both parts and succeeds when nothing failed', () => {
    expect(run('echo "12 passed, 0 failed"', 'echo "3 passed, 0 failed"')).toEqual({
      status: 0,
      last: '15 passed, 0 failed',
    });
  });

  it('runs the second part also when the first failed, and fails', () => {
    expect(run('echo "11 passed, 1 failed"; exit 1', 'echo "3 passed, 0 failed"')).toEqual({
      status: 1,
      last: '14 passed, 1 failed',
    });
  });

  it('counts a part that ended without its closing line as one failure', () => {
    expect(run('echo "12 passed, 0 failed"', 'echo "Stopped."; exit 2')).toEqual({
      status: 1,
      last: '12 passed, 1 failed',
    });
  });

  it('does not believe a closing line that the exit code contradicts', () => {
    expect(run('echo "12 passed, 0 failed"; exit 1', 'echo "3 passed, 0 failed"')).toEqual({
      status: 1,
      last: '15 passed, 1 failed',
    });
  });
});
