/** `cam connect CLIENT`: makes a client come here, shows what that changes, and undoes it. `--json`: ConnectReport. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CLIENTS, CONNECTABLE } from '../../connect/clients.ts';
import { listRecords } from '../../connect/record.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { type ConnectFlags, hereEndpoint, surroundings, tryOut, undo, write } from '../connecting.ts';
import { printFacts, printTable } from '../table.ts';

const PRINT = 'print';

export const addConnect: CommandModule = (command, world) => {
  command
    .argument('[client]', `${CONNECTABLE.join(', ')}, or ${PRINT} for what any other needs`)
    .option('--project', 'the file of the folder you are in, instead of your own')
    .option('--file <file>', 'another file than the one the client usually reads')
    .option('--model <model>', 'the model that the client shall use')
    .option('--key <key>', 'this client key instead of a new one, or - to pipe it in')
    .addOption(new Option('--show', 'only show what would change').conflicts(['undo', 'check']))
    .addOption(new Option('--undo', 'put back what was there before, and revoke the key').conflicts('check'))
    .option('--check', 'send a small real call the way the client would')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, flags: ConnectFlags) => connect(command, world, name, flags));
};

const EXAMPLES = `
Examples:
  cam connect opencode            OpenCode's own file, a key of its own; asks before it writes
  cam connect codex --model gpt-5.5
  cam connect opencode --project  only in this folder
  cam connect opencode --check    a real call the way OpenCode would send it
  cam connect opencode --undo     as it was before
  cam connect                     what is connected`;

async function connect(
  command: Command,
  world: CommandWorld,
  name: string | undefined,
  flags: ConnectFlags,
): Promise<void> {
  if (name === undefined) return listConnected(world);
  if (name === PRINT) return printAll(world);
  const client = CONNECTABLE.find((one) => one === name);
  if (client === undefined) {
    command.error(`cam: there is no client ${name}; there are ${[...CONNECTABLE, PRINT].join(', ')}`, {
      exitCode: 2,
    });
  }
  const where = surroundings(world);
  const file = flags.file
    ? resolve(where.workingFolder, flags.file)
    : CLIENTS[client].file(where, flags.project === true);
  if (flags.check) return tryOut(world, client, file, flags.model ?? null);
  if (flags.undo) return undo(world, client, file, flags);
  await write(world, { client, file, where, flags });
}

async function listConnected(world: CommandWorld): Promise<void> {
  const { terminal } = world;
  const records = listRecords((await world.connectIfRunning()).dataFolder);
  if (world.flags().json) {
    return terminal.json(
      records.map(({ client, file, atMs, clientKeyName }) => ({
        client,
        file,
        atMs,
        clientKey: clientKeyName,
      })),
    );
  }
  if (records.length === 0) {
    terminal.say('Nothing was connected by this program.');
    terminal.hint(`cam connect ${CONNECTABLE.join(' | ')}`);
    return;
  }
  printTable(terminal, records, [
    { title: 'CLIENT', cell: ({ client }) => client },
    { title: 'KEY', cell: ({ clientKeyName }) => clientKeyName },
    { title: 'FILE', cell: ({ file }) => file },
  ]);
}

/** For every client that we do not know: the two things that it needs, without a key. */
async function printAll(world: CommandWorld): Promise<void> {
  const { terminal } = world;
  const { connection } = await world.connectIfRunning();
  const endpoint = connection?.origin ? `${connection.origin}/v1` : hereEndpoint(world);
  if (world.flags().json) return terminal.json({ endpoint });
  printFacts(terminal, [
    ['base URL', endpoint],
    ['key', 'of `cam keys add NAME`, shown once'],
    ['headers', 'Authorization: Bearer <key>'],
    ['variables', `OPENAI_BASE_URL=${endpoint} OPENAI_API_KEY=<key>`],
  ]);
}
