/**
 * Running sums over a window of time. A sliding one keeps its uses in equal steps and lets a step go when all of
 * it has left the window, so a use counts for at most one step too long and never too short; a calendar one
 * starts at nothing when its window ends. Every operation costs a few additions, however much was counted.
 */
import { nanoDollars } from '../base/money.ts';
import type { SlidingLength } from './client-limits.ts';
import type { WindowUse } from './limit.ts';
import type { WindowBounds } from './window.ts';

export interface WindowSum {
  /** Lets go of what has left by now. Time does not run backwards here: a moment before the last one does nothing. */
  turn(nowMs: number): void;
  used(): WindowUse;
  /** Adds (+1) or takes away (-1) what was used at a moment; nothing when that moment has left the window. */
  add(atMs: number, use: WindowUse, sign: 1 | -1): void;
  /** From when on uses count that are counted now. */
  fromMs(): number;
  /** The first moment at which what is left satisfies this; the moment at which nothing is left when none does. */
  freeAtMs(satisfies: (left: WindowUse) => boolean): number;
}

type Sum = { -readonly [K in keyof WindowUse]: WindowUse[K] };

const nothing = (): Sum => ({ requests: 0, tokens: 0, cost: nanoDollars(0) });

function shift(sum: Sum, use: WindowUse, sign: 1 | -1): void {
  sum.requests += sign * use.requests;
  sum.tokens += sign * use.tokens;
  sum.cost = nanoDollars(sum.cost + sign * use.cost);
}

export function createSlidingSum({ lengthMs, stepMs }: SlidingLength, nowMs: number): WindowSum {
  const stepsKept = Math.ceil(lengthMs / stepMs);
  const size = stepsKept + 1;
  const steps: (Sum | null)[] = new Array(size).fill(null);
  const total = nothing();
  let newest = Math.floor(nowMs / stepMs);

  const slotOf = (step: number): number => ((step % size) + size) % size;
  const drop = (step: number): void => {
    const slot = slotOf(step);
    const left = steps[slot];
    if (left) shift(total, left, -1);
    steps[slot] = null;
  };

  return {
    turn(atMs) {
      const step = Math.floor(atMs / stepMs);
      // The slot that a new step takes is the one of the step that has just left.
      for (let next = Math.max(newest + 1, step - stepsKept); next <= step; next++) drop(next);
      if (step > newest) newest = step;
    },
    used: () => total,
    add(atMs, use, sign) {
      const step = Math.min(Math.floor(atMs / stepMs), newest);
      if (step < newest - stepsKept) return;
      const slot = slotOf(step);
      const sum = steps[slot] ?? nothing();
      steps[slot] = sum;
      shift(sum, use, sign);
      shift(total, use, sign);
    },
    fromMs: () => (newest - stepsKept) * stepMs,
    freeAtMs(satisfies) {
      const left = { ...total };
      let step = newest - stepsKept;
      for (; step <= newest && !satisfies(left); step++) {
        const leaving = steps[slotOf(step)];
        if (leaving) shift(left, leaving, -1);
      }
      return (step + stepsKept) * stepMs;
    },
  };
}

/** @param boundsAt the window that a moment lies in */
export function createCalendarSum(boundsAt: (atMs: number) => WindowBounds, nowMs: number): WindowSum {
  let bounds = boundsAt(nowMs);
  let total = nothing();
  return {
    turn(atMs) {
      if (atMs < bounds.toMs) return;
      bounds = boundsAt(atMs);
      total = nothing();
    },
    used: () => total,
    add(atMs, use, sign) {
      if (atMs >= bounds.fromMs && atMs < bounds.toMs) shift(total, use, sign);
    },
    fromMs: () => bounds.fromMs,
    freeAtMs: () => bounds.toMs,
  };
}
