/** Files that commands read and write: bounded in what they read, never over a file that exists, for their owner only. */
import { open, stat } from 'node:fs/promises';
import { CamError } from '../../lib/errors.ts';

/** Throws `not_found`, `import_too_large`. */
export async function readWhole(path: string, bytesMax: number): Promise<Buffer> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CamError('not_found', `There is no file ${path}.`, { cause });
  });
  if (!found.isFile()) throw new CamError('invalid_request', `${path} is not a file.`);
  const tooLarge = new CamError(
    'import_too_large',
    `${path} is larger than any import (${bytesMax / 1024} KiB).`,
    {
      hint: 'Is this the right file?',
    },
  );
  if (found.size > bytesMax) throw tooLarge;
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new CamError('not_found', `${path} cannot be read.`, { cause });
  });
  try {
    // It may have grown since.
    const bytes = Buffer.alloc(bytesMax + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    if (bytesRead > bytesMax) throw tooLarge;
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CamError('invalid_request', exists ? `${path} exists already.` : `${path} cannot be written.`, {
      cause,
      ...(exists ? { hint: 'Choose another name: nothing is written over.' } : {}),
    });
  });
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
