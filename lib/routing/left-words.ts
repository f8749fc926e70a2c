/** How a call ended that no account served: refused by us, or left by its client, and where it was by then. */
import type { Attempt } from './attempt.ts';
import type { RoutePlan } from './plan.ts';

/** Goes on from "The client left …". */
export function sayWhereLeft(plan: RoutePlan | null, attempts: readonly Attempt[]): string {
  const last = attempts.at(-1);
  if (last === undefined) {
    if (plan === null) return 'before the call was over';
    return plan.candidates.length === 0
      ? 'while the call waited for an account; none was asked'
      : 'before any account was asked';
  }
  const { accountName: name, left, failure, status } = last;
  if (left === 'unsent') return `before anything was sent to ${name}`;
  if (left === 'unanswered') return `while ${name} had its request and had not answered`;
  if (left === 'unshown') return `while ${name} was answering, before anything of it was shown`;
  if (failure !== null) return `after ${name} could not serve it and before another account was asked`;
  return status === null ? 'before the call was over' : `in the middle of the answer of ${name}`;
}

/** Of one attempt that was given up; null when it was not. */
export function sayLeft({ left, status, failure }: Attempt): string | null {
  switch (left) {
    case 'unsent':
      return 'The client left before anything was sent.';
    case 'unanswered':
      return 'The client left before it answered; it may charge for what it was sent.';
    case 'unshown':
      return 'The client left before its answer could be shown; it may charge for it.';
    case undefined:
      return failure === null && status === null ? 'The client left before it answered.' : null;
  }
}

/** Why a call without attempts has none. */
export function sayNoAttempts(outcome: string | null, plan: RoutePlan | null): string {
  if (outcome === null) return 'Still under way.';
  if (outcome === 'refused') return 'No account was asked.';
  // Orphans of a crash: the row is all there is.
  return plan === null
    ? 'Not known: they were lost with the program that made them.'
    : 'No account was dialled.';
}

/** What the client was told names accounts by id; where they are the reason, the plan names them better. */
export function sayRefusal(plan: RoutePlan | null, message: string | null): string {
  const aboutAccounts =
    plan !== null &&
    plan.candidates.length === 0 &&
    plan.leftOut.some(({ reason }) => reason !== 'not_for_this_key');
  return message === null || aboutAccounts ? 'no account could take it.' : message;
}
