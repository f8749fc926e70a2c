/** One process per data folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CamError } from '../../lib/errors.ts';
import { acquireLock, type LockWorld, OFFLINE_WAIT_MS } from '../../server/lock.ts';
import { writeRunFile } from '../../server/run-file.ts';
import { createFakeClock } from './vault/fake-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cam-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function world(onSleep: () => void = () => undefined): LockWorld & { sleptMs(): number } {
  const clock = createFakeClock();
  let slept = 0;
  return {
    clock,
    sleep: async (ms) => {
      slept += ms;
      clock.advance(ms);
      onSleep();
    },
    sleptMs: () => slept,
  };
}
const refusal = (lock: Promise<unknown>): Promise<CamError> =>
  lock.then(
    () => Promise.reject(new Error('it was given')),
    (error: CamError) => error,
  );

test('the lock is given once, and again after it was released', async () => {
  const first = await acquireLock(folder, 0, world());
  expect(readdirSync(folder)).toEqual(['lock.db']);
  expect((await refusal(acquireLock(folder, 0, world()))).kind.exit).toBe(5);
  first.release();
  first.release();
  (await acquireLock(folder, 0, world())).release();
  expect(statSync(join(folder, 'lock.db')).mode & 0o777).toBe(0o600);
});

test('a refused server is told who holds the folder', async () => {
  const held = await acquireLock(folder, 0, world());
  const unknown = await refusal(acquireLock(folder, 0, world()));
  expect(unknown.message).toContain(folder);
  writeRunFile(folder, { pid: 4711, host: '127.0.0.1', port: 8080, startId: 's', version: '1' });
  const known = await refusal(acquireLock(folder, 0, world()));
  expect(known.code).toBe('already_running');
  expect(known.message).toContain('process 4711, port 8080');
  held.release();
});

test('a command waits up to ten seconds and goes on when the holder is done', async () => {
  const held = await acquireLock(folder, 0, world());
  const patient = world();
  await refusal(acquireLock(folder, OFFLINE_WAIT_MS, patient));
  expect(patient.sleptMs()).toBe(10_000);

  const lucky = world(() => held.release());
  (await acquireLock(folder, OFFLINE_WAIT_MS, lucky)).release();
  expect(lucky.sleptMs()).toBe(100);
});

test('the lock of a process that is killed is free at once', async () => {
  const script = `
    import { openLockDatabase } from ${JSON.stringify(new URL('../../server/db/lock-file.ts', import.meta.url).href)};
    const lock = openLockDatabase(${JSON.stringify(join(folder, 'lock.db'))});
    process.stdout.write(lock ? 'held' : 'refused');
    setInterval(() => lock, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toBe('held');
  await refusal(acquireLock(folder, 0, world()));
  child.kill('SIGKILL');
  await once(child, 'exit');
  (await acquireLock(folder, 0, world())).release();
});
