/** `cam pause NAME`: no new call goes to the account until it is resumed; nothing about it is forgotten. */
import type { CommandModule } from '../command.ts';

export const addPause: CommandModule = (command, { terminal, flags, connect }) => {
  command.argument('<account>', 'its name, or the beginning of its id').action(async (ref: string) => {
    const connection = await connect();
    const account = await connection.call((api) => api.accounts.pause.mutate({ ref }));
    if (flags().json) return terminal.json(account);
    terminal.out(`${account.name} is paused.`);
    terminal.say('New calls go to other accounts; calls under way finish. It stays paused over a restart.');
  });
};
