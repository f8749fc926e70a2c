'use client';
/**
 * How guessable a typed key is, asked of the server, which holds the lists of what is tried first: they would weigh
 * more than all pages together. Asked when typing pauses; an answer to an earlier text is dropped.
 */
import { useEffect, useState } from 'react';
import { type StrengthView, tooShort } from '../../lib/base/key-strength.ts';
import { type Problem, readProblem } from '../_data/problem.ts';

const PAUSE_MS = 350;

export interface JudgedKey {
  /** Null while nothing is known of this very text. */
  readonly strength: StrengthView | null;
  readonly problem: Problem | null;
}

export function useJudgedKey(key: string, judge: (masterKey: string) => Promise<StrengthView>): JudgedKey {
  const [answer, setAnswer] = useState<(JudgedKey & { readonly key: string }) | null>(null);
  useEffect(() => {
    if (tooShort(key)) return;
    let current = true;
    const say = (judged: JudgedKey): void => {
      if (current) setAnswer({ key, ...judged });
    };
    const pause = setTimeout(() => {
      judge(key).then(
        (strength) => say({ strength, problem: null }),
        (error) => say({ strength: null, problem: readProblem(error) }),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(pause);
    };
  }, [key, judge]);
  const short = tooShort(key);
  if (short) return { strength: short, problem: null };
  return answer?.key === key ? answer : { strength: null, problem: null };
}
