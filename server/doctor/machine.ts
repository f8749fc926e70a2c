/** The machine under us: room on the disk, the master key in the environment, who can reach the listening address. */
import { readFileSync, statfsSync } from 'node:fs';
import { type Finding, ok } from '../../lib/doctor/finding.ts';
import { isLoopback } from '../loopback.ts';
import type { Surroundings } from './surroundings.ts';

const MIB = 1024 * 1024;
const ROOM_BAD_BYTES = 100 * MIB;
const ROOM_SHORT_BYTES = 1024 * MIB;

export function checkDisk({ folders }: Pick<Surroundings, 'folders'>): Finding[] {
  const bytes = roomOf(folders.data);
  if (bytes === null) return [];
  const mib = Math.floor(bytes / MIB).toLocaleString('en-US');
  if (bytes >= ROOM_SHORT_BYTES) return [ok('disk', `${mib} MiB are free where the data is.`)];
  return [
    {
      check: 'disk',
      severity: bytes < ROOM_BAD_BYTES ? 'bad' : 'warn',
      what: `Only ${mib} MiB are free where the data is.`,
      why: 'On a full disk no call can be written down first, so none is made.',
      mend: `df -h ${folders.data}`,
    },
  ];
}

function roomOf(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** Removed from `process.env` at the start; what the process was started with stays readable to the same user. */
export function checkEnvironment({ env, serverPid }: Pick<Surroundings, 'env' | 'serverPid'>): Finding[] {
  const where = [
    ...(env.CAM_MASTER_KEY ? ['this terminal'] : []),
    ...(serverPid !== null && startedWithKey(serverPid) ? [`the server (process ${serverPid})`] : []),
  ];
  if (where.length === 0) return [ok('environment', 'No master key lies in the environment.')];
  return [
    {
      check: 'environment',
      severity: 'warn',
      what: `CAM_MASTER_KEY is in the environment of ${where.join(' and ')}.`,
      why: 'Every program of the same user can read it there, and terminals pass it on to what they start.',
      mend: 'umask 077; printf %s "$CAM_MASTER_KEY" > ~/.cam-master-key; unset CAM_MASTER_KEY; export CAM_MASTER_KEY_FILE=~/.cam-master-key',
    },
  ];
}

function startedWithKey(pid: number): boolean {
  try {
    return /(^|\0)CAM_MASTER_KEY=[^\0]/.test(readFileSync(`/proc/${pid}/environ`, 'latin1'));
  } catch {
    // Not Linux, or gone by now.
    return false;
  }
}

export function checkNetwork({ config }: Pick<Surroundings, 'config'>): Finding[] {
  const { host, allowed_hosts } = config.server;
  if (!isLoopback(host)) {
    return [
      {
        check: 'network',
        severity: 'warn',
        what: `The server listens on ${host}, which other computers can reach.`,
        why: 'Traffic is not encrypted: client keys and everything that is asked can be read on the way.',
        mend: 'unset CAM_HOST CAM_EXPOSE; then take server.host and server.expose out of the file that `cam config path` names',
      },
    ];
  }
  if (allowed_hosts.length === 0) return [ok('network', 'Only this computer can reach the server.')];
  return [
    {
      check: 'network',
      severity: 'note',
      what: `The server also answers to the ${allowed_hosts.length === 1 ? 'name' : 'names'} ${allowed_hosts.join(', ')}.`,
      why: 'Whoever decides where such a name leads can have a browser talk to this server.',
      mend: 'cam config get server.allowed_hosts',
    },
  ];
}
