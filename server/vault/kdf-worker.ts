/** The thread that hashes master keys, and the only home of the Argon2 package. */
import { parentPort } from 'node:worker_threads';
import { hashRawSync } from '@node-rs/argon2';
import { answerQuestions } from '../lazy-worker.ts';
import type { KdfQuestion } from './kdf.ts';

const ARGON2ID = 2;
const VERSION_19 = 1;
const KEY_BYTES = 32;

function derive({ password, salt, memoryKib, passes, lanes }: KdfQuestion): Uint8Array {
  try {
    return hashRawSync(password, {
      algorithm: ARGON2ID,
      version: VERSION_19,
      memoryCost: memoryKib,
      timeCost: passes,
      parallelism: lanes,
      outputLen: KEY_BYTES,
      salt,
    });
  } finally {
    password.fill(0);
  }
}

/* v8 ignore next -- @preserve: only in the thread, where nobody counts branches */
if (parentPort) answerQuestions(parentPort, derive, (stretched) => stretched.fill(0));
