/** `docs/cli.md`, made from the definitions of the commands. */
import type { CommandOutline, FlagOutline } from '../../../server/cli/outline.ts';

/** The errors that lead to each are in `lib/errors`. */
const EXIT_CODES: readonly (readonly [code: string, what: string])[] = [
  ['0', 'done'],
  ['1', 'failed: what was asked for did not work'],
  ['2', 'the command or the configuration is not right; nothing was done'],
  ['3', 'locked, or nobody is signed in'],
  ['4', 'wrong master key'],
  ['5', 'a server runs on this folder already'],
];

export function manual(root: CommandOutline): string {
  const all = root.children.flatMap(withChildren);
  return `${[
    '# The command line',
    'This file is made from the definitions of the commands (`node tests/support/docs/write.ts`); a test compares them.',
    '`codex-account-manager`, short `cam`; from the folder of the program `npm run -s cam -- …`. At a terminal `cam` alone opens the terminal UI. Data goes to stdout and talk to stderr; `--json` prints data as JSON, in the shape that each command names at the top of its file in `server/cli/commands`. Keys are asked for at a prompt that does not echo, or piped in with `-`. What destroys something asks first; `--yes` answers.',
    '![The terminal UI: calls as they come, and why the selected one went where it went](pictures/terminal-live.png)',
    'An account or a client key is named by its name, in any case, or by the beginning of its id.',
    '## Exit codes',
    table(['code', 'meaning'], EXIT_CODES),
    '## Flags of every command',
    flagTable(root.flags),
    '## Commands',
    table(
      ['command', ''],
      root.children.map(({ path, alias, what }) => [
        `[\`${path}\`](#cam-${path})${alias === null ? '' : `, \`${alias}\``}`,
        what,
      ]),
    ),
    ...all.map(section),
  ].join('\n\n')}\n`;
}

const withChildren = (outline: CommandOutline): CommandOutline[] => [
  outline,
  ...outline.children.flatMap(withChildren),
];

function section({
  path,
  alias,
  what,
  form,
  arguments: taken,
  flags,
  examples,
  children,
}: CommandOutline): string {
  const usage = ['cam', path, ...(form === '' ? [] : [form]), ...(flags.length > 0 ? ['[flags]'] : [])].join(
    ' ',
  );
  const level = path.includes(' ') ? '####' : '###';
  return [
    `${level} cam ${path}`,
    `${what.slice(0, 1).toUpperCase()}${what.slice(1)}.${alias === null ? '' : ` Also \`cam ${alias}\`.`}`,
    `\`\`\`\n${usage}\n\`\`\``,
    ...(children.length === 0
      ? []
      : [`Commands of its own: ${children.map((child) => `\`${child.path}\``).join(', ')}.`]),
    ...(taken.length === 0
      ? []
      : [
          table(
            ['argument', ''],
            taken.map((one) => [`\`${one.form}\``, one.what]),
          ),
        ]),
    ...(flags.length === 0 ? [] : [flagTable(flags)]),
    ...(examples === null ? [] : [`\`\`\`\n${undented(examples)}\n\`\`\``]),
  ].join('\n\n');
}

const flagTable = (flags: readonly FlagOutline[]): string =>
  table(
    ['flag', ''],
    flags.map(({ form, what, fallback }) => [
      `\`${form}\``,
      fallback === null ? what : `${what} (${fallback})`,
    ]),
  );

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');

const escaped = (text: string): string => text.replaceAll('|', '\\|');
const undented = (text: string): string => text.replaceAll(/^ {2}/gm, '');
