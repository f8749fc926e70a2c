/** What `cam connect` does with a client's file: writing it, trying it, and putting it back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { reveal, Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { DASH } from '../../lib/format.ts';
import { askThrough, readConnection } from '../connect/ask-through.ts';
import { backupOf, putBack, readClientFile, undone, writeClientFile } from '../connect/change-file.ts';
import { CLIENTS, type ConnectableName, type ConnectWish, type Surroundings } from '../connect/clients.ts';
import { inverseOf } from '../connect/config-text.ts';
import {
  type ConnectRecord,
  digest,
  keyFileOf,
  readRecord,
  removeRecord,
  writeRecord,
} from '../connect/record.ts';
import type { CommandWorld } from './command.ts';
import { type Connection, originOf } from './connection.ts';
import { sayFileDifference } from './file-difference.ts';
import { readSecretArgument } from './secret-argument.ts';
import { settingsHere } from './settings-here.ts';
import { printFacts } from './table.ts';

/** What `cam connect CLIENT --json` prints. */
export interface ConnectReport {
  readonly client: ConnectableName;
  readonly file: string;
  /** What stood there before; null when there was no file. */
  readonly backup: string | null;
  readonly clientKey: string;
  readonly endpoint: string;
  readonly warnings: readonly string[];
}

export interface ConnectFlags {
  readonly project?: boolean;
  readonly file?: string;
  readonly model?: string;
  readonly key?: string;
  readonly show?: boolean;
  readonly undo?: boolean;
  readonly check?: boolean;
  readonly yes?: boolean;
}

const PREVIEW_KEY = 'cam-…';

export const surroundings = ({ terminal }: CommandWorld): Surroundings => ({
  env: terminal.env,
  platform: process.platform,
  home: terminal.env.HOME ?? homedir(),
  workingFolder: process.cwd(),
});

interface Job {
  readonly client: ConnectableName;
  readonly file: string;
  readonly where: Surroundings;
  readonly flags: ConnectFlags;
}

export async function write(world: CommandWorld, { client, file, where, flags }: Job): Promise<void> {
  const { terminal } = world;
  const { format, settings, warnings, next, keyInside, title } = CLIENTS[client];
  const connection = await world.connect();
  const endpoint = endpointOf(world, connection);
  const keyFile = keyFileOf(connection.dataFolder, client, file);
  const before = readClientFile(file);
  const changed = (key: () => string): string =>
    explained(file, () => {
      const wish: ConnectWish = { endpoint, keyFile, key, model: flags.model ?? null };
      return format.change(before ?? '', settings(where, wish));
    });
  const known = readRecord(connection.dataFolder, client, file);
  const preview = changed(() => PREVIEW_KEY);
  const told = () => warnings(where, preview, file);
  if (!world.flags().json) {
    await sayFileDifference(terminal, file, before ?? '', preview);
    for (const warning of told()) terminal.say(`Note: ${warning}`);
  }
  if (flags.show) {
    const { scrub } = await import('../log.ts');
    if (world.flags().json)
      terminal.json({
        client,
        file,
        before: before === null ? null : scrub(before),
        after: scrub(preview),
        warnings: told(),
      });
    return;
  }
  await confirmed(world, `Change ${file}?`, flags);
  // Connected twice, it goes back to what there is without us: the first time's file, or that with what came since.
  const base = known === null ? before : undone(known, format);
  const hadModel = known?.inverse.some(({ path }) => path.join() === 'model') ?? false;
  const places = wishOnly(endpoint, flags.model !== undefined || hadModel);
  const key = await keyFor(world, connection, client, known, flags);
  storeKey(keyFile, key.value);
  const text = changed(() => reveal(key.value));
  if (before !== null && known === null) writeClientFile(backupOf(file), before);
  writeRecord(connection.dataFolder, {
    client,
    file,
    atMs: Date.now(),
    before: base,
    inverse: inverseOf(format, base ?? '', settings(where, places)),
    written: digest(text),
    clientKeyId: key.id,
    clientKeyName: key.name,
  });
  writeClientFile(file, text);
  const report: ConnectReport = {
    client,
    file,
    backup: before === null ? null : backupOf(file),
    clientKey: key.name,
    endpoint,
    warnings: told(),
  };
  if (world.flags().json) return terminal.json(report);
  terminal.out(`Connected ${title} with the client key ${key.name}.`);
  if (keyInside !== true) terminal.say(`Its key stands in ${keyFile}, readable by you alone.`);
  terminal.hint(`${next}; cam connect ${client} --check tries it; --undo takes it back`);
}

/** Only where things stand matters here, not what. */
const wishOnly = (endpoint: string, model: boolean): ConnectWish => ({
  endpoint,
  keyFile: '',
  key: () => '',
  model: model ? '' : null,
});

interface UsedKey {
  readonly id: string;
  readonly name: string;
  readonly value: Secret;
}

/** The key named, the one of last time, or a new one under the client's name. */
async function keyFor(
  world: CommandWorld,
  connection: Connection,
  client: ConnectableName,
  known: ConnectRecord | null,
  flags: ConnectFlags,
): Promise<UsedKey> {
  if (flags.key !== undefined) {
    const value = await readSecretArgument(world.terminal, flags.key, 'Client key');
    return { id: '', name: 'given', value };
  }
  const keys = await connection.call((api) => api.clients.list.query(), { mayInitialise: true });
  const live = keys.filter(({ revokedAtMs }) => revokedAtMs === null);
  const last = live.find(({ id }) => id === known?.clientKeyId);
  if (known !== null && last !== undefined) {
    const stored = readClientFile(keyFileOf(connection.dataFolder, client, known.file));
    if (stored !== null) return { id: last.id, name: last.name, value: new Secret(stored.trim()) };
  }
  const added = await connection.call((api) => api.clients.add.mutate({ name: freeName(client, live) }), {
    mayInitialise: true,
  });
  return { id: added.clientKey.id, name: added.clientKey.name, value: new Secret(added.key) };
}

/** `opencode`, `opencode 2`, … */
function freeName(client: string, keys: readonly { readonly name: string }[]): string {
  const taken = new Set(keys.map(({ name }) => name.toLowerCase()));
  for (let n = 1; ; n++) {
    const name = n === 1 ? client : `${client} ${n}`;
    if (!taken.has(name)) return name;
  }
}

function storeKey(keyFile: string, key: Secret): void {
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
  writeFileSync(keyFile, `${reveal(key)}\n`, { mode: 0o600 });
}

export async function undo(
  world: CommandWorld,
  client: ConnectableName,
  file: string,
  flags: ConnectFlags,
): Promise<void> {
  const { terminal } = world;
  const connection = await world.connect();
  const record = readRecord(connection.dataFolder, client, file);
  if (record === null) {
    throw new CamError('not_found', `${file} was not connected by this program.`, {
      hint: '`cam connect` lists what was',
    });
  }
  const { format, title } = CLIENTS[client];
  const text = explained(file, () => undone(record, format));
  if (!world.flags().json) await sayFileDifference(terminal, file, readClientFile(file) ?? '', text ?? '');
  await confirmed(
    world,
    `Put ${file} back${record.clientKeyId === '' ? '' : ` and revoke ${record.clientKeyName}`}?`,
    flags,
  );
  putBack(file, text);
  const revoked = await revoke(connection, record);
  removeRecord(connection.dataFolder, record);
  if (world.flags().json)
    return terminal.json({ client, file, revoked: revoked ? record.clientKeyName : null });
  terminal.out(`${title} is as it was before.`);
  if (revoked) terminal.say(`The client key ${record.clientKeyName} is revoked.`);
}

/** False for a key that was not made here, or is gone already. */
async function revoke(connection: Connection, { clientKeyId }: ConnectRecord): Promise<boolean> {
  if (clientKeyId === '') return false;
  const keys = await connection.call((api) => api.clients.list.query());
  if (!keys.some(({ id, revokedAtMs }) => id === clientKeyId && revokedAtMs === null)) return false;
  await connection.call((api) => api.clients.revoke.mutate({ ref: clientKeyId }));
  return true;
}

export async function tryOut(
  world: CommandWorld,
  client: ConnectableName,
  file: string,
  model: string | null,
): Promise<void> {
  const { terminal } = world;
  const text = readClientFile(file);
  if (text === null) {
    throw new CamError('client_config_invalid', `There is no ${file}.`, {
      hint: `cam connect ${client} writes it`,
    });
  }
  const read = explained(file, () => readConnection(client, text, file));
  const asked = model ?? read.model ?? DEFAULT_MODEL;
  const tried = await askThrough({ ...read, model: asked });
  const account = await accountName(world, tried.accountId);
  const warnings = CLIENTS[client].warnings(surroundings(world), text, file);
  if (world.flags().json) return terminal.json({ client, file, ...tried, account, warnings });
  terminal.out(`It works: ${tried.model} answered in ${tried.tookMs} ms.`);
  printFacts(terminal, [
    ['endpoint', tried.endpoint],
    ['account', account ?? tried.accountId ?? DASH],
    ['call', tried.requestId ?? DASH],
  ]);
  for (const warning of warnings) terminal.say(`Note: ${warning}`);
}

/** Null where nobody is signed in to ask. */
async function accountName(world: CommandWorld, id: string | null): Promise<string | null> {
  const { connection } = await world.connectIfRunning();
  if (connection === null || id === null) return null;
  const { signedIn } = await connection.open.session.status.query();
  if (!signedIn) return null;
  const accounts = await connection.open.accounts.list.query();
  return accounts.find((account) => account.id === id)?.name ?? null;
}

/** What a client that names no model is tried with. */
const DEFAULT_MODEL = 'gpt-5.5';

const endpointOf = (world: CommandWorld, { origin }: Connection): string =>
  origin === null ? hereEndpoint(world) : `${origin}/v1`;

/** Where a server would listen, by the settings. */
export function hereEndpoint(world: CommandWorld): string {
  const { host, port } = settingsHere(world).config.server;
  return `${originOf({ host, port })}/v1`;
}

async function confirmed({ terminal }: CommandWorld, question: string, { yes }: ConnectFlags): Promise<void> {
  if (yes) return;
  if (!terminal.canAsk) {
    throw new CamError('invalid_request', 'Nothing was changed: nobody can be asked, this is no terminal.', {
      hint: '--yes changes it without asking, --show only shows it',
    });
  }
  if (!(await terminal.askYesNo(question))) throw new CamError('invalid_request', 'Nothing was changed.');
}

/** Faults in a file name it. */
function explained<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (
      !(thrown instanceof CamError) ||
      thrown.code !== 'client_config_invalid' ||
      thrown.message.includes(file)
    )
      throw thrown;
    throw new CamError(thrown.code, `${file}: ${thrown.message}`, {
      cause: thrown,
      hint: 'Nothing was changed. Mend the file, or name another with --file.',
    });
  }
}
