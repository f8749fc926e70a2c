/** Learned marks: how one is named where it has to be picked (`model:gpt-5.5`, `endpoint:images`), and for how long it holds. */
import { DAY_MS, MINUTE_MS } from '../base/time.ts';
import type { Mark } from './upstream.ts';

export function markKey({ kind, subject }: Pick<Mark, 'kind' | 'subject'>): string {
  return `${kind === 'family' ? 'endpoint' : 'model'}:${subject}`;
}

/** No mark is made for longer than a day: one that ends later is of a clock that has since been set back. */
const LASTS_MAX_MS = DAY_MS + MINUTE_MS;

export function holds({ untilMs }: Pick<Mark, 'untilMs'>, nowMs: number): boolean {
  return untilMs > nowMs && untilMs - nowMs <= LASTS_MAX_MS;
}
