/** The terminal: what is asked, what is echoed, and what may never reach it. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { reveal } from '../../../lib/base/secret.ts';
import { createMasterKeys } from '../../../server/cli/master-key.ts';
import { readSecretArgument } from '../../../server/cli/secret-argument.ts';
import { printTable } from '../../../server/cli/table.ts';
import { createTerminal } from '../../../server/cli/terminal.ts';

const ESC = '\u001b';

/** A terminal with a person at it, who types what the test says. */
function person(env: Record<string, string> = {}, isTTY = true) {
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY,
    setRawMode(on: boolean) {
      raw.push(on);
      return this as never;
    },
  });
  const stdout = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const terminal = createTerminal({ NODE_ENV: 'test', ...env }, { stdin, stdout, stderr });
  return {
    terminal,
    raw,
    type: (text: string) => stdin.write(text),
    close: () => stdin.end(),
    seen: () => `${stdout.read() ?? ''}${stderr.read() ?? ''}`,
  };
}

describe('a hidden question', () => {
  it('shows the question and nothing of the answer, and gives the terminal back as it was', async () => {
    const { terminal, type, seen, raw } = person();
    const answer = terminal.askSecret('Master key');
    type('correct horsE\u007fe battery staple\r');
    expect(reveal(await answer)).toBe('correct horse battery staple');
    expect(seen()).toBe('Master key: \n');
    expect(raw).toEqual([true, false]);
  });

  it('takes what is pasted up to the line break', async () => {
    const { terminal, type } = person();
    const answer = terminal.askSecret('Account key');
    type('sk-proj-pasted\nrm -rf /\n');
    expect(reveal(await answer)).toBe('sk-proj-pasted');
  });

  it('begins again on ctrl-U', async () => {
    const { terminal, type } = person();
    const answer = terminal.askSecret('Account key');
    type('wrong\u0015right\r');
    expect(reveal(await answer)).toBe('right');
  });

  it.each([
    ['ctrl-C', 'half\u0003'],
    ['ctrl-D', '\u0004'],
  ])('ends without an answer on %s, with the terminal as it was', async (_, keys) => {
    const { terminal, type, raw } = person();
    const answer = terminal.askSecret('Account key');
    type(keys);
    await expect(answer).rejects.toMatchObject({ code: 'invalid_request' });
    expect(raw).toEqual([true, false]);
  });

  it('is not asked where there is no terminal', async () => {
    const { terminal } = person({}, false);
    await expect(terminal.askSecret('Account key')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('a confirmation', () => {
  it.each([
    ['y\n', true],
    ['YES\n', true],
    ['\n', false],
    ['yesterday\n', false],
  ])('answered with %j is %s', async (typed, sure) => {
    const { terminal, type } = person();
    const answer = terminal.askYesNo('Remove Work?');
    type(typed);
    expect(await answer).toBe(sure);
  });
});

describe('a new master key', () => {
  it('is asked for twice, and refused when the two differ', async () => {
    const { terminal, type } = person();
    const fresh = createMasterKeys(terminal, undefined).fresh();
    type('correct horse battery\r');
    await new Promise((resolve) => setImmediate(resolve));
    type('correct horse batterie\r');
    await expect(fresh).rejects.toMatchObject({
      message: 'The two master keys differ. Nothing was changed.',
    });
  });

  it('from the environment is taken out of it, and remembered for the rest of the command', async () => {
    const { terminal } = person({ CAM_MASTER_KEY: 'correct horse battery staple' }, false);
    const keys = createMasterKeys(terminal, undefined);
    expect(reveal(await keys.fresh())).toBe('correct horse battery staple');
    expect(terminal.env.CAM_MASTER_KEY).toBeUndefined();
    expect(reveal(await keys.current())).toBe('correct horse battery staple');
  });
});

describe('a key for a command', () => {
  it('is read from a pipe where - is written, without its line break', async () => {
    const { terminal, type, close } = person({}, false);
    type('sk-proj-piped\n');
    close();
    expect(reveal(await readSecretArgument(terminal, '-', 'Account key'))).toBe('sk-proj-piped');
  });

  it('is missed when the pipe is empty', async () => {
    const { terminal, close } = person({}, false);
    close();
    await expect(readSecretArgument(terminal, '-', 'Account key')).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('is not read without end', async () => {
    const { terminal, type, close } = person({}, false);
    type('x'.repeat(70_000));
    close();
    await expect(readSecretArgument(terminal, '-', 'Account key')).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('output', () => {
  const rows = [{ name: `Work${ESC}[2J\u202e` }, { name: '仕事' }, { name: 'Lab' }];
  const columns = [
    { title: 'NAME', cell: (row: { name: string }) => ({ text: row.name, style: 'ok' as const }) },
    { title: 'N', right: true, cell: () => '1' },
  ];

  it('is aligned, also with wide characters, and no text from outside can steer the terminal', () => {
    const { terminal, seen } = person({ NO_COLOR: '1' });
    printTable(terminal, rows, columns);
    expect(seen().split('\n')).toEqual(['NAME       N', 'Work·[2J·  1', '仕事       1', 'Lab        1', '']);
  });

  it.each([
    ['at a terminal', {}, true, true],
    ['with NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['on a dumb terminal', { TERM: 'dumb' }, true, false],
    ['into a pipe', {}, false, false],
  ])('has colour %s: %o, %s -> %s', (_, env, isTTY, colored) => {
    expect(person(env, isTTY).terminal.paint('ok', 'x') !== 'x').toBe(colored);
  });
});
