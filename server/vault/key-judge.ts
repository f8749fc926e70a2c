/**
 * How guessable a chosen master key is, asked of a thread of its own: the event loop is not held up, and the lists
 * that it compares with are in memory only while somebody chooses a key. Nothing of a key is logged or kept.
 */
import { type StrengthView, tooShort } from '../../lib/base/key-strength.ts';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { createLazyWorker } from '../lazy-worker.ts';

export interface StrengthQuestion {
  readonly key: Uint8Array;
}

export interface KeyJudge {
  /** Throws `kdf_busy` when too many ask at once. */
  judge(masterKey: Secret): Promise<StrengthView>;
  close(): Promise<void>;
}

const PENDING_MAX = 4;
const IDLE_MS = 10_000;
const ANSWER_MS = 20_000;

export function createKeyJudge(): KeyJudge {
  /* v8 ignore next -- @preserve: `.js` is the built program */
  const file = import.meta.url.endsWith('.ts') ? './strength-worker.ts' : './strength-worker.js';
  const worker = createLazyWorker<StrengthQuestion, StrengthView>({
    url: new URL(file, import.meta.url),
    name: 'strength',
    idleMs: IDLE_MS,
    answerMs: ANSWER_MS,
  });
  return {
    async judge(masterKey) {
      const short = tooShort(reveal(masterKey));
      if (short) return short;
      if (worker.pending() >= PENDING_MAX) {
        throw new CamError(
          'kdf_busy',
          'Several master keys are being judged already. Try again in a moment.',
          {
            retryAfterMs: 1_000,
          },
        );
      }
      // A copy with a buffer of its own, because the buffer itself moves to the thread.
      const key = new Uint8Array(new TextEncoder().encode(reveal(masterKey)));
      try {
        return await worker.ask({ key }, [key.buffer]);
      } catch (cause) {
        throw new CamError('internal', 'How guessable the key is could not be judged. Nothing was changed.', {
          cause,
        });
      }
    },
    close: () => worker.close(),
  };
}
