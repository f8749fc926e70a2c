/** Last step, on every path exactly once: the row is settled, the hold let go, and the live list told. */
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { LedgerWriter, LimitBook } from '../db/ledger.ts';
import { settledAmounts } from '../db/limit-sums.ts';
import type { InFlight } from '../upstream/in-flight.ts';
import type { CallMetrics } from './call-metrics.ts';
import { type Completion, type SettleMoment, settledRecord } from './completion.ts';
import type { Journey } from './journey.ts';

export interface RecordInput {
  readonly call: Call;
  readonly caller: Caller;
  readonly plan: RoutePlan;
  readonly completion: Completion;
  readonly journey: Journey;
  /** When the call ended, however long it took to find out what it cost. */
  readonly moment: SettleMoment;
}

export interface RecordDeps {
  readonly ledger: LedgerWriter;
  readonly limitBook: LimitBook;
  readonly inFlight: InFlight;
  readonly metrics: Pick<CallMetrics, 'ended'>;
  readonly prices: PriceBook;
  readonly config: () => Config;
}

export function record(input: RecordInput, deps: RecordDeps): void {
  const { call, journey } = input;
  const { unknown_price: unknownPrice } = deps.config().limits;
  const settled = settledRecord(call, input.plan, input.completion, deps.prices, input.moment, unknownPrice);
  deps.limitBook.settle(journey.reservation, settledAmounts(settled));
  deps.ledger.settle(settled);
  const first = journey.attempts[0];
  const served = settled.accountId;
  if (first && served !== null && served !== first.accountId) {
    const data = { from: first.accountId, to: served, because: first.failure?.class ?? null };
    deps.ledger.event({
      atMs: input.moment.nowMs,
      kind: 'call.moved',
      accountId: served,
      requestId: call.requestId,
      data,
    });
  }
  const { clientKeyId } = input.caller;
  deps.metrics.ended({ clientKeyId, model: call.model }, settled, journey.attempts);
  deps.inFlight.end(call.requestId, settled);
}
