/**
 * The most a call is expected to use, held until it is settled. Tokens come from the estimate book (learned per
 * client and model), money from the price in force, and where no price is known from what the configuration says
 * about unknown prices.
 */
import type { Account } from '../../lib/accounts/account.ts';
import { type NanoDollars, nanoDollars } from '../../lib/base/money.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import type { EstimateBook } from '../../lib/metering/estimate.ts';
import type { UnitPrices } from '../../lib/metering/price.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';

export interface Estimate {
  readonly tokens: number;
  readonly cost: NanoDollars;
  /** The price is an assumption, because none is known. */
  readonly assumed: boolean;
}

const TOKENS_PER_PRICE = 1_000_000;

export function estimateKey(caller: Caller, call: Call): string {
  return `${caller.clientKeyId} ${call.model ?? ''}`;
}

export function estimateCall(
  call: Call,
  caller: Caller,
  account: Pick<Account, 'priceMultiplier'>,
  deps: { readonly estimates: EstimateBook; readonly prices: PriceBook; readonly config: () => Config },
): Estimate {
  if (call.endpoint.treatment !== 'inference') return { tokens: 0, cost: nanoDollars(0), assumed: false };
  const { limits } = deps.config();
  const expected = deps.estimates.expect(estimateKey(caller, call), {
    bodyBytes: call.bodyBytes,
    outputTokensMax: limits.mode === 'strict' ? outputCap(call) : cappedByCall(call),
  });
  const tokens = expected.inputTokens + expected.outputTokens;
  const known = call.model === null ? null : deps.prices.prices(call.model, query(call, expected, account));
  const prices = known ?? (limits.unknown_price === 'assume' ? deps.prices.dearest() : null);
  if (!prices) return { tokens, cost: nanoDollars(0), assumed: false };
  const cost = price(expected.inputTokens, prices.input) + price(expected.outputTokens, prices.output);
  return { tokens, cost: nanoDollars(cost + (prices.perRequest ?? 0)), assumed: known === null };
}

function query(call: Call, expected: { inputTokens: number }, account: Pick<Account, 'priceMultiplier'>) {
  return {
    inputTokens: expected.inputTokens,
    serviceTier: call.facts?.serviceTier ?? null,
    multiplier: account.priceMultiplier,
    atMs: call.receivedAtMs,
  };
}

function price(tokens: number, perMillion: UnitPrices['input']): number {
  return Math.ceil((tokens * perMillion) / TOKENS_PER_PRICE);
}

/** The largest answer that any current model writes: what `strict` reserves when a call sets no cap. */
const MODEL_OUTPUT_MAX = 128_000;

function outputCap(call: Call): number {
  return call.facts?.outputTokensMax ?? MODEL_OUTPUT_MAX;
}

function cappedByCall(call: Call): number | null {
  return call.facts?.outputTokensMax ?? null;
}
