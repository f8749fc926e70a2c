/** The thread that copies the database: reading, writing and checking some hundred megabytes holds up nobody. */
import { parentPort } from 'node:worker_threads';
import { answerQuestions } from '../lazy-worker.ts';
import type { CopiedRows, CopyQuestion } from './copier.ts';
import { createKysely } from './kysely.ts';
import { openReadOnly } from './open.ts';
import { readVaultHeader } from './vault-header.ts';
import { writeCopy } from './write-copy.ts';

async function copy({ file, target }: CopyQuestion): Promise<CopiedRows> {
  await writeCopy(file, target);
  const handle = openReadOnly(target);
  try {
    const db = createKysely(handle);
    return {
      header: await readVaultHeader(db),
      accounts: await db.selectFrom('accounts').selectAll().execute(),
      clientKeys: await db.selectFrom('client_keys').selectAll().execute(),
    };
  } finally {
    handle.close();
  }
}

if (parentPort) answerQuestions(parentPort, copy);
