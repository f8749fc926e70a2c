/** `cam` without a command: the terminal UI at a terminal, the status and the help anywhere else. */
import type { Command } from 'commander';
import type { CommandWorld } from '../command.ts';
import { readStatus, showStatus } from './status.ts';

export function addOverview(program: Command, world: CommandWorld): void {
  program.action(async () => {
    const { terminal } = world;
    if (terminal.canAsk && terminal.outIsPerson && !world.flags().json) {
      const { openTui } = await import('./tui.ts');
      return openTui(world, false);
    }
    const report = await readStatus(world);
    if (world.flags().json) return world.terminal.json(report);
    showStatus(world, report);
    world.terminal.out('');
    program.outputHelp();
  });
}
