/**
 * Tokens of a call that ended without a report, counted off the event loop. Nothing runs until the first such call.
 * Nobody's client waits for it, only the settlement does: so it may take the seconds in which the thread starts, and
 * the hundreds of calls that end together when a provider goes away are counted one after another.
 */
import type { CountedCall, CountQuestion } from '../../lib/metering/count-call.ts';
import { createLazyWorker } from '../lazy-worker.ts';
import type { Log } from '../log.ts';

export interface TokenCounter {
  /** Null when it could not be counted. Never rejects. */
  count(question: CountQuestion): Promise<CountedCall | null>;
  /** Starts the thread before it is asked, because soon there may be little time. */
  prepare(): void;
  close(): Promise<void>;
}

export interface TokenCounterOptions {
  readonly log: Pick<Log, 'warn'>;
  /** Longest wait of one call. */
  readonly waitMs?: number;
  /** The thread, for tests. */
  readonly script?: URL;
}

/** Also what the second of two threads needs, should the first have died. */
const WAIT_MS = 120_000;
/** A thread that has to start first takes half a second, on a busy machine several times that. */
const ANSWER_MS = 30_000;
const IDLE_MS = 60_000;
/** Handed over at once, each with a copy of its body; the others wait with the body that they have. */
const ASKED_MAX = 8;
/** Bodies of calls that wait, in bytes: past it the answer is "not known". */
const WAITING_BYTES_MAX = 134_217_728;
/** A larger body is hardly text, and would have to be copied. */
const ASKED_BYTES_MAX = 8_388_608;
const TRIES = 2;
const NOTHING: CountQuestion = {
  family: 'embeddings',
  stream: false,
  asked: null,
  shown: new Uint8Array(),
  outputEvents: 0,
  bytes: 0,
};

interface Waiting {
  readonly question: CountQuestion;
  readonly done: (counted: CountedCall | null) => void;
  over: boolean;
}

export function createTokenCounter({ log, waitMs = WAIT_MS, script }: TokenCounterOptions): TokenCounter {
  const file = import.meta.url.endsWith('.ts') ? './token-worker.ts' : './token-worker.js';
  const worker = createLazyWorker<CountQuestion, CountedCall>({
    url: script ?? new URL(file, import.meta.url),
    name: 'tokens',
    idleMs: IDLE_MS,
    answerMs: ANSWER_MS,
  });
  const queue: Waiting[] = [];
  let bytes = 0;
  let asking = 0;
  let closed = false;

  const next = (): void => {
    while (asking < ASKED_MAX) {
      const one = queue.shift();
      if (!one) return;
      if (one.over) continue;
      asking++;
      void ask(one).finally(() => {
        asking--;
        next();
      });
    }
  };

  const ask = async (one: Waiting): Promise<void> => {
    for (let tries = 1; !one.over; tries++) {
      try {
        one.done(await handOver(one.question));
      } catch (error) {
        if (tries < TRIES && !closed) continue;
        if (!closed) log.warn({ error: String(error) }, 'the tokens of a call could not be counted');
        one.done(null);
      }
    }
  };

  const handOver = (question: CountQuestion): Promise<CountedCall> => {
    const asked = copyOf(question.asked);
    const shown = copyOf(question.shown) ?? new Uint8Array();
    const handedOver = asked === null ? [shown.buffer] : [shown.buffer, asked.buffer];
    return worker.ask({ ...question, asked, shown }, handedOver);
  };

  return {
    count(question) {
      const size = (question.asked?.length ?? 0) + question.shown.length;
      if (closed || bytes + size > WAITING_BYTES_MAX) return Promise.resolve(null);
      bytes += size;
      return new Promise((resolve) => {
        const patience = setTimeout(() => one.done(null), waitMs);
        const one: Waiting = {
          question,
          over: false,
          done: (counted) => {
            if (one.over) return;
            one.over = true;
            bytes -= size;
            clearTimeout(patience);
            resolve(counted);
          },
        };
        queue.push(one);
        next();
      });
    },
    prepare() {
      if (!closed && worker.pending() === 0) worker.ask(NOTHING).catch(() => undefined);
    },
    async close() {
      closed = true;
      for (const one of queue.splice(0)) one.done(null);
      await worker.close();
    },
  };
}

/** A copy of just these bytes: the buffer behind them may hold much else, and the thread takes the copy over. */
function copyOf(bytes: Uint8Array | null): Uint8Array<ArrayBuffer> | null {
  return bytes === null || bytes.length > ASKED_BYTES_MAX ? null : new Uint8Array(bytes);
}
