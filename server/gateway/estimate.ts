/**
 * What a call is expected to use, or in strict mode the most that it can, held until it is settled. Tokens come from
 * the estimate book (learned per client and model), money from the price in force, and where no price is known from
 * what the configuration says about unknown prices.
 */
import type { Account } from '../../lib/accounts/account.ts';
import { type NanoDollars, nanoDollars } from '../../lib/base/money.ts';
import { mayReadMore, refersToFiles } from '../../lib/calls/body-refs.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import { type ClientLimits, limitsKind } from '../../lib/metering/client-limits.ts';
import type { EstimateBook } from '../../lib/metering/estimate.ts';
import type { UnitPrices } from '../../lib/metering/price.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';
import { TOKENS_MAX } from '../../lib/metering/usage-shapes.ts';
import type { ParsedCall } from './parse.ts';

export interface Estimate {
  readonly tokens: number;
  readonly cost: NanoDollars;
  /** The price is an assumption, because none is known. */
  readonly assumed: boolean;
}

const TOKENS_PER_PRICE = 1_000_000;

export interface EstimateDeps {
  readonly estimates: EstimateBook;
  readonly prices: PriceBook;
  readonly config: () => Config;
}

export function estimateKey(caller: Caller, call: Call): string {
  return `${caller.clientKeyId} ${call.model ?? ''}`;
}

export function estimateCall(
  parsed: Pick<ParsedCall, 'call' | 'body' | 'raw'>,
  caller: Caller,
  account: Pick<Account, 'priceMultiplier' | 'limits'>,
  deps: EstimateDeps,
): Estimate {
  const { call } = parsed;
  if (call.endpoint.treatment !== 'inference') return { tokens: 0, cost: nanoDollars(0), assumed: false };
  const { limits } = deps.config();
  const strict = limits.mode === 'strict';
  const size = strict ? largest(parsed, deps) : expected(parsed, caller, account, deps);
  const tokens = size.inputTokens + size.outputTokens;
  const known = call.model === null ? null : deps.prices.prices(call.model, query(call, size, account));
  const prices = known ?? (limits.unknown_price === 'assume' ? deps.prices.dearest() : null);
  if (!prices) return { tokens, cost: nanoDollars(0), assumed: false };
  const cost =
    price(size.inputTokens, strict ? dearestInput(prices) : prices.input) +
    price(size.outputTokens, strict ? dearestOutput(prices) : prices.output);
  return { tokens, cost: nanoDollars(cost + (prices.perRequest ?? 0)), assumed: known === null };
}

/** How large a call is likely to be, whatever is reserved for it: what a provider's limits will count, about. */
export function expectedTokens(call: Call, caller: Caller, deps: EstimateDeps): number {
  if (call.endpoint.treatment !== 'inference') return 0;
  const size = expected({ call, body: null, raw: false }, caller, NO_LIMITS, deps);
  return size.inputTokens + size.outputTokens;
}

const NO_LIMITS: Pick<Account, 'limits'> = { limits: {} };

interface Size {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

function expected(
  { call, body, raw }: Pick<ParsedCall, 'call' | 'body' | 'raw'>,
  caller: Caller,
  account: Pick<Account, 'limits'>,
  { estimates, prices }: EstimateDeps,
): Size {
  const { facts, session } = call;
  const carriesOn = facts !== null && (facts.previousResponseId !== null || facts.conversation !== null);
  // Looking through a body takes longer than everything else here: only where its size will count.
  const counts = session !== null && (weighs(caller.limits) || weighs(account.limits));
  const refers = counts && (raw || (body !== null && refersToFiles(finderIn(body))));
  const size = estimates.expect(estimateKey(caller, call), {
    bodyBytes: call.bodyBytes,
    outputTokensMax: facts?.outputTokensMax ?? null,
    choices: facts?.choices ?? 1,
    continues: carriesOn ? placesOf(call, caller, facts.previousResponseId) : NO_PLACES,
    refersIn: refers ? session.hash : null,
  });
  return { ...size, inputTokens: Math.min(size.inputTokens, contextOf(call, prices)) };
}

const NO_PLACES: readonly string[] = [];

/** Where what a call came to is looked up by the calls after it: the answer it made, and its session. */
export function placesOf(call: Call, caller: Caller, responseId: string | null): readonly string[] {
  const session = call.session?.hash ?? null;
  if (responseId === null || call.endpoint.family !== 'responses')
    return session === null ? NO_PLACES : [session];
  const answer = `${caller.clientKeyId} ${responseId}`;
  return session === null ? [answer] : [answer, session];
}

const weighs = (limits: ClientLimits): boolean => limitsKind(limits, 'tokens') || limitsKind(limits, 'cost');

/** The most that the call can come to: a token has at least one byte, and no model takes in more than its context. */
function largest(
  { call, body, raw }: Pick<ParsedCall, 'call' | 'body' | 'raw'>,
  { prices }: EstimateDeps,
): Size {
  const { facts } = call;
  const context = contextOf(call, prices);
  const carriesOn = facts !== null && (facts.previousResponseId !== null || facts.conversation !== null);
  const more = raw || carriesOn || body === null || mayReadMore(finderIn(body));
  const outputs = Math.min((facts?.outputTokensMax ?? MODEL_OUTPUT_MAX) * (facts?.choices ?? 1), TOKENS_MAX);
  return { inputTokens: more ? context : Math.min(call.bodyBytes, context), outputTokens: outputs };
}

/** The largest answer that any current model writes: what `strict` reserves when a call sets no cap. */
const MODEL_OUTPUT_MAX = 128_000;
/** The largest context of any current model, for models whose own is not known. */
const MODEL_CONTEXT_MAX = 1_050_000;

function contextOf({ model, receivedAtMs }: Call, prices: PriceBook): number {
  const known = model === null ? null : prices.contextTokens(model, receivedAtMs);
  return known ?? MODEL_CONTEXT_MAX;
}

function finderIn(body: Uint8Array): (text: string) => boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return (text) => bytes.includes(text, 0, 'latin1');
}

function query(call: Call, { inputTokens }: Size, { priceMultiplier }: Pick<Account, 'priceMultiplier'>) {
  return {
    inputTokens,
    serviceTier: call.facts?.serviceTier ?? null,
    multiplier: priceMultiplier,
    atMs: call.receivedAtMs,
  };
}

/** Writing to a cache costs more than reading past it; what kind of input it will be is not known beforehand. */
function dearestInput({ input, cacheWrite, audioInput, imageInput }: UnitPrices): number {
  return Math.max(input, cacheWrite ?? 0, audioInput ?? 0, imageInput ?? 0);
}

function dearestOutput({ output, audioOutput, imageOutput }: UnitPrices): number {
  return Math.max(output, audioOutput ?? 0, imageOutput ?? 0);
}

function price(tokens: number, perMillion: number): number {
  return Math.ceil((tokens * perMillion) / TOKENS_PER_PRICE);
}
