/** The thread that lets a recorded day pass through each strategy: seconds of work that no call may wait for. */
import { parentPort } from 'node:worker_threads';
import type { Config } from '../../../lib/config.ts';
import { createPriceBook } from '../../../lib/metering/price-book.ts';
import { STRATEGIES } from '../../../lib/routing/plan.ts';
import { recordedDay } from '../../../lib/routing/simulate/recorded.ts';
import type { KnownPool } from '../../../lib/routing/simulate/setup.ts';
import { simulate } from '../../../lib/routing/simulate/simulate.ts';
import type { SimulationResult } from '../../../lib/routing/simulate/tally.ts';
import type { RecordedCallView } from '../../../lib/wire/views.ts';
import { answerQuestions } from '../../lazy-worker.ts';

export interface ReplayQuestion {
  readonly rows: readonly RecordedCallView[];
  readonly pool: KnownPool;
  readonly config: Config;
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
}

const CACHE_IDLE_MS = 600_000;
const SEED = 1;

/** One result for each strategy, in their order. */
function replay(question: ReplayQuestion): readonly SimulationResult[] {
  const { rows, pool, config, requestsPerMinute, tokensPerMinute } = question;
  const { trace } = recordedDay(rows);
  const prices = createPriceBook({ today: () => trace.startsAtMs });
  const provider = { requestsPerMinute, tokensPerMinute, cacheIdleMs: CACHE_IDLE_MS };
  return STRATEGIES.map((strategy) =>
    simulate({ trace, strategy, pool, provider, config, prices, seed: SEED }),
  );
}

if (parentPort) answerQuestions(parentPort, replay);
