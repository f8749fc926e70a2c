/** `cam proxy`: starts the server in this process and stays until it is told to stop. */

import type { CommandModule } from '../command.ts';
import { settingFlags } from '../flags.ts';

export const addProxy: CommandModule = (command, { terminal, flags }) => {
  command
    .option('--require-unlocked', 'exit with 3 instead of starting locked')
    .action(async (options: { requireUnlocked?: boolean }) => {
      const { runServer } = await import('../../process.ts');
      const { home, masterKeyFile } = flags();
      await runServer({ home, masterKeyFile, ...options, settings: settingFlags(flags()) }, terminal.env);
    });
};
