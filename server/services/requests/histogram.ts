/** When the calls began that the filters let through, and what became of them. */
import { type Clock, DAY_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { RequestHistogramInput } from '../../../lib/wire/inputs.ts';
import type { RequestHistogramView } from '../../../lib/wire/views.ts';
import { type ListRequestsDeps, searched } from './list.ts';

export interface RequestHistogramDeps extends ListRequestsDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
}

const BARS_MAX = 72;
/** Steps of which people know how long they are. */
const STEPS_MS = [1, 2, 5, 10, 20, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE_MS);

export async function drawRequests(
  deps: RequestHistogramDeps,
  { search, since, until, ...filter }: RequestHistogramInput,
): Promise<RequestHistogramView> {
  const nowMs = deps.clock.nowMs();
  const endMs = Math.max(until ?? nowMs, (since ?? 0) + MINUTE_MS);
  const beginMs = since ?? endMs - DAY_MS;
  const stepMs =
    STEPS_MS.find((step) => (endMs - beginMs) / step <= BARS_MAX) ??
    Math.ceil((endMs - beginMs) / BARS_MAX / DAY_MS) * DAY_MS;
  const fromMs = Math.floor(beginMs / stepMs) * stepMs;
  const toMs = Math.ceil(endMs / stepMs) * stepMs;
  const asked = { ...filter, ...(await searched(deps, search)) };
  const bars = await deps.reader.run('requests.histogram', { fromMs, toMs, stepMs, filter: asked });
  return { fromMs, toMs, stepMs, bars };
}
