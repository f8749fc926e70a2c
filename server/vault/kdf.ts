/**
 * Argon2id from the outside: one hash at a time in a thread of its own (in libuv's pool a few of them would
 * starve DNS and file reads for seconds), at most two waiting, then `kdf_busy`.
 */
import { CamError } from '../../lib/errors.ts';
import { createLazyWorker } from '../lazy-worker.ts';
import type { KdfParameters } from './kdf-parameters.ts';

export interface KdfQuestion extends KdfParameters {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
}

export interface Kdf {
  /** 32 bytes, which the caller wipes. `password` is handed over: it is empty afterwards. Throws `kdf_busy`. */
  derive(password: Uint8Array<ArrayBuffer>, salt: Uint8Array, parameters: KdfParameters): Promise<Uint8Array>;
  close(): Promise<void>;
}

const PENDING_MAX = 3;
const IDLE_MS = 30_000;
const ANSWER_MS = 120_000;

export function createKdf({ idleMs = IDLE_MS }: { readonly idleMs?: number } = {}): Kdf {
  /* v8 ignore next -- @preserve: `.js` is the built program */
  const file = import.meta.url.endsWith('.ts') ? './kdf-worker.ts' : './kdf-worker.js';
  const worker = createLazyWorker<KdfQuestion, Uint8Array>({
    url: new URL(file, import.meta.url),
    name: 'kdf',
    idleMs,
    answerMs: ANSWER_MS,
  });
  return {
    async derive(password, salt, parameters) {
      if (worker.pending() >= PENDING_MAX) {
        password.fill(0);
        throw new CamError(
          'kdf_busy',
          'Several master keys are being checked already. Try again in a moment.',
          {
            retryAfterMs: 2_000,
          },
        );
      }
      const question = { password, salt, ...parameters };
      try {
        return await worker.ask(question, [password.buffer]);
      } catch (cause) {
        throw new CamError('internal', 'The master key could not be checked: the hashing thread failed.', {
          cause,
        });
      }
    },
    close: () => worker.close(),
  };
}
