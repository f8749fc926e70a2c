/** `cam explain ID`: one call as a story. `--json`: RequestView. */
import { CamError } from '../../../lib/errors.ts';
import { tellCall } from '../call-text.ts';
import type { AdminClient } from '../client.ts';
import type { CommandModule } from '../command.ts';

export const addExplain: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .argument('<id>', 'the x-cam-request-id of its answer, the beginning of one, or "last"')
    .action(async (id: string) => {
      const connection = await connect();
      const call = await connection.call(async (api) =>
        api.requests.get.query({ id: id === 'last' ? await newest(api) : id }),
      );
      if (flags().json) terminal.json(call);
      else tellCall(terminal, call);
    });
};

async function newest(api: AdminClient): Promise<string> {
  const [row] = (await api.requests.list.query({ limit: 1 })).rows;
  if (row) return row.id;
  throw new CamError('not_found', 'There is no call yet.');
}
