/** Tokens and cost by kind, in a period. From single calls, so of a time whose calls were deleted it knows nothing. */
import type { UsageKindsInput } from '../../../lib/wire/usage-inputs.ts';
import type { UsageKindsView } from '../../../lib/wire/usage-views.ts';
import type { BreakdownDeps } from './breakdown.ts';
import { spanOf } from './periods.ts';

export async function kindsOf(
  { reader, windows, clock }: Pick<BreakdownDeps, 'reader' | 'windows' | 'clock'>,
  { period }: UsageKindsInput,
): Promise<UsageKindsView> {
  const span = spanOf(period, clock.nowMs(), windows);
  return { period, ...span, ...(await reader.run('usage.kinds', span)) };
}
