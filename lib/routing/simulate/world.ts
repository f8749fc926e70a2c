/**
 * The providers, simulated: rate limits per organisation, project and model, prompt caches per organisation, and
 * the trace's faults. It knows nothing of routing: it is dialled and answers, as providers do.
 */
import type { AccountId } from '../../base/id.ts';
import { Bucket } from './bucket.ts';
import { createPromptCaches, generationsOf } from './prompt-cache.ts';
import {
  faultRefusal,
  type Headers,
  type Refusal,
  rateLimited,
  sealedElsewhere,
  tooLarge,
} from './refusals.ts';
import type { FaultKind, Trace, TraceCall, TraceFault } from './trace.ts';

/** Where an account's key leads. */
export interface Seat {
  /** Counted from 1, as faults name it. */
  readonly number: number;
  readonly organization: string;
  readonly project: string;
}

export interface ProviderSetup {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  /** How long an unused prompt cache is kept. */
  readonly cacheIdleMs: number;
  /** Whether this model's cache writes have a price, as those of newer models do; they cache to the token. */
  readonly writesCost: (model: string) => boolean;
}

export type WorldAnswer =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | {
      readonly kind: 'answer';
      readonly headers: Headers;
      readonly cachedTokens: number;
      /** When output begins, and when it ends or breaks off, after the dial. */
      readonly firstByteMs: number;
      readonly endMs: number;
      readonly cut: boolean;
    };

export interface Dialled {
  readonly call: TraceCall;
  readonly account: AccountId;
  readonly stripped: boolean;
  readonly nowMs: number;
  /** 0 ≤ luck < 1: below a fault's share it strikes. */
  readonly luck: number;
}

export interface World {
  dial(dialled: Dialled): WorldAnswer;
  /** Output begins: the prompt is in the cache from now on, and reasoning is sealed here. */
  answered(account: AccountId, call: TraceCall, nowMs: number): void;
  /** What `GET /models` would say of the key. */
  refusesKey(account: AccountId, nowMs: number): boolean;
}

const FIRST_BYTE_SHARE = 0.2;
const CUT_SHARE = 0.5;

export function createWorld(trace: Trace, seats: ReadonlyMap<AccountId, Seat>, setup: ProviderSetup): World {
  const caches = createPromptCaches(setup.cacheIdleMs, generationsOf(trace.calls));
  const buckets = new Map<string, { readonly requests: Bucket; readonly tokens: Bucket }>();
  const sealedBy = new Map<string, string>();

  const bucketsOf = ({ organization, project }: Seat, model: string | null) => {
    const key = `${organization}/${project} ${model ?? ''}`;
    let found = buckets.get(key);
    if (found === undefined) {
      found = { requests: new Bucket(setup.requestsPerMinute), tokens: new Bucket(setup.tokensPerMinute) };
      buckets.set(key, found);
    }
    return found;
  };
  const seatOf = (account: AccountId): Seat => {
    const seat = seats.get(account);
    if (seat === undefined) throw new Error(`account ${account} has no seat in this simulation`);
    return seat;
  };

  return {
    dial({ call, account, stripped, nowMs, luck }) {
      const seat = seatOf(account);
      const fault = faultAt(trace.faults, seat, nowMs - trace.startsAtMs, luck);
      const { requests, tokens } = bucketsOf(seat, call.model);
      const headers = () => headersOf(seat, requests, tokens, nowMs);
      const refuse = (refusal: Refusal): WorldAnswer => ({ kind: 'refused', refusal });
      if (fault !== null && fault !== 'cut') return refuse(faultRefusal(fault, headers()));
      const needed = call.inputTokens + call.outputTokens;
      if (needed > tokens.perMinute) return refuse(tooLarge(tokens.perMinute, needed, headers()));
      const requestWait = requests.waitMs(1, nowMs);
      const tokenWait = tokens.waitMs(needed, nowMs);
      if (requestWait > 0 || tokenWait > 0) {
        const what = requestWait >= tokenWait ? 'requests' : 'tokens';
        return refuse(rateLimited(what, Math.max(requestWait, tokenWait), headers()));
      }
      if (call.sealed && !stripped && call.session !== null) {
        const sealer = sealedBy.get(call.session);
        if (sealer !== undefined && sealer !== seat.organization) return refuse(sealedElsewhere(headers()));
      }
      requests.take(1, nowMs);
      tokens.take(needed, nowMs);
      const stepped = call.model === null || !setup.writesCost(call.model);
      return {
        kind: 'answer',
        headers: headers(),
        cachedTokens: caches.cachedTokens(seat.organization, call, nowMs, stepped),
        firstByteMs: Math.round(call.durationMs * FIRST_BYTE_SHARE),
        endMs: Math.round(call.durationMs * (fault === 'cut' ? CUT_SHARE : 1)),
        cut: fault === 'cut',
      };
    },
    answered(account, call, nowMs) {
      const { organization } = seatOf(account);
      caches.remember(organization, call, nowMs);
      if (call.session !== null) sealedBy.set(call.session, organization);
    },
    refusesKey: (account, nowMs) =>
      faultAt(trace.faults, seatOf(account), nowMs - trace.startsAtMs, 0) === 'refused_key',
  };
}

/** The first that strikes, in the order of the trace. */
function faultAt(
  faults: readonly TraceFault[],
  { number }: Seat,
  nowMs: number,
  luck: number,
): FaultKind | null {
  for (const { fault, fromMs, toMs, accounts, share } of faults) {
    if (nowMs < fromMs || nowMs >= toMs || luck >= share) continue;
    if (accounts === null || accounts.includes(number)) return fault;
  }
  return null;
}

function headersOf(
  { organization, project }: Seat,
  requests: Bucket,
  tokens: Bucket,
  nowMs: number,
): Headers {
  return {
    'openai-organization': organization,
    'openai-project': project,
    'x-ratelimit-limit-requests': String(requests.perMinute),
    'x-ratelimit-remaining-requests': String(requests.remaining(nowMs)),
    'x-ratelimit-reset-requests': `${requests.fullAfterMs(nowMs)}ms`,
    'x-ratelimit-limit-tokens': String(tokens.perMinute),
    'x-ratelimit-remaining-tokens': String(tokens.remaining(nowMs)),
    'x-ratelimit-reset-tokens': `${tokens.fullAfterMs(nowMs)}ms`,
  };
}
