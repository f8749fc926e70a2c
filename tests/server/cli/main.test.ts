/** Failures as the command line tells them: a sentence, a hint, an exit code of the one table. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CamError, type ErrorCode } from '../../../lib/errors.ts';
import { accountSettings } from '../../../server/cli/account-options.ts';
import type { Connection } from '../../../server/cli/connection.ts';
import { runCli } from '../../../server/cli/main.ts';
import { createTerminal } from '../../../server/cli/terminal.ts';

async function run(
  args: string[],
  open: () => Promise<Connection>,
  find = () => Promise.resolve<Connection | null>(null),
) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const code = await runCli(args, {
    terminal: createTerminal({ NODE_ENV: 'test' }, { stdin, stdout, stderr }),
    version: '1.2.3',
    dataFolder: () => '/data',
    findServer: find,
    openHere: open,
  });
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

const failing = (code: ErrorCode, hint?: string) => () =>
  Promise.reject(new CamError(code, 'What happened.', hint === undefined ? {} : { hint }));

/** A server with no accounts, which notes whether it was closed. */
function emptyServer(closed: boolean[] = []): Connection {
  const unused = () => Promise.reject(new Error('not asked for here'));
  return {
    via: 'server',
    origin: 'http://127.0.0.1:1',
    dataFolder: '/data',
    open: {} as Connection['open'],
    call: <T>() => Promise.resolve([] as T),
    signIn: unused,
    masterKey: unused,
    forget: unused,
    close: () => Promise.resolve(void closed.push(true)),
  };
}

describe('an exit code', () => {
  it.each<[ErrorCode, number]>([
    ['account_not_found', 1],
    ['config_invalid', 2],
    ['vault_locked', 3],
    ['unauthenticated', 3],
    ['wrong_master_key', 4],
    ['already_running', 5],
  ])('for %s is %i', async (code, exit) => {
    expect(await run(['list'], failing(code, 'Do this.'))).toEqual({
      code: exit,
      out: '',
      err: 'cam: What happened.\nhint: Do this.\n',
    });
  });

  it('for a fault of our own is 1, with its words but nothing that looks like a key', async () => {
    const broken = () => Promise.reject(new TypeError('cannot use sk-proj-0123456789abcdef here'));
    const { code, err } = await run(['list'], broken);
    expect(code).toBe(1);
    expect(err).toBe('cam: something went wrong that should not have: cannot use [secret] here\n');
  });

  it('for help and for the version is 0', async () => {
    const help = await run(['help', 'add'], failing('internal'));
    expect(help.code).toBe(0);
    for (const flag of [
      '--no-check',
      '--base-url',
      '--allow-local',
      '--org-id',
      '--project-id',
      '--models',
      '--priority',
    ]) {
      expect(help.out).toContain(flag);
    }
    expect(await run(['--version'], failing('internal'))).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });
});

describe('the connection', () => {
  it('goes to a server that was only starting while the lock was waited for', async () => {
    const closed: boolean[] = [];
    const answers: (Connection | null)[] = [null, emptyServer(closed)];
    const said = await run(['list'], failing('already_running'), () =>
      Promise.resolve(answers.shift() ?? null),
    );
    expect(said).toMatchObject({ code: 0, out: '' });
    expect(closed).toEqual([true]);
  });
});

describe('limits on the command line', () => {
  it.each([
    [{ limitDayUsd: '2.5' }, { day: { cost: 2_500_000_000 } }],
    [{ limitDayUsd: '$1,200' }, { day: { cost: 1_200_000_000_000 } }],
    [{ limitMonthTokens: '2_000_000' }, { month: { tokens: 2_000_000 } }],
    [
      { limitDayRequests: '10', limitMonthRequests: '100' },
      { day: { requests: 10 }, month: { requests: 100 } },
    ],
  ])('%o are %o', (flags, limits) => {
    expect(accountSettings(flags, null).limits).toEqual(limits);
  });

  it('keep what no flag names, and drop what a flag calls none', () => {
    const current = { day: { requests: 10, tokens: 5 }, month: { tokens: 50 } };
    expect(accountSettings({ limitDayTokens: 'none' }, current).limits).toEqual({
      day: { requests: 10 },
      month: { tokens: 50 },
    });
    expect(accountSettings({ limitMonthTokens: 'none' }, current).limits).toEqual({
      day: { requests: 10, tokens: 5 },
    });
    expect(accountSettings({ priority: '3' }, current)).toEqual({ priority: 3 });
  });

  it.each([['-1'], ['1e3'], ['1.2.3'], ['0'], ['']])('refuse %j dollars', (limitDayUsd) => {
    expect(() => accountSettings({ limitDayUsd }, null)).toThrow(CamError);
  });
});
