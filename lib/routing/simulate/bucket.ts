/** A provider's rate limit: a bucket that holds a minute's worth and fills evenly. Times are the simulation's. */
import { MINUTE_MS } from '../../base/time.ts';

export class Bucket {
  readonly perMinute: number;
  #level: number;
  #atMs = 0;

  constructor(perMinute: number) {
    this.perMinute = perMinute;
    this.#level = perMinute;
  }

  /** Milliseconds until `amount` could be taken; 0 when it can be now. */
  waitMs(amount: number, nowMs: number): number {
    const missing = amount - this.#filled(nowMs);
    return missing <= 0 ? 0 : Math.ceil((missing * MINUTE_MS) / this.perMinute);
  }

  /** Only after `waitMs` said 0. */
  take(amount: number, nowMs: number): void {
    this.#level = this.#filled(nowMs) - amount;
  }

  remaining(nowMs: number): number {
    return Math.floor(this.#filled(nowMs));
  }

  /** Until it is full again: what `x-ratelimit-reset-*` tells. */
  fullAfterMs(nowMs: number): number {
    return Math.ceil(((this.perMinute - this.#filled(nowMs)) * MINUTE_MS) / this.perMinute);
  }

  #filled(nowMs: number): number {
    const gained = ((nowMs - this.#atMs) * this.perMinute) / MINUTE_MS;
    this.#level = Math.min(this.perMinute, this.#level + gained);
    this.#atMs = nowMs;
    return this.#level;
  }
}
