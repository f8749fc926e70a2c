/** `cam simulate` needs no server, no vault and no folder, and says clearly what it cannot do. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimulationReport } from '../../../server/cli/commands/simulate.ts';
import { runCli } from '../../../server/cli/main.ts';
import { createTerminal } from '../../../server/cli/terminal.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cam-simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function simulate(...args: string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const never = () => Promise.reject(new Error('the application is not asked for'));
  const code = await runCli(['simulate', ...args], {
    terminal: createTerminal({ NODE_ENV: 'test', CAM_HOME: join(folder, 'home') }, { stdin, stdout, stderr }),
    version: '1.2.3',
    dataFolder: () => '/data',
    findServer: never,
    openHere: never,
  });
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

async function report(...args: string[]): Promise<SimulationReport> {
  const { out } = await simulate('--json', ...args);
  return JSON.parse(out);
}

describe('cam simulate', () => {
  it('compares the four strategies without a server, a vault or a folder', async () => {
    const { code, out, err } = await simulate('--calls', '200');
    expect(code).toBe(0);
    expect(out.match(/^(least_utilized|round_robin|priority|sticky) /gm)).toHaveLength(4);
    expect(out).toMatch(/^STRATEGY +FAILED +429S +UPSTREAM\/CALL +CACHED +COST +FAIRNESS$/m);
    expect(err).toContain('200 calls, ');
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });

  it('shows one strategy by account', async () => {
    const { out } = await simulate('--calls', '100', '--strategy', 'priority', '--accounts', '2');
    expect(out).toMatch(/^account 1 +org-1 /m);
    expect(out).toMatch(/^account 2 +org-2 /m);
    expect(out).not.toContain('sticky');
  });

  it('tells what the loop of an agent costs with and without affinity', async () => {
    const costs = async (...args: string[]) =>
      (await report('--trace', 'agent-loop', ...args)).results[0]?.cost ?? Number.NaN;
    const one = await costs('--accounts', '1');
    expect(await costs()).toBeLessThanOrEqual(one * 1.02);
    const turns = await costs('--strategy', 'round_robin', '--affinity', 'off');
    expect(turns / one).toBeCloseTo(1.88, 2);
  });

  it('writes a private trace that gives the same figures again', async () => {
    const file = join(folder, 'day.jsonl');
    const first = await report('--calls', '150', '--seed', '9', '--write-trace', file);
    const again = await report('--trace', file, '--seed', '9');
    expect(again.results).toEqual(first.results);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(150 + 5 + 2);
    const { code, err } = await simulate('--calls', '1', '--write-trace', file);
    expect({ code, err }).toEqual({ code: 2, err: `cam: ${file} exists already.\n` });
  });

  it('refuses a trace that does not parse by the number of its line', async () => {
    const file = join(folder, 'broken.jsonl');
    writeFileSync(file, '{"kind":"trace","version":1,"startsAt":"2026-11-23T00:00:00Z"}\n{"kind":\n');
    const { code, out, err } = await simulate('--trace', file);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('cam: The trace cannot be read, line 2: it is not JSON.');
  });

  it('counts our own limits', async () => {
    const { results } = await report('--calls', '100', '--limit-day-requests', '10', '--strategy', 'sticky');
    expect(results[0]).toMatchObject({ served: 30, failedBy: { limit_reached: 70 } });
  });

  it.each([
    [['--strategy', 'best'], '--strategy is one of least_utilized, round_robin, priority, sticky.'],
    [['--affinity', 'maybe'], '--affinity is one of prefer, wait, off.'],
    [['--accounts', '0'], '--accounts is a whole number from 1 to 100.'],
    [['--accounts', '-3'], '--accounts is a whole number from 1 to 100.'],
    [['--accounts', '1e9'], '--accounts is a whole number from 1 to 100.'],
    [['--accounts', '3', '--organizations', '4'], '--organizations is a whole number from 1 to 3.'],
    [['--calls', '0'], '--calls is a whole number from 1 to 1,000,000.'],
    [['--calls', '99999999'], '--calls is a whole number from 1 to 1,000,000.'],
    [['--hours', '0'], '--hours is a whole number from 1 to 744.'],
    [['--seed', '1.5'], '--seed is a whole number from 0 to 4,294,967,295.'],
    [['--tpm', 'lots'], '--tpm is a whole number from 1 to 1,000,000,000.'],
    [['--cache-minutes', '0'], '--cache-minutes is a whole number from 1 to 1,440.'],
    [['--limit-day-usd', '0'], '--limit-day-usd is more than 0.'],
    [['--trace', '/no/such/trace'], 'There is no trace /no/such/trace.'],
    [['--trace', '/'], '/ is not a file.'],
    [['--write-trace', '/no/such/folder/x'], '/no/such/folder/x cannot be written.'],
  ])('exits 2 on %j', async (args, sentence) => {
    const { code, out, err } = await simulate(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`cam: ${sentence}`);
  });
});
