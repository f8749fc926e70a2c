/** How calls are spread over accounts, and which of these settings the environment or a flag decides. */
import type { LeafName } from '../../../lib/config.ts';
import type { RoutingView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';

/** The view's fields and the settings they are. */
export const ROUTING_LEAVES = {
  strategy: 'routing.strategy',
  affinity: 'routing.affinity',
  reasoningFailover: 'routing.reasoning_failover',
  reserve: 'routing.reserve',
  attemptsMax: 'routing.attempts_max',
} as const satisfies Record<string, LeafName>;

export interface GetRoutingDeps {
  readonly settings: Pick<Settings, 'config' | 'origins'>;
}

export function getRouting({ settings }: GetRoutingDeps): RoutingView {
  const { routing } = settings.config;
  return {
    strategy: routing.strategy,
    affinity: routing.affinity,
    reasoningFailover: routing.reasoning_failover,
    reserve: routing.reserve,
    attemptsMax: routing.attempts_max,
    fixed: Object.entries(ROUTING_LEAVES)
      .filter(([, leaf]) => ['environment', 'flag'].includes(settings.origins[leaf]))
      .map(([field]) => field),
  };
}
