/** Two launches in one checkout take turns, and a launch that died is no obstacle. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withClaim } from '../../server/launch/claim.mjs';

const CLAIM = new URL('../../server/launch/claim.mjs', import.meta.url).href;

describe('the claim on a checkout', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cam-claim-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lets five processes work one after another, never two at once', async () => {
    const log = join(folder, 'log');
    const claim = join(folder, 'launching');
    const program = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as pause } from 'node:timers/promises';
      import { withClaim } from ${JSON.stringify(CLAIM)};
      await withClaim(async () => {
        appendFileSync(${JSON.stringify(log)}, 'in ');
        await pause(30);
        appendFileSync(${JSON.stringify(log)}, 'out ');
      }, ${JSON.stringify(claim)});`;
    const codes = await Promise.all(
      Array.from({ length: 5 }, () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
        return new Promise((resolve) => child.once('exit', resolve));
      }),
    );
    expect(codes).toEqual([0, 0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(5));
    expect(existsSync(claim)).toBe(false);
  });

  it('is taken over from a process that no longer lives', async () => {
    const claim = join(folder, 'launching');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    mkdirSync(claim);
    writeFileSync(join(claim, 'pid'), String(pid));
    expect(await withClaim(async () => 'done', claim)).toBe('done');
  });

  it('is taken over when nobody has kept it fresh for over a minute, whoever has the number now', async () => {
    const claim = join(folder, 'launching');
    mkdirSync(claim);
    writeFileSync(join(claim, 'pid'), String(process.pid));
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(claim, longAgo, longAgo);
    expect(await withClaim(async () => 'done', claim)).toBe('done');
  });

  it('is given back when the work fails', async () => {
    const claim = join(folder, 'launching');
    await expect(withClaim(() => Promise.reject(new Error('no')), claim)).rejects.toThrow('no');
    expect(existsSync(claim)).toBe(false);
  });
});
