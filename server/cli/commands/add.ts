/** `cam add NAME [KEY|-]` */
import { reveal } from '../../../lib/base/secret.ts';
import { type AccountFlags, accountSettings, addAccountOptions } from '../account-options.ts';
import { keyText, sayCheck } from '../account-text.ts';
import type { CommandModule } from '../command.ts';
import { readSecretArgument } from '../secret-argument.ts';

export const addAdd: CommandModule = (command, { terminal, flags, connect }) => {
  addAccountOptions(
    command.argument('<name>', 'what to call it').argument('[key]', 'its key, or - to pipe it in'),
  )
    .option('--no-check', 'do not ask the provider whether it accepts the key')
    .action(async (name: string, given: string | undefined, options: AccountFlags & { check: boolean }) => {
      const settings = accountSettings(options, null);
      const key = await readSecretArgument(terminal, given, 'Account key');
      const connection = await connect();
      if (options.check) terminal.say('Asking the provider whether it accepts the key…');
      const added = await connection.call(
        (api) => api.accounts.add.mutate({ name, key: reveal(key), ...settings, check: options.check }),
        { mayInitialise: true },
      );
      if (flags().json) terminal.json(added);
      else terminal.out(`Added ${added.account.name} (${keyText(added.account)}).`);
      sayCheck(terminal, added.check);
      for (const note of added.notes) terminal.say(`Note: ${note}`);
    });
};
