/** `cam rotate`: a new data key; everything that is sealed or signed moves to it while calls go on. */
import { reveal } from '../../../lib/base/secret.ts';
import { formatCountOf } from '../../../lib/format.ts';
import type { CommandModule } from '../command.ts';

export const addRotate: CommandModule = (command, { terminal, flags, connect }) => {
  command.action(async () => {
    const connection = await connect();
    const masterKey = reveal(await connection.masterKey());
    const vault = await connection.call((api) => api.vault.rotate.mutate({ masterKey }));
    if (flags().json) return terminal.json(vault);
    const { accounts, clientKeys } = vault.guards;
    terminal.out(
      `Data key ${vault.dekNumber} seals ${formatCountOf(accounts, 'account key')} and signs ` +
        `${formatCountOf(clientKeys, 'client key')} now. The one before it is gone.`,
    );
    terminal.hint('backups from before still need the master key of their time');
  });
};
