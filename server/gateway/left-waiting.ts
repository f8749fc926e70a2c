/**
 * A client that left while its call waited for an account: nothing was held or sent, but it is on record like every
 * call, with the plan that it waited with.
 */
import { nanoDollars } from '../../lib/base/money.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { CallDeps } from './call-deps.ts';
import { nothingServed, type SettleMoment, settledRecord } from './completion.ts';
import { openedRecord } from './reserve.ts';

type LeftDeps = Pick<CallDeps, 'ledger' | 'prices' | 'config' | 'log' | 'metrics'>;

/** Resolves when the row is there; one that cannot be written is given up, as nothing was spent on it. */
export async function recordLeft(
  call: Call,
  caller: Caller,
  plan: RoutePlan,
  moment: SettleMoment,
  { ledger, prices, config, log, metrics }: LeftDeps,
): Promise<void> {
  const opened = { firstAccountId: null, reservedTokens: 0, reservedCost: nanoDollars(0) };
  const nothing = nothingServed({ attempts: [], reasoningDropped: false }, 'cancelled', null, null);
  try {
    await ledger.open(openedRecord(call, caller, call.receivedAtMs, opened));
    const settled = settledRecord(call, plan, nothing, prices, moment, config().limits.unknown_price);
    ledger.settle(settled);
    metrics.ended({ clientKeyId: caller.clientKeyId, model: call.model }, settled, []);
  } catch (thrown) {
    log.warn({ requestId: call.requestId, error: String(thrown) }, 'a call that left could not be recorded');
  }
}
