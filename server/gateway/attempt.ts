/**
 * One attempt of a Call at one account: lease, dial, peek. It ends with an answer that may be given to the
 * client, with a classified failure, or with the client having left. Whatever it ends with, it says so once.
 */

import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Config } from '../../lib/config.ts';
import { asCamError } from '../../lib/errors.ts';
import { classify } from '../../lib/resilience/classify.ts';
import type { Failure } from '../../lib/resilience/failure.ts';
import type { Attempt } from '../../lib/routing/attempt.ts';
import type { Candidate } from '../../lib/routing/plan.ts';
import type { Censor } from '../upstream/censor.ts';
import type { Dial, DialControl, DialTimes, ResponseHeaders } from '../upstream/dial.ts';
import { Peek, type PeekedAnswer, type PeekedFailure, type PeekOptions } from '../upstream/peek.ts';
import type { Lease } from '../upstream/pool.ts';
import type { Ticker } from '../upstream/ticker.ts';
import type { Visit } from './doorkeeper.ts';
import { leftAt } from './leftover.ts';
import { idInHeld, makesObject } from './objects.ts';

export type AttemptResult =
  | {
      readonly kind: 'answer';
      readonly answer: PeekedAnswer;
      readonly peek: Peek;
      readonly control: DialControl;
      readonly attempt: Attempt;
    }
  | {
      readonly kind: 'failure';
      readonly failure: Failure;
      /** The provider's own error answer, whole; null when there was none. */
      readonly answer: PeekedFailure['answer'];
      readonly headers: ResponseHeaders;
      readonly attempt: Attempt;
    }
  | { readonly kind: 'abandoned'; readonly attempt: Attempt };

export interface AttemptInput {
  readonly number: number;
  readonly candidate: Candidate;
  readonly lease: Lease;
  readonly call: Call;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  readonly stripped: boolean;
  /** How long the call was held before this attempt. */
  readonly waitedMs: number;
  readonly visit: Pick<Visit, 'whenOver' | 'left'>;
  readonly receivedMonotonicMs: number;
}

export interface AttemptDeps {
  readonly dial: Dial;
  readonly censor: Pick<Censor, 'failure'>;
  readonly clock: Clock;
  readonly ticker: Ticker;
  readonly config: () => Config;
}

const STREAM_TELLS_ID: Pick<PeekOptions, 'tellsId'> = { tellsId: (held) => idInHeld(held, true) !== null };

export async function attempt(input: AttemptInput, deps: AttemptDeps): Promise<AttemptResult> {
  const { call, visit } = input;
  const startedMs = deps.clock.monotonicMs();
  const peek = new Peek({
    family: call.endpoint.family,
    hold: call.endpoint.treatment === 'inference' || makesObject(call),
    ...(call.stream && makesObject(call) ? STREAM_TELLS_ID : {}),
    ticker: deps.ticker,
    monotonicMs: () => deps.clock.monotonicMs(),
  });
  const control = dialInto(peek, input, deps);
  visit.whenOver(() => peek.abandon());
  const peeked = await peek.decided;
  visit.whenOver(null);
  const described = describe(input, startedMs, peek.headAtMs, deps.clock.monotonicMs());
  if (peeked.kind === 'failure') {
    return failed(deps.censor.failure(input.lease.account, peeked), described, deps.clock.nowMs());
  }
  if (peeked.kind === 'abandoned') {
    visit.left = peeked;
    return { kind: 'abandoned', attempt: { ...described, status: peeked.status, left: leftAt(peeked) } };
  }
  if (!control) return { kind: 'abandoned', attempt: described };
  const known = { status: peeked.status, upstreamRequestId: peeked.headers['x-request-id'] ?? null };
  return { kind: 'answer', answer: peeked, peek, control, attempt: { ...described, ...known } };
}

/** Null when the destination was refused: then nothing was sent, and this account cannot serve anything. */
function dialInto(peek: Peek, input: AttemptInput, deps: AttemptDeps): DialControl | null {
  const { call } = input;
  try {
    const control = deps.dial(
      {
        account: input.lease.account,
        method: call.method,
        path: call.path + call.query,
        headers: input.headers,
        body: input.body,
        times: timesFor(call, deps.config()),
      },
      peek,
    );
    peek.control = control;
    return control;
  } catch (thrown) {
    // Anything else (the vault was locked meanwhile, …) is no failure of this account.
    if (asCamError(thrown).code !== 'base_url_refused') throw thrown;
    peek.fail({ code: 'CAM_BASE_URL_REFUSED', sent: false, answered: false });
    return null;
  }
}

function describe(
  { number, candidate, stripped, waitedMs, receivedMonotonicMs }: AttemptInput,
  startedMs: number,
  headAtMs: number | null,
  endedMs: number,
): Attempt {
  const since = (atMs: number): number => Math.round(atMs - receivedMonotonicMs);
  return {
    number,
    accountId: candidate.accountId,
    accountName: candidate.name,
    waitedMs: Math.round(waitedMs),
    startedMs: since(startedMs),
    firstByteMs: headAtMs === null ? null : since(headAtMs),
    endedMs: since(endedMs),
    status: null,
    upstreamRequestId: null,
    failure: null,
    reasoningStripped: stripped,
  };
}

function failed(
  { evidence, answer }: PeekedFailure,
  described: Attempt,
  nowMs: number,
): Extract<AttemptResult, { kind: 'failure' }> {
  const failure = classify({ ...evidence, nowMs });
  return {
    kind: 'failure',
    failure,
    answer,
    headers: evidence.headers,
    attempt: {
      ...described,
      status: evidence.status,
      upstreamRequestId: evidence.headers['x-request-id'] ?? null,
      failure: explained(failure),
    },
  };
}

/** An attempt whose answer was being shown when it broke off. */
export function brokenOff(shown: Attempt, failure: Failure, endedMs: number): Attempt {
  return { ...shown, endedMs, failure: explained(failure) };
}

function explained(failure: Failure): NonNullable<Attempt['failure']> {
  const { class: failureClass, phase, code, summary, toldWaitMs, toldWaitRaw } = failure;
  return { class: failureClass, phase, code, summary, toldWaitMs, toldWaitRaw };
}

function timesFor(call: Call, { upstream }: Config): DialTimes {
  const flex = call.facts?.serviceTier === 'flex';
  return {
    firstByteMs: flex ? upstream.first_byte_flex_ms : upstream.first_byte_ms,
    idleMs: upstream.idle_ms,
    totalMs: upstream.total_ms,
  };
}
