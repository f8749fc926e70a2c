/**
 * Sixth step: shows the answer and meters it as it passes. From here on there is one account and no way back; it
 * ends complete, broken and told so, or with the client gone.
 */
import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import { codingOf, isJson } from '../upstream/content.ts';
import type { PeekedAnswer } from '../upstream/peek.ts';
import type { Ticker } from '../upstream/ticker.ts';
import type { Visit } from './doorkeeper.ts';
import { createEncodedEnd } from './encoded-end.ts';
import type { Delivery } from './forward.ts';
import type { Journey } from './journey.ts';
import { Relay, type Relayed, type RelayOptions } from './relay.ts';
import { addOwnHeaders, type ResponseHeaderRule } from './response-headers.ts';
import { TURN_STATE_HEADER, type TurnStates } from './turn-state.ts';
import type { ResponseSink } from './values.ts';

export interface DeliverInput {
  readonly call: Call;
  readonly delivery: Delivery;
  readonly journey: Journey;
  readonly sink: ResponseSink;
  readonly visit: Visit;
  readonly onProgress: (outputEvents: number) => void;
  readonly seeAccounts: boolean;
  readonly dropUsageChunk: boolean;
  readonly overheadUs: number;
}

export interface DeliverDeps {
  readonly clock: Clock;
  readonly ticker: Ticker;
  readonly headerRule: ResponseHeaderRule;
  readonly turnStates: TurnStates;
}

/** Null where only the transport can tell: streams tell by their events, and files may hold anything. */
function bodyEndOf(
  { endpoint }: Call,
  { complete, eventStream, headers }: PeekedAnswer,
): RelayOptions['bodyEnd'] {
  if (complete || eventStream || endpoint.treatment !== 'inference') return null;
  const coding = codingOf(headers);
  if (coding !== null) return createEncodedEnd(coding);
  return isJson(headers) ? 'brackets' : null;
}

export async function deliver(input: DeliverInput, deps: DeliverDeps): Promise<Relayed> {
  const { call, delivery, sink, visit } = input;
  const { answer, candidate, control, peek } = delivery;
  const turnState = answer.headers[TURN_STATE_HEADER];
  if (turnState !== undefined) deps.turnStates.remember(turnState, candidate.accountId);
  const headers = addOwnHeaders(deps.headerRule(answer.headers, input.seeAccounts), {
    requestId: call.requestId,
    accountId: candidate.accountId,
    accountName: candidate.name,
    attempts: input.journey.attempts.length,
    overheadUs: input.overheadUs,
    seeAccounts: input.seeAccounts,
    reasoningDropped: input.journey.reasoningDropped,
  });
  const relay = new Relay({
    family: call.endpoint.family,
    answer,
    headers,
    sink,
    choices: call.facts?.choices ?? 1,
    bodyEnd: bodyEndOf(call, answer),
    control,
    ticker: deps.ticker,
    dropUsageChunk: input.dropUsageChunk,
    wallClockMs: () => deps.clock.nowMs(),
    onProgress: input.onProgress,
  });
  relay.start();
  if (!answer.complete) {
    visit.relaying(relay);
    // It may have been ended while the owner of what it makes was written down.
    const ended = visit.endedBy();
    if (ended) relay.interrupt(ended.code);
    peek.handOver(relay, answer.held.length);
    visit.whenOver(() => relay.clientGone());
  }
  const relayed = await relay.done;
  visit.whenOver(null);
  visit.relaying(null);
  return relayed;
}
