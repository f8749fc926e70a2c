/**
 * Where log lines go: `cam.log` in the logs folder, 0600, turned over at 10 MiB with the last three kept. Lines
 * are written behind, so that logging never holds up a call; what cannot be written is dropped, never thrown.
 */
import { createWriteStream, mkdirSync, renameSync, rmSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { LogDestination } from './log.ts';

const FILE_BYTES_MAX = 10 * 1024 * 1024;
const KEPT = 3;
/** Lines waiting for a slow disk at most, in bytes. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

export interface LogFile extends LogDestination {
  readonly path: string;
  close(): Promise<void>;
}

export function openLogFile(folder: string): LogFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'cam.log');
  let bytes = sizeOf(path);
  let stream = open(path);

  const turnOver = (): void => {
    stream.end();
    rmSync(`${path}.${KEPT}`, { force: true });
    for (let n = KEPT - 1; n >= 1; n--) moveIfThere(`${path}.${n}`, `${path}.${n + 1}`);
    moveIfThere(path, `${path}.1`);
    stream = open(path);
    bytes = 0;
  };

  return {
    path,
    write(line) {
      if (stream.writableLength > WAITING_BYTES_MAX) return;
      bytes += Buffer.byteLength(line);
      if (bytes > FILE_BYTES_MAX) turnOver();
      stream.write(line);
    },
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}

function open(path: string): WriteStream {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  // A full disk must not take the server down with its log.
  stream.on('error', () => undefined);
  return stream;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function moveIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to);
}
