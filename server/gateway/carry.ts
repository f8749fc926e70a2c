/**
 * The second half of a Call, from the open ledger row to the settled one: forward → meter → record. Never throws:
 * whatever happens inside becomes an outcome, because the row that was opened has to be settled.
 */
import { asCamError, type CamError } from '../../lib/errors.ts';
import { answerError } from './answer-error.ts';
import type { CallDeps } from './call-deps.ts';
import { startCapture } from './capture.ts';
import { type Completion, nothingServed } from './completion.ts';
import { fillIn, lacksUsage } from './fill-in.ts';
import { type FinalAnswer, finalAnswer } from './final-answer.ts';
import { type Forwarded, forward } from './forward.ts';
import { type CarryInput, type Journey, overheadUs, startJourney } from './journey.ts';
import { chargedFor } from './leftover.ts';
import { type Outgoing, prepareOutgoing } from './outgoing.ts';
import { record } from './record.ts';
import { addAttemptHeaders } from './response-headers.ts';
import { show } from './show.ts';
import { showUpstreams } from './show-upstreams.ts';

export async function carry(given: CarryInput, deps: CallDeps): Promise<void> {
  const capture = startCapture(given.sink, given.parsed.body, deps.config());
  const input = capture === null ? given : { ...given, sink: capture.sink };
  const { request, sink, visit, caller, parsed, plan } = input;
  const { call } = parsed;
  const journey = startJourney(input);
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
    // For its client the call is over: it takes up nobody's share while it is counted.
    visit.waiting = true;
    completion = await fillIn(completion, { call, caller, body: parsed.body }, deps);
  }
  record({ call, caller, plan, completion, journey, moment }, deps);
  if (capture !== null) deps.captures.keep(call.requestId, capture.bodies());
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
    return chargedFor(nothingServed(journey, 'cancelled', null, null), visit.left, call, deps.pool);
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
