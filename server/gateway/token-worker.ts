/** The thread that counts tokens: the only place where the tokenizer and its table (100 MB) are loaded. */
import { parentPort } from 'node:worker_threads';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { type CountQuestion, countCall } from '../../lib/metering/count-call.ts';
import { answerQuestions } from '../lazy-worker.ts';

/** People may write `<|endoftext|>`: to us it is text like any other. */
const PLAIN = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

if (parentPort) {
  answerQuestions(parentPort, (question: CountQuestion) =>
    countCall(question, (text) => countTokens(text, PLAIN)),
  );
}
