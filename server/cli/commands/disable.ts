/** `cam disable NAME`: no new call goes to the account; calls under way finish. */
import type { CommandModule } from '../command.ts';

export const addDisable: CommandModule = (command, { terminal, flags, connect }) => {
  command.argument('<account>', 'its name, or the beginning of its id').action(async (ref: string) => {
    const connection = await connect();
    const account = await connection.call((api) => api.accounts.disable.mutate({ ref }));
    if (flags().json) terminal.json(account);
    else terminal.out(`${account.name} is disabled.`);
  });
};
