/**
 * Do clients knock at a port that is ours no more? Their own configuration files are read for addresses on this
 * computer, and one counts when this data folder was served on that port before. Nothing else in them is looked at.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, ok } from '../../lib/doctor/finding.ts';
import { readPorts } from '../ports-file.ts';
import { readRunFile } from '../run-file.ts';
import type { Surroundings } from './surroundings.ts';

const FILE_BYTES_MAX = 1024 * 1024;
const OUR_ADDRESS = /\bhttps?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})\//g;

export function checkPort(around: Surroundings): Finding[] {
  const here = around.serverPid === null ? null : (readRunFile(around.folders.data)?.port ?? null);
  const port = here ?? around.config.server.port;
  if (port === 0) return [ok('port', 'A free port is taken at each start, as configured.')];
  const once = new Set(readPorts(around.folders.data).map((use) => use.port));
  once.delete(port);
  const found = clientFiles(around).flatMap((file) =>
    [...portsIn(file)].filter((named) => once.has(named)).map((named) => elsewhere(file, named, port)),
  );
  return found.length > 0 ? found : [ok('port', `No client is set up for another port than ${port}.`)];
}

const elsewhere = (file: string, named: number, port: number): Finding => ({
  check: 'port',
  severity: 'bad',
  what: `${file} sends calls to port ${named}, and this server is on port ${port}.`,
  why: 'The client finds nobody there, or another program that then sees its client key.',
  mend: `cam proxy --port ${named}`,
});

function clientFiles({ home, env }: Surroundings): string[] {
  const config = env.XDG_CONFIG_HOME || join(home, '.config');
  return [
    ...(env.OPENCODE_CONFIG ? [env.OPENCODE_CONFIG] : []),
    join(config, 'opencode', 'opencode.json'),
    join(config, 'opencode', 'opencode.jsonc'),
    join(env.CODEX_HOME || join(home, '.codex'), 'config.toml'),
  ];
}

function portsIn(file: string): Set<number> {
  try {
    if (statSync(file).size > FILE_BYTES_MAX) return new Set();
    return new Set([...readFileSync(file, 'utf8').matchAll(OUR_ADDRESS)].map((match) => Number(match[1])));
  } catch {
    // Not every client is installed.
    return new Set();
  }
}
