/** `cam keychain on|off|status`: whether the operating system's keychain opens the vault at the next start. */
import { reveal } from '../../../lib/base/secret.ts';
import type { CommandModule } from '../command.ts';

export const addKeychain: CommandModule = (command, { terminal, flags, connect }) => {
  const tell = (on: boolean): void => {
    if (flags().json) terminal.json({ keychain: on });
    else if (on) terminal.out('The keychain holds the master key: the next start unlocks by itself.');
    else terminal.out('The keychain is not used.');
  };
  command
    .command('on')
    .description('put the master key there, and use it from the next start')
    .action(async () => {
      const connection = await connect();
      const masterKey = reveal(await connection.masterKey());
      const vault = await connection.call((api) => api.vault.keychain.mutate({ on: true, masterKey }));
      tell(vault.keychain);
    });
  command
    .command('off')
    .description('take it out again')
    .action(async () => {
      const connection = await connect();
      tell((await connection.call((api) => api.vault.keychain.mutate({ on: false }))).keychain);
    });
  command
    .command('status', { isDefault: true })
    .description('whether it is used')
    .action(async () => {
      const connection = await connect();
      tell((await connection.call((api) => api.vault.get.query())).keychain);
    });
};
