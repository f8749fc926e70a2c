/** Last step, on every path exactly once: the row is settled, the hold let go, and the live list told. */
import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { LedgerWriter, LimitBook } from '../db/ledger.ts';
import { settledAmounts } from '../db/limit-sums.ts';
import type { InFlight } from '../upstream/in-flight.ts';
import { type Completion, settledRecord } from './completion.ts';
import type { Journey } from './forward.ts';

export interface RecordInput {
  readonly call: Call;
  readonly caller: Caller;
  readonly plan: RoutePlan;
  readonly completion: Completion;
  readonly journey: Journey;
  readonly receivedMonotonicMs: number;
}

export interface RecordDeps {
  readonly ledger: LedgerWriter;
  readonly limitBook: LimitBook;
  readonly inFlight: InFlight;
  readonly prices: PriceBook;
  readonly clock: Clock;
  readonly config: () => Config;
}

export function record(input: RecordInput, deps: RecordDeps): void {
  const { call, journey } = input;
  const nowMs = deps.clock.nowMs();
  const durationMs = Math.max(0, Math.round(deps.clock.monotonicMs() - input.receivedMonotonicMs));
  const { unknown_price: unknownPrice } = deps.config().limits;
  const moment = { nowMs, durationMs };
  const settled = settledRecord(call, input.plan, input.completion, deps.prices, moment, unknownPrice);
  deps.limitBook.settle(journey.reservation, settledAmounts(settled));
  deps.ledger.settle(settled);
  const first = journey.attempts[0];
  const served = settled.accountId;
  if (first && served !== null && served !== first.accountId) {
    const data = { from: first.accountId, to: served, because: first.failure?.class ?? null };
    deps.ledger.event({
      atMs: nowMs,
      kind: 'call.moved',
      accountId: served,
      requestId: call.requestId,
      data,
    });
  }
  deps.inFlight.end(call.requestId, settled);
}
