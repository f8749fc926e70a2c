/**
 * Last step: everything that is known at the end of a Call, as one settled UsageRecord. Cost is worked out here,
 * with the tier and the model that the answer names, and what is not known stays null.
 */

import type { AccountId } from '../../lib/base/id.ts';
import { type NanoDollars, nanoDollars } from '../../lib/base/money.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Config } from '../../lib/config.ts';
import type { Outcome, SettledRecord } from '../../lib/metering/ledger.ts';
import type { MeterReading } from '../../lib/metering/meter.ts';
import type { UnitPrices } from '../../lib/metering/price.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';
import type { Usage } from '../../lib/metering/usage.ts';
import { UNKNOWN_USAGE } from '../../lib/metering/usage-shapes.ts';
import { type Attempt, reachedNobody } from '../../lib/routing/attempt.ts';
import { briefPlan } from '../../lib/routing/brief-plan.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { Journey } from './journey.ts';
import { NO_SESSION_KEY } from './session-tally.ts';

export interface Completion {
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly errorCode: string | null;
  /** The account that served it, or had its request when the client left; null when none did. */
  readonly accountId: AccountId | null;
  readonly priceMultiplier: number;
  readonly reading: MeterReading | null;
  /** It was an event stream. */
  readonly streamed: boolean;
  /** What was kept of an answer that told no usage, its text readable; null where there is no such answer. */
  readonly shown: readonly Uint8Array[] | null;
  /** The usage is our own count, not the provider's. */
  readonly estimated: boolean;
  readonly attempts: readonly Attempt[];
  readonly firstTokenMs: number | null;
  readonly reasoningDropped: boolean;
  readonly overheadUs: number | null;
}

/** No account served the call, as far as is known yet. */
export function nothingServed(
  journey: Pick<Journey, 'attempts' | 'reasoningDropped'>,
  outcome: Completion['outcome'],
  status: number | null,
  errorCode: string | null,
): Completion {
  return {
    outcome,
    status,
    errorCode,
    accountId: null,
    priceMultiplier: 1,
    reading: null,
    streamed: false,
    shown: null,
    estimated: false,
    attempts: journey.attempts,
    firstTokenMs: null,
    reasoningDropped: journey.reasoningDropped,
    overheadUs: null,
  };
}

export interface SettleMoment {
  readonly nowMs: number;
  readonly durationMs: number;
}

export function settledRecord(
  call: Call,
  plan: RoutePlan,
  completion: Completion,
  prices: PriceBook,
  moment: SettleMoment,
  unknownPrice: Config['limits']['unknown_price'],
): SettledRecord {
  const { reading } = completion;
  const usage = usageOf(completion);
  const priced = priceOf(call, completion, usage, prices);
  const servedModel = reading?.servedModel ?? null;
  return {
    id: call.requestId,
    endedAtMs: moment.nowMs,
    outcome: completion.outcome,
    status: completion.status,
    errorCode: completion.errorCode,
    accountId: completion.accountId,
    attempts: completion.attempts.length,
    usage,
    estimated: completion.estimated,
    servedModel: servedModel === call.model ? null : servedModel,
    cost: priced.cost,
    assumedCost:
      unknownPrice === 'assume' && usage && priced.prices === null
        ? prices.cost(usage, prices.dearest())
        : null,
    prices: priced.prices,
    firstTokenMs: completion.firstTokenMs,
    durationMs: moment.durationMs,
    overheadUs: completion.overheadUs,
    responseBytes: reading?.bytes ?? 0,
    reasoningDropped: completion.reasoningDropped,
    explanation: JSON.stringify({
      session: call.session === null ? NO_SESSION_KEY : call.session.source,
      plan: plan && briefPlan(plan, concerned(completion)),
      attempts: completion.attempts,
    }),
  };
}

function concerned({ attempts, accountId }: Completion): ReadonlySet<AccountId> {
  const ids = new Set(attempts.map((attempt) => attempt.accountId));
  return accountId === null ? ids : ids.add(accountId);
}

/** Of figures that cannot be true nothing is kept but that: they are neither priced nor summed. */
function usageOf({ reading, estimated }: Completion): Usage | null {
  const usage = reading?.usage ?? null;
  return usage?.flagged && !estimated ? { ...UNKNOWN_USAGE, flagged: true } : usage;
}

/** The model the answer names is the one billed; where that is unknown to the price list, the one asked for. */
function priceOf(
  call: Call,
  completion: Completion,
  usage: Usage | null,
  book: PriceBook,
): { readonly cost: NanoDollars | null; readonly prices: UnitPrices | null } {
  if (!usage) {
    const free = isRefusal(completion) || reachedNobody(completion.attempts);
    return { cost: free ? nanoDollars(0) : null, prices: null };
  }
  const query = {
    inputTokens: usage.inputTokens,
    serviceTier: usage.serviceTier ?? call.facts?.serviceTier ?? null,
    multiplier: completion.priceMultiplier,
    atMs: call.receivedAtMs,
  };
  for (const model of [completion.reading?.servedModel ?? null, call.model]) {
    const prices = model === null ? null : book.prices(model, query);
    if (prices) return { cost: book.cost(usage, prices), prices };
  }
  return { cost: null, prices: null };
}

const REFUSED_FROM_STATUS = 400;

/** No provider charges for an answer that says no; any other answer without figures is unknown. */
function isRefusal({ accountId, status }: Completion): boolean {
  return accountId !== null && status !== null && status >= REFUSED_FROM_STATUS;
}
