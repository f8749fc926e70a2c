/** `cam enable NAME`: the account may serve again; a refused key is tried again. */
import { argumentText } from '../account-text.ts';
import type { CommandModule } from '../command.ts';

export const addEnable: CommandModule = (command, { terminal, flags, connect }) => {
  command.argument('<account>', 'its name, or the beginning of its id').action(async (ref: string) => {
    const connection = await connect();
    const account = await connection.call((api) => api.accounts.enable.mutate({ ref }));
    if (flags().json) return terminal.json(account);
    terminal.out(`${account.name} is enabled.`);
    if (account.state.word === 'paused')
      terminal.hint(`it is still paused: cam resume ${argumentText(account.name)}`);
  });
};
