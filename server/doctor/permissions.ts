/** Can anybody but us read what is ours? Looks at the folders and everything directly in them; changes nothing. */
import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { type Finding, ok } from '../../lib/doctor/finding.ts';
import { shellQuote } from '../shell-quote.ts';
import type { Surroundings } from './surroundings.ts';

const OTHERS_ANY = 0o077;
const OTHERS_WRITE = 0o022;
const ENTRIES_MAX = 1_000;

export function checkPermissions({ folders, platform, uid }: Surroundings): Finding[] {
  // On Windows access is by lists that the profile folder already keeps private; there are no mode bits.
  if (platform === 'win32') return [ok('permissions', 'The profile folder keeps the files private.')];
  const backups = join(folders.data, 'backups');
  const places: readonly (readonly [path: string, forbidden: number])[] = [
    ...whole(folders.data, OTHERS_ANY),
    ...whole(backups, OTHERS_ANY),
    ...(folders.logs === folders.data ? [] : whole(folders.logs, OTHERS_ANY)),
    // The configuration holds no secrets, but whoever writes it steers us.
    ...(folders.config === folders.data ? [] : whole(folders.config, OTHERS_WRITE)),
  ];
  const found = places.flatMap(([path, forbidden]) => look(path, forbidden, uid));
  return found.length > 0 ? found : [ok('permissions', 'Only you can reach the folders and files.')];
}

function whole(folder: string, forbidden: number): [string, number][] {
  return [folder, ...entriesOf(folder).map((entry) => join(folder, entry.name))].map((path) => [
    path,
    forbidden,
  ]);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .slice(0, ENTRIES_MAX);
  } catch {
    // A folder that is not there yet has nothing in it to read.
    return [];
  }
}

function look(path: string, forbidden: number, uid: number | null): Finding[] {
  const facts = statOf(path);
  if (facts === null || facts.isSymbolicLink()) return [];
  if (uid !== null && facts.uid !== uid) {
    return [
      {
        check: 'permissions',
        severity: 'bad',
        what: `${path} belongs to another user of this computer.`,
        why: 'Its owner can read and change it.',
        mend: `sudo chown "$(id -un)" ${shellQuote(path)}`,
      },
    ];
  }
  if ((facts.mode & forbidden) === 0) return [];
  return [
    {
      check: 'permissions',
      severity: 'bad',
      what: `Others on this computer can reach ${path}.`,
      why: 'The server does not start like this, and what is in it may have been read.',
      mend: `chmod ${facts.isDirectory() ? 'u=rwX,go=' : 'u=rw,go='} ${shellQuote(path)}`,
    },
  ];
}

function statOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}
