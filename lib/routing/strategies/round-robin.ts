/**
 * In turn over the candidates, each as often as its weight says and spread evenly. It keeps no list: the turn's
 * number alone decides, so accounts may come and go.
 */
import type { Scored, StrategyContext } from './strategy.ts';

export function roundRobin<T extends Scored>(candidates: readonly T[], { turn }: StrategyContext): T[] {
  const first = pick(candidates, turn);
  return candidates.slice(first).concat(candidates.slice(0, first));
}

function pick(candidates: readonly Scored[], turn: number): number {
  const weights = candidates.map(({ upstream }) => Math.max(1, Math.trunc(upstream.account.weight)));
  const divisor = weights.reduce(greatestCommonDivisor, 0) || 1;
  const total = weights.reduce((sum, weight) => sum + weight / divisor, 0);
  if (total === 0) return 0;
  // Stepping through the slots by about a golden section of them visits each once and keeps equal ones apart.
  const slot = (((turn % total) + total) * stride(total, candidates.length)) % total;
  let end = 0;
  for (let i = 0; i < weights.length; i++) {
    end += (weights[i] ?? 0) / divisor;
    if (slot < end) return i;
  }
  return 0;
}

/** Coprime to the number of slots, so that every slot has its turn. Equal weights simply go round. */
function stride(total: number, candidates: number): number {
  if (total === candidates) return 1;
  let step = Math.max(1, Math.round(total * 0.618));
  while (greatestCommonDivisor(step, total) !== 1) step++;
  return step;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
