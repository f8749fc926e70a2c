/**
 * The command line: finds the command, runs it, and turns whatever goes wrong into a sentence, a hint and an
 * exit code of the table in `lib/errors` (0 ok, 1 failure, 2 usage or configuration, 3 locked or not signed
 * in, 4 wrong master key, 5 already running). Each command's file is loaded only when it is the one asked for.
 */
import { Command, CommanderError } from 'commander';
import { asCamError, CamError } from '../../lib/errors.ts';
import type { CommandWorld } from './command.ts';
import { COMMANDS } from './command-list.ts';
import type { Connection } from './connection.ts';
import type { GlobalFlags } from './flags.ts';
import { addGlobalOptions } from './global-options.ts';
import type { Terminal } from './terminal.ts';

export interface CliDeps {
  readonly terminal: Terminal;
  readonly version: string;
  readonly dataFolder: (flags: GlobalFlags) => string;
  /** The running server on a data folder, if there is one. */
  readonly findServer: (dataFolder: string, flags: GlobalFlags) => Promise<Connection | null>;
  /** The application in this process. */
  readonly openHere: (flags: GlobalFlags) => Promise<Connection>;
}

/** @param args without node and script @returns the exit code */
export async function runCli(args: readonly string[], deps: CliDeps): Promise<number> {
  const program = baseProgram(deps);
  let connection: Connection | null = null;
  const world: CommandWorld = {
    terminal: deps.terminal,
    version: deps.version,
    commands: COMMANDS,
    flags: () => program.opts<GlobalFlags>(),
    connect: async () => {
      connection ??= await connectAnyhow(deps, program.opts<GlobalFlags>());
      return connection;
    },
    connectIfRunning: async () => {
      const flags = program.opts<GlobalFlags>();
      const dataFolder = deps.dataFolder(flags);
      connection ??= await deps.findServer(dataFolder, flags);
      return { connection, dataFolder };
    },
  };
  try {
    await addCommands(program, wantedCommand(args), world);
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (thrown) {
    return await tell(thrown, deps.terminal);
  } finally {
    await (connection as Connection | null)?.close();
  }
}

/** The server that runs, else this process; else the server that was just starting while we waited for the lock. */
async function connectAnyhow(deps: CliDeps, flags: GlobalFlags): Promise<Connection> {
  const dataFolder = deps.dataFolder(flags);
  const running = await deps.findServer(dataFolder, flags);
  if (running !== null) return running;
  try {
    return await deps.openHere(flags);
  } catch (thrown) {
    const busy = thrown instanceof CamError && thrown.code === 'already_running';
    const started = busy ? await deps.findServer(dataFolder, flags) : null;
    if (started === null) throw thrown;
    return started;
  }
}

function baseProgram({ terminal, version }: CliDeps): Command {
  return addGlobalOptions(new Command('cam'))
    .description('One local endpoint for coding agents over several OpenAI accounts.')
    .version(version)
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.say(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'cam: ')),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => terminal.columns ?? 100,
    })
    .showHelpAfterError('hint: `cam help` lists the commands')
    .exitOverride();
}

async function addCommands(program: Command, wanted: string | null, world: CommandWorld): Promise<void> {
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).description(entry.summary).allowExcessArguments(false);
    if (entry.alias) command.alias(entry.alias);
    if (wanted === entry.name || (entry.alias !== undefined && wanted === entry.alias)) {
      (await entry.load())(command, world);
    }
  }
  if (wanted === null) {
    const { addOverview } = await import('./commands/overview.ts');
    addOverview(program, world);
  }
}

const VALUE_FLAGS = /^--(home|host|port|allowed-hosts|log-level|master-key-file)$/;

/** The first word that is not a flag or a flag's value; of `help add` the second. */
function wantedCommand(args: readonly string[]): string | null {
  const words: string[] = [];
  for (let at = 0; at < args.length && words.length < 2; at++) {
    const arg = args[at] ?? '';
    if (VALUE_FLAGS.test(arg)) at++;
    else if (!arg.startsWith('-')) words.push(arg);
  }
  return (words[0] === 'help' ? words[1] : words[0]) ?? null;
}

async function tell(thrown: unknown, terminal: Terminal): Promise<number> {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const error = asCamError(thrown);
  if (error.code === 'internal' && error.cause instanceof Error) {
    // Not a failure that we know: its own words help most, without anything in them that looks like a key.
    const { scrub } = await import('../log.ts');
    const detail = terminal.env.CAM_LOG_LEVEL === 'debug' ? error.cause.stack : error.cause.message;
    terminal.say(`cam: something went wrong that should not have: ${scrub(detail ?? error.cause.name)}`);
    return error.kind.exit;
  }
  terminal.say(`cam: ${error.message}`);
  if (error.hint) terminal.hint(error.hint);
  return error.kind.exit;
}
