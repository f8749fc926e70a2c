/**
 * The thread that judges chosen master keys, and the only home of zxcvbn. Its lists of passwords are loaded with
 * the first question and gone with the thread, and with them every piece of the key that was compared.
 */
import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { type StrengthView, strengthOfScore } from '../../lib/base/key-strength.ts';
import { answerQuestions } from '../lazy-worker.ts';
import type { StrengthQuestion } from './key-judge.ts';

const WARNINGS: Readonly<Record<string, string>> = {
  straightRow: 'keys in a row are tried first',
  keyPattern: 'patterns on the keyboard are tried first',
  simpleRepeat: 'repeated characters are tried first',
  extendedRepeat: 'repetitions are tried first',
  sequences: 'sequences such as abc or 6543 are tried first',
  recentYears: 'years are tried first',
  dates: 'dates are tried first',
  topTen: 'it is one of the ten most common passwords',
  topHundred: 'it is one of the hundred most common passwords',
  common: 'it is a common password',
  similarToCommon: 'it is like a common password',
  wordByItself: 'one word is tried first',
};
const OURS = ['codex', 'account', 'manager', 'openai', 'master', 'key', 'vault'];
/** What comes after these makes no guessable key of a good one, and costs time with the square of its length. */
const JUDGED_CHARACTERS_MAX = 128;

/** Wipes the key that it is asked about. Exported so that it can be asked without a thread. */
export function createJudgement(): (question: StrengthQuestion) => StrengthView {
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...dictionary, ours: OURS },
    graphs: adjacencyGraphs,
    maxLength: JUDGED_CHARACTERS_MAX,
  });
  return ({ key }) => {
    const text = new TextDecoder().decode(key);
    key.fill(0);
    const { score, guessesLog10, feedback } = zxcvbn.check(text);
    const strength = strengthOfScore(score);
    return { strength, why: why(strength, feedback.warning, guessesLog10) };
  };
}

/* v8 ignore next -- @preserve: only in the thread, where nobody counts branches */
if (parentPort) answerQuestions(parentPort, createJudgement());

function why(strength: StrengthView['strength'], warning: string | null, guessesLog10: number): string {
  const cause = WARNINGS[warning ?? ''] ?? 'keys like it are tried first';
  if (strength === 'guessable') return `${cause}; add two unrelated words`;
  const bits = `about ${Math.floor(guessesLog10 / Math.log10(2))} bits`;
  return strength === 'fair' ? `${bits}; two more unrelated words would make it strong` : bits;
}
