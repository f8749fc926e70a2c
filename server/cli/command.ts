/** What a command's file provides, and what it is given to work with. */
import type { Command } from 'commander';
import type { Connection } from './connection.ts';
import type { GlobalFlags } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** What a command is given to work with. */
export interface CommandWorld {
  readonly terminal: Terminal;
  readonly version: string;
  /** All of them, for what is made from their definitions. */
  readonly commands: readonly CommandEntry[];
  readonly flags: () => GlobalFlags;
  /** The application's API, of the running server or in this process. Closed by `runCli`. */
  readonly connect: () => Promise<Connection>;
  /** The running server's API only; never opens the data. */
  readonly connectIfRunning: () => Promise<{
    readonly connection: Connection | null;
    readonly dataFolder: string;
  }>;
}

/** One command's file: adds its arguments, flags and action to the command made for it. */
export type CommandModule = (command: Command, world: CommandWorld) => void;

export interface CommandEntry {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}
