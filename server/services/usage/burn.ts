/** The running window of a limit so far: what was used by when. What is to come is the forecast's to say. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { UsageBurnInput } from '../../../lib/wire/usage-inputs.ts';
import type { UsageBurnView } from '../../../lib/wire/usage-views.ts';
import type { BreakdownDeps } from './breakdown.ts';

/** Whole parts of an hour or whole hours, so that roll-ups can answer; a summer-time day has 23 or 25 hours. */
const STEP_MS = { day: 15 * MINUTE_MS, month: 6 * HOUR_MS } as const;

export async function burnOf(
  { reader, windows, clock }: Pick<BreakdownDeps, 'reader' | 'windows' | 'clock'>,
  { kind, id, window, amount }: UsageBurnInput,
): Promise<UsageBurnView> {
  const nowMs = clock.nowMs();
  const { fromMs, toMs } = windows(nowMs, window);
  const stepMs = STEP_MS[window];
  // Up to the step that is running, and no further than a window can be.
  const untilMs = Math.min(
    toMs,
    fromMs + (Math.floor((nowMs - fromMs) / stepMs) + 1) * stepMs,
    fromMs + 32 * DAY_MS,
  );
  const added = await reader.run('usage.burn', {
    fromMs,
    toMs: untilMs,
    stepMs,
    holder: { kind, id },
    amount,
  });
  let sum = 0;
  return { atMs: nowMs, fromMs, toMs, stepMs, used: added.map((more) => (sum += more)) };
}
