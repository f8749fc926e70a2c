/**
 * The second half of a Call, from the open ledger row to the settled one: forward → meter → record. Never throws:
 * whatever happens inside becomes an outcome, because the row that was opened has to be settled.
 */
import type { Caller } from '../../lib/clients/client-key.ts';
import { asCamError, type CamError } from '../../lib/errors.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { Upstream } from '../../lib/routing/upstream.ts';
import type { Reservation } from '../db/ledger.ts';
import type { PeekedAnswer } from '../upstream/peek.ts';
import type { Lease } from '../upstream/pool.ts';
import { answerError } from './answer-error.ts';
import { brokenOff } from './attempt.ts';
import type { CallDeps } from './call-deps.ts';
import type { Completion } from './completion.ts';
import { deliver } from './deliver.ts';
import type { Visit } from './doorkeeper.ts';
import { estimateKey, placesOf } from './estimate.ts';
import { fillIn, lacksUsage } from './fill-in.ts';
import { type FinalAnswer, finalAnswer } from './final-answer.ts';
import { type Delivery, type Forwarded, forward, type Journey } from './forward.ts';
import { rememberHome, rememberSealer } from './homes.ts';
import { logAttempt } from './log-attempt.ts';
import { claimObjects, learnFromAnswer } from './objects.ts';
import { type Outgoing, prepareOutgoing } from './outgoing.ts';
import type { ParsedCall } from './parse.ts';
import { record } from './record.ts';
import type { Relayed } from './relay.ts';
import { addAttemptHeaders } from './response-headers.ts';
import { showUpstreams } from './show-upstreams.ts';
import type { GatewayRequest, ResponseSink } from './values.ts';

export interface CarryInput {
  readonly request: GatewayRequest;
  readonly sink: ResponseSink;
  readonly visit: Visit;
  readonly caller: Caller;
  readonly parsed: ParsedCall;
  readonly plan: RoutePlan;
  readonly reservation: Reservation;
  /** Taken while the call waited, for the plan's first candidate; null when it did not wait. */
  readonly lease: Lease | null;
  /** When the whole request was here: from then on the time is ours. */
  readonly readyMs: number;
  readonly seed: number;
}

export async function carry(input: CarryInput, deps: CallDeps): Promise<void> {
  const { request, sink, visit, caller, parsed, plan } = input;
  const { call } = parsed;
  const journey: Journey = {
    attempts: [],
    reservation: input.reservation,
    firstDialMs: null,
    lastCandidate: null,
    reasoningRemoved: false,
    reasoningDropped: false,
    waitedMs: plan.waitedMs ?? 0,
  };
  deps.patience.called();
  beginInFlight(input, deps);
  let completion: Completion;
  let shown = false;
  try {
    const outgoing = prepareOutgoing(request, parsed, caller, deps);
    const forwarded = await forward(
      {
        call,
        caller,
        plan,
        seed: input.seed,
        lease: input.lease,
        outgoing,
        journey,
        visit,
        receivedMonotonicMs: request.receivedMonotonicMs,
      },
      deps,
    );
    shown = forwarded.kind === 'delivery';
    completion = await conclude(forwarded, outgoing, journey, input, deps);
  } catch (thrown) {
    const error = asCamError(thrown);
    deps.log.error({ err: error.cause ?? error, requestId: call.requestId }, 'a call failed inside');
    if (shown) await sink.break();
    else if (!request.signal.aborted) answerError(sink, error, call.requestId, call.userAgent);
    completion = nothingServed(journey, 'failed', null, error.code);
  }
  const moment = {
    nowMs: deps.clock.nowMs(),
    durationMs: Math.max(0, Math.round(deps.clock.monotonicMs() - request.receivedMonotonicMs)),
  };
  if (lacksUsage(call, completion)) {
    completion = await fillIn(completion, { call, caller, body: parsed.body }, deps);
  }
  record({ call, caller, plan, completion, journey, moment }, deps);
}

async function conclude(
  forwarded: Forwarded,
  outgoing: Outgoing,
  journey: Journey,
  input: CarryInput,
  deps: CallDeps,
): Promise<Completion> {
  const { request, sink, visit, caller, parsed } = input;
  const { call } = parsed;
  if (forwarded.kind === 'delivery') return show(forwarded.delivery, outgoing, journey, input, deps);
  const ended = visit.endedBy();
  if (ended) return refuse(ended, journey, input);
  if (forwarded.kind === 'abandoned' || request.signal.aborted) {
    return nothingServed(journey, 'cancelled', null, null);
  }
  const final: FinalAnswer = finalAnswer(forwarded, {
    call,
    caller,
    attempts: journey.attempts,
    replan: () => deps.planner.plan(call, caller, deps.clock.nowMs(), input.seed),
    nowMs: deps.clock.nowMs(),
  });
  if (final.kind === 'ours') return refuse(final.error, journey, input);
  journey.reasoningDropped = journey.lastCandidate?.stripReasoning ?? false;
  const shown = showUpstreams(final.answer, journey, call, caller, sink, {
    headerRule: deps.headerRule,
    overheadUs: overheadUs(journey, input),
  });
  return {
    ...nothingServed(journey, 'delivered', final.answer.status, null),
    accountId: journey.lastCandidate?.accountId ?? null,
    reading: shown,
  };
}

async function show(
  delivery: Delivery,
  outgoing: Outgoing,
  journey: Journey,
  input: CarryInput,
  deps: CallDeps,
): Promise<Completion> {
  const { request, caller, parsed, visit } = input;
  const { call } = parsed;
  const { answer, candidate, lease } = delivery;
  const id = candidate.accountId;
  const firstTokenMs = Math.round(deps.clock.monotonicMs() - request.receivedMonotonicMs);
  deps.pool.learn(id, answer.headers);
  // It answers: nobody has to wait for the end of a long stream to know.
  if (lease.probe) deps.pool.succeeded(id, call.model);
  const served = deps.pool.upstream(id);
  const claim = served && settleIn(served, answer, journey, input, deps);
  if (claim) await claim;
  deps.inFlight.update(call.requestId, { firstTokenMs });
  const relayed = await deliver(
    {
      call,
      delivery,
      journey,
      sink: input.sink,
      visit,
      onProgress: (outputEvents) => deps.inFlight.update(call.requestId, { outputEvents }),
      seeAccounts: caller.scopes.includes('see_accounts'),
      dropUsageChunk: outgoing.asksForUsage,
      overheadUs: overheadUs(journey, input),
    },
    deps,
  ).finally(() => lease.release());
  if (served) {
    learnFromAnswer(call, caller, served, relayed.reading, deps.owners);
    if (relayed.reading.seals.length > 0) rememberSealer(call, served, deps.homes);
  }
  tellPool(relayed, delivery, journey, input, deps);
  learnSize(relayed, caller, parsed, deps);
  return {
    ...nothingServed(journey, outcomeOf(relayed), answer.status, errorOf(relayed)),
    accountId: id,
    priceMultiplier: lease.account.priceMultiplier,
    reading: relayed.reading,
    streamed: answer.eventStream,
    shown: isEncoded(answer.headers) ? null : (relayed.shown ?? []),
    firstTokenMs: answer.eventStream ? firstTokenMs : null,
    overheadUs: overheadUs(journey, input),
  };
}

/** Compressed although it was asked not to be: passed through unread. */
function isEncoded(headers: Delivery['answer']['headers']): boolean {
  const encoding = headers['content-encoding'];
  return encoding !== undefined && encoding !== 'identity';
}

/** Where the conversation and what the answer made live, known before the answer is shown. */
function settleIn(
  served: Upstream,
  answer: PeekedAnswer,
  journey: Journey,
  { caller, parsed: { call } }: CarryInput,
  { pool, homes, owners }: CallDeps,
): Promise<void> | null {
  journey.reasoningDropped = rememberHome(call, served, journey.reasoningRemoved, pool.upstream, homes);
  return claimObjects(call, caller, served, answer, owners);
}

function refuse(error: CamError, journey: Journey, input: CarryInput): Completion {
  const { sink, parsed, caller } = input;
  const tried = addAttemptHeaders([], {
    accountId: journey.lastCandidate?.accountId ?? null,
    accountName: journey.lastCandidate?.name ?? null,
    attempts: journey.attempts.length,
    overheadUs: journey.firstDialMs === null ? null : overheadUs(journey, input),
    seeAccounts: caller.scopes.includes('see_accounts'),
    reasoningDropped: false,
  });
  const status = answerError(sink, error, parsed.call.requestId, parsed.call.userAgent, tried);
  return nothingServed(journey, 'failed', status, error.code);
}

function nothingServed(
  journey: Journey,
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

function outcomeOf({ ending }: Relayed): Completion['outcome'] {
  if (ending.kind === 'complete') return 'delivered';
  return ending.kind === 'gone' ? 'cancelled' : 'interrupted';
}

function errorOf({ ending }: Relayed): string | null {
  return ending.kind === 'broken' ? ending.error : null;
}

/** An answer that ended well, or that the client did not wait for, proves the account; a broken one counts. */
function tellPool(
  { ending, reading }: Relayed,
  { candidate }: Delivery,
  { attempts }: Journey,
  { parsed, request }: CarryInput,
  deps: CallDeps,
): void {
  const { call } = parsed;
  if (ending.kind !== 'broken') {
    deps.pool.succeeded(candidate.accountId, call.model);
    return;
  }
  if (ending.error === 'shutting_down') return;
  const failure = deps.feedback.broke(call, candidate.accountId, ending.code, reading.errorBody);
  const shown = attempts.pop();
  if (!shown) return;
  const broken = brokenOff(
    shown,
    failure,
    Math.round(deps.clock.monotonicMs() - request.receivedMonotonicMs),
  );
  attempts.push(broken);
  logAttempt(deps.log, call, broken);
}

function learnSize({ reading }: Relayed, caller: Caller, { call }: ParsedCall, deps: CallDeps): void {
  if (!reading.usage) return;
  if (reading.usage.flagged) return;
  const seen = {
    bodyBytes: call.bodyBytes,
    inputTokens: reading.usage.inputTokens,
    outputTokens: reading.usage.outputTokens,
  };
  deps.estimates.learn(estimateKey(caller, call), seen, placesOf(call, caller, reading.responseId));
}

function overheadUs({ firstDialMs }: Journey, { readyMs }: CarryInput): number {
  return firstDialMs === null ? 0 : Math.max(0, Math.round((firstDialMs - readyMs) * 1_000));
}

function beginInFlight({ caller, parsed, reservation }: CarryInput, deps: CallDeps): void {
  const { call } = parsed;
  deps.inFlight.begin({
    id: call.requestId,
    startedAtMs: call.receivedAtMs,
    endpoint: call.endpoint.name,
    model: call.model,
    stream: call.stream,
    clientKeyId: caller.clientKeyId,
    clientName: caller.name,
    firstAccountId: reservation.accountId,
    accountId: reservation.accountId,
    attempts: 0,
    firstTokenMs: null,
    outputEvents: 0,
  });
}
