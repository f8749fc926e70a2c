/**
 * A worker thread that is started by the first question put to it and ended when none came for a while, so
 * that work which would hold up the event loop costs nothing while nobody needs it. Every question is answered,
 * fails, or times out; a thread that dies fails what it was asked and is replaced by the next question.
 *
 * While a question is open the thread keeps the process alive; an idle thread never does.
 */
import type { MessagePort, Transferable } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';

export interface LazyWorker<Question, Answer> {
  ask(question: Question, transfer?: readonly Transferable[]): Promise<Answer>;
  /** Questions without an answer yet, the one being worked on included. */
  pending(): number;
  close(): Promise<void>;
}

export interface LazyWorkerOptions {
  readonly url: URL;
  readonly name: string;
  /** What the thread finds as `workerData`. */
  readonly data?: unknown;
  /** A thread without questions is ended after this long. */
  readonly idleMs: number;
  /** Longest wait for one answer; past it the thread is taken for dead. */
  readonly answerMs: number;
}

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly failure?: { readonly message: string; readonly code: string | null };
}

/** A failure inside the thread, told across. */
export class WorkerFailure extends Error {
  readonly code: string | null;
  constructor(message: string, code: string | null) {
    super(message);
    this.name = 'WorkerFailure';
    this.code = code;
  }
}

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: NodeJS.Timeout;
}

export function createLazyWorker<Question, Answer>(options: LazyWorkerOptions): LazyWorker<Question, Answer> {
  const waiting = new Map<number, Waiting<Answer>>();
  let thread: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;
  let nextId = 1;
  let closed = false;

  const discard = async (why: Error): Promise<void> => {
    const dying = thread;
    thread = null;
    for (const [id, entry] of waiting) {
      waiting.delete(id);
      clearTimeout(entry.deadline);
      entry.reject(why);
    }
    if (idle) clearTimeout(idle);
    idle = null;
    await dying?.terminate();
  };

  const rest = (): void => {
    thread?.unref();
    idle = setTimeout(() => void discard(new WorkerFailure('idle', null)), options.idleMs);
    idle.unref();
  };

  const settle = (reply: Reply): void => {
    const entry = waiting.get(reply.id);
    if (!entry) return;
    waiting.delete(reply.id);
    clearTimeout(entry.deadline);
    if (reply.failure) entry.reject(new WorkerFailure(reply.failure.message, reply.failure.code));
    // The thread runs our own code, compiled together with this: its answer has the type asked for.
    else entry.resolve(reply.answer as Answer);
    if (waiting.size === 0) rest();
  };

  const start = (): Worker => {
    const started = new Worker(options.url, {
      name: options.name,
      workerData: options.data,
      // How the process itself was started is no business of its threads.
      execArgv: [],
    });
    started.on('message', settle);
    started.on('error', (error) => {
      if (thread === started) void discard(error instanceof Error ? error : new Error(String(error)));
    });
    started.on('exit', (code) => {
      if (thread === started)
        void discard(new WorkerFailure(`the ${options.name} thread ended (${code})`, null));
    });
    return started;
  };

  return {
    ask(question, transfer = []) {
      if (closed) return Promise.reject(new WorkerFailure(`the ${options.name} thread is closed`, null));
      if (idle) clearTimeout(idle);
      idle = null;
      thread ??= start();
      thread.ref();
      const id = nextId++;
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const deadline = setTimeout(() => {
        void discard(new WorkerFailure(`the ${options.name} thread did not answer in time`, null));
      }, options.answerMs);
      waiting.set(id, { resolve, reject, deadline });
      thread.postMessage({ id, question }, [...transfer]);
      return promise;
    },
    pending: () => waiting.size,
    async close() {
      closed = true;
      await discard(new WorkerFailure(`the ${options.name} thread was closed`, null));
    },
  };
}

/** The other side: answers each question in turn, one at a time. `afterwards` may wipe what was answered. */
export function answerQuestions<Question, Answer>(
  port: MessagePort,
  answer: (question: Question) => Answer | Promise<Answer>,
  afterwards: (answer: Answer) => void = () => {},
): void {
  let turn = Promise.resolve();
  port.on('message', ({ id, question }: { id: number; question: Question }) => {
    turn = turn.then(async () => {
      try {
        const answered = await answer(question);
        // What is posted is a copy.
        port.postMessage({ id, answer: answered } satisfies Reply);
        afterwards(answered);
      } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : null;
        port.postMessage({ id, failure: { message, code } } satisfies Reply);
      }
    });
  });
}
