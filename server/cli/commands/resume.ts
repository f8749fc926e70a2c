/** `cam resume NAME`: ends a pause. What was learned about the account before it still holds. */
import type { CommandModule } from '../command.ts';

export const addResume: CommandModule = (command, { terminal, flags, connect }) => {
  command.argument('<account>', 'its name, or the beginning of its id').action(async (ref: string) => {
    const connection = await connect();
    const account = await connection.call((api) => api.accounts.resume.mutate({ ref }));
    if (flags().json) return terminal.json(account);
    terminal.out(`${account.name} is not paused.`);
    const { reason, word } = account.state;
    if (reason !== null && word !== 'unused') terminal.say(reason);
  });
};
