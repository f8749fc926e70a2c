/** The thread that reads: its own read-only connection, the closed list of queries, one at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { answerQuestions } from '../lazy-worker.ts';
import { createKysely } from './kysely.ts';
import { openReadOnly } from './open.ts';
import { runQuery } from './queries.ts';
import type { ReadQuestion } from './reader.ts';

if (parentPort) {
  const { file } = workerData as { readonly file: string };
  const db = createKysely(openReadOnly(file));
  answerQuestions(parentPort, ({ name, params }: ReadQuestion) => runQuery(db, name, params));
}
