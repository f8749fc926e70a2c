/** `cam restore FILE`: puts a backup in the place of the database. No server may be running on the data folder. */
import { CamError } from '../../../lib/errors.ts';
import { formatCountOf } from '../../../lib/format.ts';
import type { CommandModule } from '../command.ts';

export const addRestore: CommandModule = (command, world) => {
  const { terminal, flags, connectIfRunning } = world;
  command
    .argument('<file>', 'a backup')
    .option('--yes', 'do not ask before replacing the database')
    .action(async (file: string, { yes }: { readonly yes?: boolean }) => {
      const { connection, dataFolder } = await connectIfRunning();
      if (connection !== null) {
        throw new CamError('already_running', `A server is running on ${dataFolder}. Nothing was changed.`, {
          hint: 'Stop it first: what is in memory would be written over what is restored.',
        });
      }
      if (!yes) {
        if (!terminal.canAsk) {
          throw new CamError(
            'invalid_request',
            'Nothing was changed: a confirmation is needed, and this is no terminal.',
            {
              hint: '`--yes` stands for it.',
            },
          );
        }
        const agreed = await terminal.askYesNo(`Put ${file} in the place of the database in ${dataFolder}?`);
        if (!agreed) throw new CamError('invalid_request', 'Nothing was changed.');
      }
      const { restoreHere } = await import('../restore-here.ts');
      const done = await restoreHere(file, flags(), terminal);
      if (flags().json) return terminal.json(done);
      terminal.out(
        `Restored ${formatCountOf(done.accounts, 'account')} and ${formatCountOf(done.clientKeys, 'client key')} from ${file}.`,
      );
      if (done.replaced !== null) terminal.say(`The database that was here is at ${done.replaced}.`);
      if (done.damaged.length > 0) terminal.say(`Note: quarantined: ${done.damaged.join(', ')}.`);
      terminal.say('Client keys that were revoked since this backup work again: revoke them again.');
    });
};
