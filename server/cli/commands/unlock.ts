/** `cam unlock`: unlocks the running server and keeps a sign-in to it for the commands that follow. */
import { CamError } from '../../../lib/errors.ts';
import type { CommandModule } from '../command.ts';

export const addUnlock: CommandModule = (command, { terminal, flags, connect }) => {
  command.action(async () => {
    const connection = await connect();
    if (connection.via !== 'server') {
      throw new CamError(
        'not_found',
        'No server is running on this data folder, so there is nothing to unlock.',
        {
          hint: 'Start it with `cam proxy`. Other commands ask for the master key themselves.',
        },
      );
    }
    const { expiresAtMs } = await connection.signIn();
    if (flags().json) terminal.json({ vault: 'unlocked', expiresAtMs });
    else terminal.out('Unlocked. Commands of this user need no master key for now.');
  });
};
