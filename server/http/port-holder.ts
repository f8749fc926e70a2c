/**
 * Who has our port? On Linux the kernel tells: the listening socket's inode is in /proc/net, and the process that
 * holds it has a link to that inode among its files. Elsewhere, and for other users' processes, nobody knows.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

const LISTENING = '0A';

/** e.g. `node (process 4711)`; null where it cannot be told. */
export function findPortHolder(port: number): string | null {
  const sockets = listeningSockets(port);
  if (sockets.size === 0) return null;
  for (const pid of entries('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const file of entries(`/proc/${pid}/fd`)) {
      if (sockets.has(linkTarget(`/proc/${pid}/fd/${file}`))) {
        // The program's file; its thread name says "MainThread" for Node, and its arguments may hold secrets.
        return `${basename(linkTarget(`/proc/${pid}/exe`)) || 'a program'} (process ${pid})`;
      }
    }
  }
  return null;
}

function listeningSockets(port: number): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const found = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of text(table).split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === LISTENING && local.endsWith(`:${wanted}`)) found.add(`socket:[${inode}]`);
    }
  }
  return found;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
