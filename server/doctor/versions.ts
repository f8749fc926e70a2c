/**
 * Are the runtime and what it is built from older than the last known hole? The table is part of the program, so
 * that nobody has to be asked; its own age is told, because a table knows nothing of what came after it.
 */
import { readFileSync } from 'node:fs';
import { DAY_MS } from '../../lib/base/time.ts';
import { type Finding, ok } from '../../lib/doctor/finding.ts';
import { isOlder } from '../../lib/doctor/version-order.ts';
import minimum from './minimum-versions.json' with { type: 'json' };

const TABLE_OLD_MS = 180 * DAY_MS;

export interface Versions {
  /** e.g. `24.13.0` */
  readonly node: string;
  /** Null while no database could be opened. */
  readonly sqlite: string | null;
  /** Installed packages; what is not installed apart is not in it. */
  readonly packages: Readonly<Record<string, string>>;
}

export function checkVersions(versions: Versions, nowMs: number): Finding[] {
  const { node, sqlite, packages } = versions;
  const floors: Readonly<Record<string, string>> = minimum.node;
  const floor = floors[node.split('.', 1)[0] ?? ''];
  const found = [
    ...(floor && isOlder(node, floor) ? [old('Node.js', node, floor, 'npm start')] : []),
    ...(sqlite && isOlder(sqlite, minimum.sqlite) ? [old('SQLite', sqlite, minimum.sqlite, 'npm ci')] : []),
    ...Object.entries(minimum.packages).flatMap(([name, least]) => {
      const here = packages[name];
      return here && isOlder(here, least) ? [old(name, here, least, 'npm ci')] : [];
    }),
    ...tableAge(nowMs),
  ];
  return found.length > 0 ? found : [ok('versions', 'Nothing is older than the last known hole in it.')];
}

const old = (what: string, here: string, least: string, mend: string): Finding => ({
  check: 'versions',
  severity: 'bad',
  what: `${what} is ${here}; ${least} mends a known hole.`,
  why: 'What is known to be broken is what is tried first.',
  mend,
});

function tableAge(nowMs: number): Finding[] {
  if (nowMs - Date.parse(minimum.asOf) < TABLE_OLD_MS) return [];
  return [
    {
      check: 'versions',
      severity: 'note',
      what: `The table of safe versions is of ${minimum.asOf}.`,
      why: 'Holes that were found since are not in it.',
      mend: 'git pull && npm start',
    },
  ];
}

/** From `node_modules` beside the program, where it is installed that way. */
export function installedVersions(packageFolder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of Object.keys(minimum.packages)) {
    const version = versionIn(`${packageFolder}node_modules/${name}/package.json`);
    if (version !== null) found[name] = version;
  }
  return found;
}

function versionIn(file: string): string | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : null;
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}
