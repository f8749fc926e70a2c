/** Every command with its arguments and flags, as they are defined: what the manual and the completions are made from. */
import { type Argument, Command } from 'commander';
import type { CommandEntry, CommandWorld } from './command.ts';
import { addGlobalOptions } from './global-options.ts';

export interface FlagOutline {
  /** `--limit`, and `-n` where there is one. */
  readonly names: readonly string[];
  /** As help shows it: `-n, --limit <number>`. */
  readonly form: string;
  readonly what: string;
  readonly fallback: string | null;
}

export interface CommandOutline {
  /** `keys add`; empty for `cam` itself. */
  readonly path: string;
  readonly alias: string | null;
  readonly what: string;
  /** Behind the name: `<name> [key]`. */
  readonly form: string;
  readonly arguments: readonly { readonly form: string; readonly what: string }[];
  readonly flags: readonly FlagOutline[];
  /** Lines as they are typed, with what they do; null where there are none. */
  readonly examples: string | null;
  readonly children: readonly CommandOutline[];
}

/** Commands are defined and never run. */
export async function outline(commands: readonly CommandEntry[]): Promise<CommandOutline> {
  const program = addGlobalOptions(new Command('cam'));
  for (const { name, alias, summary, load } of commands) {
    const command = program.command(name).description(summary);
    if (alias) command.alias(alias);
    (await load())(command, NOBODY);
  }
  return outlineOf(program, '');
}

const NOBODY: CommandWorld = new Proxy({} as CommandWorld, {
  get: () => () => {
    throw new Error('an outlined command is not run');
  },
});

function outlineOf(command: Command, path: string): CommandOutline {
  const form = (argument: Argument): string => formOf(argument.name(), argument.required, argument.variadic);
  const taken = command.registeredArguments;
  return {
    path,
    alias: command.alias() ?? null,
    what: command.description(),
    form: taken.map(form).join(' '),
    arguments: taken.map((argument) => ({ form: form(argument), what: argument.description })),
    flags: command.options
      .filter(({ hidden }) => !hidden)
      .map(({ flags, short, long, description, defaultValue }) => ({
        names: [long, short].filter((one) => one != null),
        form: flags,
        what: description,
        fallback: typeof defaultValue === 'string' ? defaultValue : null,
      })),
    examples: examplesOf(command),
    children: command.commands.map((child) => outlineOf(child, `${path} ${child.name()}`.trim())),
  };
}

/** What help says at its end, behind that word. */
function examplesOf(command: Command): string | null {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help.split('\nExamples:\n')[1]?.trimEnd() ?? null;
}

const formOf = (name: string, required: boolean, variadic: boolean): string =>
  `${required ? '<' : '['}${name}${variadic ? '...' : ''}${required ? '>' : ']'}`;
