/**
 * Tokens of a call that ended without a report, counted off the event loop. Nothing runs until the first such
 * call, and nobody waits long: past five seconds, or with eight calls waiting already, the answer is "not known".
 */
import type { CountedCall, CountQuestion } from '../../lib/metering/count-call.ts';
import { createLazyWorker } from '../lazy-worker.ts';
import type { Log } from '../log.ts';

export interface TokenCounter {
  /** Null when it could not be counted in time. Never rejects. */
  count(question: CountQuestion): Promise<CountedCall | null>;
  close(): Promise<void>;
}

export interface TokenCounterOptions {
  readonly log: Pick<Log, 'warn'>;
  /** Longest wait of one call. */
  readonly waitMs?: number;
  /** The thread, for tests. */
  readonly script?: URL;
}

/** A thread that has to start first takes half a second, on a busy machine several times that. */
const WAIT_MS = 5_000;
const PENDING_MAX = 8;
const IDLE_MS = 60_000;
/** Longer than any wait, so that a thread that is only starting is not taken for dead. */
const ANSWER_MS = 15_000;
/** A larger body is hardly text, and would have to be copied. */
const ASKED_BYTES_MAX = 8_388_608;

export function createTokenCounter({ log, waitMs = WAIT_MS, script }: TokenCounterOptions): TokenCounter {
  const file = import.meta.url.endsWith('.ts') ? './token-worker.ts' : './token-worker.js';
  const worker = createLazyWorker<CountQuestion, CountedCall>({
    url: script ?? new URL(file, import.meta.url),
    name: 'tokens',
    idleMs: IDLE_MS,
    answerMs: ANSWER_MS,
  });
  return {
    count(question) {
      if (worker.pending() >= PENDING_MAX) return Promise.resolve(null);
      return new Promise((resolve) => {
        const patience = setTimeout(() => resolve(null), waitMs);
        const done = (counted: CountedCall | null): void => {
          clearTimeout(patience);
          resolve(counted);
        };
        const asked = copyOf(question.asked);
        const shown = copyOf(question.shown) ?? new Uint8Array();
        const handedOver = asked === null ? [shown.buffer] : [shown.buffer, asked.buffer];
        worker.ask({ ...question, asked, shown }, handedOver).then(done, (error: unknown) => {
          log.warn({ error: String(error) }, 'the tokens of a call could not be counted');
          done(null);
        });
      });
    },
    close: () => worker.close(),
  };
}

/** A copy of just these bytes: the buffer behind them may hold much else, and the thread takes the copy over. */
function copyOf(bytes: Uint8Array | null): Uint8Array<ArrayBuffer> | null {
  return bytes === null || bytes.length > ASKED_BYTES_MAX ? null : new Uint8Array(bytes);
}
