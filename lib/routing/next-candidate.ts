/**
 * Who is tried next after a failed attempt. The order of the plan holds, with one exception: an account of which
 * nothing bad is known goes before one that has failed since its last answer. Else the few attempts of one call are
 * spent on finding out again that several accounts are unwell, while a well one waits behind them: breakers rest
 * for the same time, and cooldowns told together end together.
 */
import { keysOf } from '../resilience/health.ts';
import type { Candidate } from './plan.ts';
import type { Upstream } from './upstream.ts';

/** What of a call decides which of an account's failures concern it. */
export interface Concern {
  readonly model: string | null;
  readonly family: string;
}

/** It failed at such calls, and no answer has come since. A cooldown or a mark that has run out is no answer. */
export function isTroubled(
  { breakers, cooldowns, marks }: Pick<Upstream, 'breakers' | 'cooldowns' | 'marks'>,
  { model, family }: Concern,
): boolean {
  for (const key of keysOf(model)) {
    const breaker = breakers[key];
    if (cooldowns[key] !== undefined) return true;
    if (breaker !== undefined && (breaker.state !== 'closed' || breaker.failuresAtMs.length > 0)) return true;
  }
  return marks.some(({ kind, subject }) => subject === (kind === 'model' ? model : family));
}

/**
 * What speaks against trying it next, 0 for nothing. Losing encrypted reasoning weighs more than an account's
 * trouble, but a call's last attempt goes where it is likeliest to be answered.
 */
export function burdenOf(
  candidate: Pick<Candidate, 'stripReasoning'>,
  upstream: Upstream,
  concern: Concern,
  after: { readonly stripped: boolean; readonly lastAttempt: boolean },
): number {
  const troubled = isTroubled(upstream, concern) ? 1 : 0;
  const loses = candidate.stripReasoning && !after.stripped ? 1 : 0;
  return after.lastAttempt ? 2 * troubled + loses : 2 * loses + troubled;
}

/** A new plan of a call that has failed already: whoever has to be tried out first comes after the others. */
export function provenFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted(
    (a, b) => Number(a.stripReasoning) - Number(b.stripReasoning) || Number(a.probe) - Number(b.probe),
  );
}
