/** `cam` without a command: the status and the help. */
import type { Command } from 'commander';
import type { CommandWorld } from '../command.ts';
import { readStatus, showStatus } from './status.ts';

export function addOverview(program: Command, world: CommandWorld): void {
  program.action(async () => {
    const report = await readStatus(world);
    if (world.flags().json) return world.terminal.json(report);
    showStatus(world, report);
    world.terminal.out('');
    program.outputHelp();
  });
}
