/**
 * The sixth step of a call that an account answered: what the answer teaches is noted, then it is shown and metered,
 * and what its end says of the account is told to the pool.
 */
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Upstream } from '../../lib/routing/upstream.ts';
import { codingOf } from '../upstream/content.ts';
import type { PeekedAnswer } from '../upstream/peek.ts';
import { brokenOff } from './attempt.ts';
import type { CallDeps } from './call-deps.ts';
import { type Completion, nothingServed } from './completion.ts';
import { deliver } from './deliver.ts';
import { estimateKey, placesOf } from './estimate.ts';
import type { Delivery } from './forward.ts';
import { rememberHome, rememberSealer } from './homes.ts';
import { type CarryInput, type Journey, overheadUs } from './journey.ts';
import { logAttempt } from './log-attempt.ts';
import { claimObjects, learnFromAnswer } from './objects.ts';
import type { Outgoing } from './outgoing.ts';
import type { ParsedCall } from './parse.ts';
import type { Relayed } from './relay.ts';

export async function show(
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
  // What a key says that was replaced meanwhile is not said of the new one.
  if (deps.pool.holds(lease.account)) deps.pool.learn(id, answer.headers, lease);
  // It answers: nobody has to wait for the end of a long stream to know.
  if (lease.probe && deps.pool.holds(lease.account)) deps.pool.succeeded(id, call.model);
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
    // What came compressed was passed through unread.
    shown: codingOf(answer.headers) === null ? (relayed.shown ?? []) : null,
    firstTokenMs: answer.eventStream ? firstTokenMs : null,
    overheadUs: overheadUs(journey, input),
  };
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
  { lease: { account } }: Delivery,
  { attempts }: Journey,
  { parsed, request }: CarryInput,
  deps: CallDeps,
): void {
  const { call } = parsed;
  if (ending.kind !== 'broken') {
    if (deps.pool.holds(account)) deps.pool.succeeded(account.id, call.model, ending.kind === 'complete');
    return;
  }
  if (ending.error === 'shutting_down') return;
  const shown = attempts.pop();
  if (!shown) return;
  const endedMs = Math.round(deps.clock.monotonicMs() - request.receivedMonotonicMs);
  const tookMs = endedMs - shown.startedMs;
  const said = deps.censor.said(account, reading.errorBody);
  const failure = deps.feedback.broke(call, account, ending.code, said, tookMs);
  const broken = brokenOff(shown, failure, endedMs);
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
