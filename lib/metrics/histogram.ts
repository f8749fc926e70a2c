/** A distribution in fixed buckets: one addition an observation, and what Prometheus makes quantiles of. */
import type { Labels, Sample } from './exposition.ts';

export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  /** @param bounds upper ends, ascending; what is above the last has a bucket of its own */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let at = 0;
    while (at < this.#bounds.length && value > (this.#bounds[at] ?? Infinity)) at++;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
  }

  samples(labels: Labels): Sample[] {
    let upTo = 0;
    const buckets = this.#counts.map((count, at): Sample => {
      upTo += count;
      const le = this.#bounds[at];
      return {
        suffix: '_bucket',
        labels: { ...labels, le: le === undefined ? '+Inf' : String(le) },
        value: upTo,
      };
    });
    return [
      ...buckets,
      { suffix: '_sum', labels, value: this.#sum },
      { suffix: '_count', labels, value: upTo },
    ];
  }
}
