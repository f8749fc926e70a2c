/** Drawing from the distributions that traffic follows. Made of one stream of seeded random numbers. */
export interface Draw {
  /** True as often as `share` says. */
  chance(share: number): boolean;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** Log-normal: half are below the median, some far above it. Whole, and bounded. */
  around(median: number, spread: number, max: number): number;
  /** A position in `weights`, each as often as its weight says. */
  weighted(weights: readonly number[]): number;
}

export function createDraw(random: () => number): Draw {
  const normal = (): number => {
    // Box–Muller; 1 − x is never 0.
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return radius * Math.cos(2 * Math.PI * random());
  };
  return {
    chance: (share) => random() < share,
    between: (from, to) => from + Math.floor(random() * (to - from + 1)),
    around: (median, spread, max) =>
      Math.min(max, Math.max(1, Math.round(median * Math.exp(spread * normal())))),
    weighted(weights) {
      let rest = random() * weights.reduce((total, weight) => total + weight, 0);
      for (let at = 0; at < weights.length; at++) {
        rest -= weights[at] ?? 0;
        if (rest < 0) return at;
      }
      return weights.length - 1;
    },
  };
}
