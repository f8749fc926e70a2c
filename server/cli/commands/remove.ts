/** `cam remove NAME`: the key is deleted for good; what the account was used for stays in the figures. */
import { CamError } from '../../../lib/errors.ts';
import type { CommandModule } from '../command.ts';

export const addRemove: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .argument('<account>', 'its name, or the beginning of its id')
    .option('-y, --yes', 'do not ask')
    .action(async (ref: string, options: { yes?: boolean }) => {
      const connection = await connect();
      const account = await connection.call((api) => api.accounts.get.query({ ref }));
      if (!options.yes) {
        if (!terminal.canAsk) {
          throw new CamError('invalid_request', 'Removing an account needs a confirmation.', {
            hint: 'Add --yes.',
          });
        }
        const sure = await terminal.askYesNo(`Remove ${account.name} and delete its key?`);
        if (!sure) throw new CamError('invalid_request', 'Nothing was removed.');
      }
      await connection.call((api) => api.accounts.remove.mutate({ ref: account.id }));
      if (flags().json) terminal.json({ removed: { id: account.id, name: account.name } });
      else terminal.out(`Removed ${account.name}.`);
    });
};
