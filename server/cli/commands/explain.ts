/** `cam explain ID`: one call as a story. `--json`: RequestView. */
import { tellCall } from '../call-text.ts';
import type { CommandModule } from '../command.ts';

export const addExplain: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .argument('<id>', 'the x-cam-request-id of its answer, the beginning of one, or "last"')
    .action(async (id: string) => {
      const connection = await connect();
      const call = await connection.call((api) => api.requests.get.query({ id }));
      if (flags().json) terminal.json(call);
      else tellCall(terminal, call);
    });
};
