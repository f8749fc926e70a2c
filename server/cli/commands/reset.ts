/** `cam reset NAME`: an account's limits count from now on. Its requests stay on record. */

import { CamError } from '../../../lib/errors.ts';
import { LIMIT_WINDOWS } from '../../../lib/metering/limit.ts';
import { words } from '../account-options.ts';
import type { CommandModule } from '../command.ts';

export const addReset: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .argument('<account>', 'its name, or the beginning of its id')
    .option('--window <windows>', 'only these: day, month')
    .action(async (ref: string, options: { readonly window?: string }) => {
      const windows = options.window === undefined ? {} : { windows: words(options.window).map(windowOf) };
      const connection = await connect();
      const account = await connection.call((api) => api.accounts.resetUse.mutate({ ref, ...windows }));
      if (flags().json) terminal.json(account);
      else
        terminal.out(`The use of ${account.name} is counted anew from now on. Its requests stay on record.`);
    });
};

function windowOf(word: string) {
  const window = LIMIT_WINDOWS.find((each) => each === word);
  if (window) return window;
  throw new CamError('invalid_request', `--window takes day or month, not "${word}".`);
}
