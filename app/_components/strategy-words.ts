/** The strategies by the names people choose them by, each with its one sentence. */
import type { StrategyName } from '../../lib/routing/plan.ts';

export const STRATEGY_WORDS: Record<StrategyName, { readonly name: string; readonly sentence: string }> = {
  least_utilized: { name: 'Least used', sentence: 'To the account with the most headroom. All wear evenly.' },
  round_robin: {
    name: 'Round robin',
    sentence: 'In turn, by weight. Even counts, but small accounts hit their limits first.',
  },
  priority: {
    name: 'Priority',
    sentence: 'Fill the lowest number first, then the next. The others stand by.',
  },
  sticky: {
    name: 'Sticky',
    sentence: 'Each session hashes to one account. A new account moves only its share.',
  },
};
