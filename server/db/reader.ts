/** Long reads off the event loop: a read-only connection in a worker thread, started when first needed. */
import { CamError, ERRORS, type ErrorCode } from '../../lib/errors.ts';
import { createLazyWorker, WorkerFailure } from '../lazy-worker.ts';
import type { Database } from './open-database.ts';
import { type QueryName, type QueryParams, type QueryResult, runQuery } from './queries.ts';

export interface Reader {
  run<Name extends QueryName>(name: Name, params: QueryParams<Name>): Promise<QueryResult<Name>>;
  close(): Promise<void>;
}

export interface ReadQuestion {
  readonly name: QueryName;
  readonly params: QueryParams<QueryName>;
}

const IDLE_MS = 60_000;
const ANSWER_MS = 30_000;
const PENDING_MAX = 64;

export function createReader(database: Pick<Database, 'file' | 'db'>): Reader {
  const { file, db } = database;
  if (file === null) return { run: (name, params) => runQuery(db, name, params), close: async () => {} };
  const script = import.meta.url.endsWith('.ts') ? './read-worker.ts' : './read-worker.js';
  const worker = createLazyWorker<ReadQuestion, unknown>({
    url: new URL(script, import.meta.url),
    name: 'reader',
    data: { file },
    idleMs: IDLE_MS,
    answerMs: ANSWER_MS,
  });
  return {
    async run<Name extends QueryName>(name: Name, params: QueryParams<Name>) {
      if (worker.pending() >= PENDING_MAX) {
        throw new CamError('storage_failed', 'Too many reports are being worked out already.', {
          retryAfterMs: 1_000,
        });
      }
      try {
        // The worker runs `runQuery` with the same name: its answer has that query's type.
        return (await worker.ask({ name, params })) as QueryResult<Name>;
      } catch (cause) {
        throw explained(cause);
      }
    },
    close: () => worker.close(),
  };
}

/** An error that a query threw on purpose keeps its code across the thread. */
function explained(cause: unknown): CamError {
  if (cause instanceof WorkerFailure && isErrorCode(cause.code))
    return new CamError(cause.code, cause.message);
  return new CamError('storage_failed', 'The figures could not be read from the database.', { cause });
}

function isErrorCode(code: string | null): code is ErrorCode {
  return code !== null && Object.hasOwn(ERRORS, code);
}
