/** `cam enable NAME`: the account may serve again; a refused key is tried again. */
import type { CommandModule } from '../command.ts';

export const addEnable: CommandModule = (command, { terminal, flags, connect }) => {
  command.argument('<account>', 'its name, or the beginning of its id').action(async (ref: string) => {
    const connection = await connect();
    const account = await connection.call((api) => api.accounts.enable.mutate({ ref }));
    if (flags().json) terminal.json(account);
    else terminal.out(`${account.name} is enabled.`);
  });
};
