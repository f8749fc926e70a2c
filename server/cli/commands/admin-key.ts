/** `cam admin-key set|remove NAME`: the admin key of an account's organisation, which may ask for usage, cost and limits. */
import { reveal } from '../../../lib/base/secret.ts';
import type { CommandModule } from '../command.ts';
import { readSecretArgument } from '../secret-argument.ts';

export const addAdminKey: CommandModule = (command, { terminal, connect }) => {
  command
    .command('set')
    .description('store it beside the account’s own key, sealed alike; needs the master key')
    .argument('<name>')
    .argument('[key]', 'the admin key, or - to take it from stdin; asked for when not given')
    .action(async (ref: string, given: string | undefined) => {
      const adminKey = reveal(await readSecretArgument(terminal, given, 'The admin key'));
      const connection = await connect();
      const masterKey = reveal(await connection.masterKey());
      await connection.call((api) => api.providers.setAdminKey.mutate({ ref, adminKey, masterKey }));
      terminal.out(`The admin key of ${ref}’s organisation is stored.`);
      terminal.hint(`ask it now: cam refresh "${ref}"`);
    });
  command
    .command('remove')
    .description('forget it, and what was learned with it')
    .argument('<name>')
    .action(async (ref: string) => {
      const connection = await connect();
      const masterKey = reveal(await connection.masterKey());
      await connection.call((api) => api.providers.setAdminKey.mutate({ ref, adminKey: null, masterKey }));
      terminal.out(`${ref} has no admin key any more.`);
    });
};
