/** `cam lock`: the running server forgets its keys; calls under way get 30 seconds, or none with --panic. */
import { CamError } from '../../../lib/errors.ts';
import type { CommandModule } from '../command.ts';

export const addLock: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .option('--panic', 'cut the streams under way at once')
    .action(async (options: { panic?: boolean }) => {
      const connection = await connect();
      if (connection.via !== 'server') {
        throw new CamError('not_found', 'No server is running on this data folder, so nothing is unlocked.');
      }
      await connection.call((api) => api.session.lock.mutate({ panic: options.panic === true }));
      await connection.forget();
      if (flags().json) terminal.json({ vault: 'locked' });
      else terminal.out('Locked.');
    });
};
