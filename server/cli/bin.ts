#!/usr/bin/env node
/** The command line as a process: the real terminal, the real folders. Everything else is in `main.ts`. */
import { homedir } from 'node:os';
import packageFile from '../../package.json' with { type: 'json' };
import { findFolders } from '../data-folder.ts';
import { connectToServer } from './connection.ts';
import { runCli } from './main.ts';
import { createTerminal } from './terminal.ts';

// A reader that stops reading (`cam list | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const terminal = createTerminal(process.env, process);

process.exitCode = await runCli(process.argv.slice(2), {
  terminal,
  version: packageFile.version,
  dataFolder: (flags) =>
    findFolders({
      env: process.env,
      platform: process.platform,
      home: homedir(),
      workingFolder: process.cwd(),
      flag: flags.home,
    }).data,
  findServer: (dataFolder, flags) => connectToServer(dataFolder, terminal, flags.masterKeyFile),
  openHere: async (flags) => (await import('./open-here.ts')).openHere(flags, terminal),
});
