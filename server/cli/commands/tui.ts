/** `cam tui`, and `cam` alone at a terminal: the terminal UI. */
import { CamError } from '../../../lib/errors.ts';
import type { CommandModule, CommandWorld } from '../command.ts';

export const addTui: CommandModule = (command, world) => {
  command
    .option('--once', 'print one frame and end')
    .action((flags: { readonly once?: boolean }) => openTui(world, flags.once === true));
};

export async function openTui({ terminal, connect }: CommandWorld, once: boolean): Promise<void> {
  if (!once && !(terminal.canAsk && terminal.outIsPerson)) {
    throw new CamError('invalid_request', 'The terminal UI needs a terminal to draw on.', {
      hint: 'cam tui --once prints one frame; cam status and cam list are made for scripts',
    });
  }
  const connection = await connect();
  // Signs in before the screen changes: the master key is asked for like anywhere else.
  await connection.call((api) => api.status.get.query());
  const tui = await import('../../tui/run.tsx');
  if (once) terminal.out(await tui.oneFrame(connection, terminal.columns ?? 100));
  else await tui.runTui(connection);
}
