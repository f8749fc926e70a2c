/** What is made from the definitions of the commands: the manual, and completion in the shells. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../server/cli/command-list.ts';
import { completionScript } from '../../../server/cli/completion-script.ts';
import { type CommandOutline, outline } from '../../../server/cli/outline.ts';
import { configurationText } from '../../support/docs/configuration.ts';
import { manual } from '../../support/docs/manual.ts';

let root: CommandOutline;
beforeAll(async () => {
  root = await outline(COMMANDS);
});

test('every command is in the outline, with a line that says what it does', () => {
  expect(root.children.map(({ path }) => path)).toEqual(COMMANDS.map(({ name }) => name));
  const all = (one: CommandOutline): CommandOutline[] => [one, ...one.children.flatMap(all)];
  for (const { path, what, flags } of root.children.flatMap(all)) {
    expect([path, what]).not.toEqual([path, '']);
    for (const flag of flags) expect([path, flag.form, flag.what]).not.toEqual([path, flag.form, '']);
  }
});

test('docs/cli.md and docs/configuration.md say what the definitions say: node tests/support/docs/write.ts', () => {
  expect(readFileSync('docs/cli.md', 'utf8')).toBe(manual(root));
  expect(readFileSync('docs/configuration.md', 'utf8')).toBe(configurationText());
});

describe('completion in bash', () => {
  const completed = (...words: readonly string[]): string[] => {
    const typed = ['cam', ...words].map((word) => `'${word}'`).join(' ');
    const script = `${completionScript('bash', root)}
COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _cam; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).trim().split('\n');
  };

  test.each([
    [['con'], ['connect', 'conversations', 'config']],
    [['isol'], ['isolate']],
    [['keys', 'a'], ['add']],
    [['--json', 'keys', 'rev'], ['revoke']],
    [['keys', 'Laptop', 'ed'], ['edit']],
    [['connect', '--un'], ['--undo']],
    [['list', '--js'], ['--json']],
  ])('%j leads to %j', (typed, found) => {
    expect(completed(...typed)).toEqual(found);
  });
});

test('every shell gets every command', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    for (const { name } of COMMANDS) expect(completionScript(shell, root)).toContain(name);
});
