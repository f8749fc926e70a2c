/** A thread for the tests of lazy workers: says who it is, fails, or dies, as asked. */
import { parentPort, threadId } from 'node:worker_threads';
import { answerQuestions } from '../../server/lazy-worker.ts';

export type Errand = 'who' | 'fail' | 'die' | 'never';

if (parentPort) {
  answerQuestions(parentPort, (errand: Errand) => {
    if (errand === 'fail') throw Object.assign(new Error('as you wished'), { code: 'on_purpose' });
    if (errand === 'die') process.exit(3);
    if (errand === 'never') return new Promise<number>(() => {});
    return threadId;
  });
}
