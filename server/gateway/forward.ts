/**
 * Fifth step, and the only loop: tries candidates until one answers, the rules say stop, or the client leaves.
 * Every failure is told to the pool before the next choice, so each choice is made on what is known by then.
 * Nothing has been shown to the client when this returns.
 */
import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import type { Failure } from '../../lib/resilience/failure.ts';
import { chooseNext, type NextStep } from '../../lib/routing/may-move.ts';
import type { Candidate, RoutePlan } from '../../lib/routing/plan.ts';
import type { LimitBook } from '../db/ledger.ts';
import type { Log } from '../log.ts';
import type { DialControl, ResponseHeaders } from '../upstream/dial.ts';
import type { InFlight } from '../upstream/in-flight.ts';
import type { Peek, PeekedAnswer, PeekedFailure } from '../upstream/peek.ts';
import type { Lease, Pool } from '../upstream/pool.ts';
import { type AttemptDeps, type AttemptResult, attempt } from './attempt.ts';
import type { Visit } from './doorkeeper.ts';
import type { Feedback } from './feedback.ts';
import type { Journey } from './journey.ts';
import { logAttempt } from './log-attempt.ts';
import { isHeldUp, isOurNetwork, isUnsent, sitOut } from './outage.ts';
import type { Outgoing } from './outgoing.ts';
import type { Patience } from './patience.ts';
import { awaitLease, type Search, type SeekDeps, takeLease } from './seek-lease.ts';

/** The answer we committed to, not yet shown. */
export interface Delivery {
  readonly answer: PeekedAnswer;
  readonly peek: Peek;
  readonly control: DialControl;
  readonly lease: Lease;
  readonly candidate: Candidate;
}

export type Forwarded =
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  /** The last attempt's failure, with the provider's own answer if it gave one. */
  | {
      readonly kind: 'failure';
      readonly failure: Failure;
      readonly answer: PeekedFailure['answer'];
      readonly headers: ResponseHeaders;
      readonly candidate: Candidate;
      readonly why: Extract<NextStep, { kind: 'stop' }>['why'];
    }
  | { readonly kind: 'unreachable' }
  /** Every candidate was gone, full or over its limit by the time it was its turn. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'abandoned' };

export interface ForwardInput {
  readonly call: Call;
  readonly caller: Caller;
  readonly plan: RoutePlan;
  readonly seed: number;
  /** For the first candidate, when the call had to wait for it. */
  readonly lease: Lease | null;
  readonly outgoing: Outgoing;
  readonly journey: Journey;
  readonly visit: Visit;
  readonly receivedMonotonicMs: number;
}

export interface ForwardDeps extends AttemptDeps, SeekDeps {
  readonly pool: Pool;
  readonly limitBook: LimitBook;
  readonly clock: Clock;
  readonly config: () => Config;
  readonly patience: Patience;
  readonly feedback: Feedback;
  readonly log: Log;
  readonly inFlight: Pick<InFlight, 'update'>;
}

export async function forward(input: ForwardInput, deps: ForwardDeps): Promise<Forwarded> {
  const { plan, journey, visit } = input;
  const search: Search = {
    plan,
    wanted: plan.candidates[0] ?? null,
    again: false,
    tried: new Set(),
    waitLeftMs: deps.config().routing.wait_max_ms,
    held: input.lease,
    outages: 0,
    unsent: 0,
  };
  for (;;) {
    if (visit.over) return { kind: 'abandoned' };
    if (isHeldUp(search, deps)) {
      if (await sitOut(search, input, deps)) continue;
      return visit.over ? { kind: 'abandoned' } : { kind: 'unreachable' };
    }
    const lease = takeLease(search, input, deps) ?? (await awaitLease(search, input, deps));
    const candidate = search.wanted;
    if (!lease || !candidate) return visit.over ? { kind: 'abandoned' } : { kind: 'nobody' };
    search.tried.add(candidate.accountId);
    const result = await tryOnce(candidate, lease, input, deps).catch((thrown: unknown) => {
      lease.release();
      throw thrown;
    });
    if (result.kind === 'answer') {
      journey.reasoningRemoved = input.outgoing.removes(candidate);
      return { kind: 'delivery', delivery: { ...result, lease, candidate } };
    }
    if (result.kind === 'abandoned') {
      lease.release();
      return { kind: 'abandoned' };
    }
    const ended = await afterFailure(result, { candidate, lease }, search, input, deps);
    if (ended !== null) return ended;
  }
}

/** What comes of a failed attempt: null when the search goes on. */
async function afterFailure(
  result: Extract<AttemptResult, { kind: 'failure' }>,
  { candidate, lease }: { readonly candidate: Candidate; readonly lease: Lease },
  search: Search,
  input: ForwardInput,
  deps: ForwardDeps,
): Promise<Forwarded | null> {
  const { call, journey, visit } = input;
  // Told before the lease is given back, so that whoever takes its place knows.
  const confirmation = deps.feedback.failed(call, lease, result, input.receivedMonotonicMs);
  lease.release();
  // With another key it is as good as another account.
  if (!deps.pool.holds(lease.account)) search.tried.delete(candidate.accountId);

  if (isUnsent(result.failure) && (await isOurNetwork(candidate, visit, deps))) return null;
  const step = next(result, candidate, search, input, deps);
  if (step.kind === 'stop') {
    if (mayQueueAfter(result.failure, step, candidate, search, deps)) return null;
    // With nowhere else to go there is time to find out whether the key is really refused.
    await confirmation;
    return { ...result, kind: 'failure', candidate, why: step.why };
  }
  search.wanted = step.candidate;
  search.again = step.kind === 'again';
  if (step.kind === 'next' || step.delayMs === 0) return null;
  journey.waitedMs = step.delayMs;
  search.waitLeftMs -= step.delayMs;
  return (await deps.patience.sleep(step.delayMs, visit.signal)) ? null : { kind: 'abandoned' };
}

/** Told to come back later by the last account there was: with a queue it waits for that, as newcomers do. */
function mayQueueAfter(
  failure: Failure,
  step: Extract<NextStep, { kind: 'stop' }>,
  last: Candidate,
  search: Search,
  deps: ForwardDeps,
): boolean {
  if (deps.config().routing.queue_ms === 0 || step.why !== 'nobody_left') return false;
  if (failure.class !== 'rate_limit' || !deps.patience.mayRepeat()) return false;
  deps.patience.repeated();
  search.tried.delete(last.accountId);
  search.wanted = null;
  search.again = false;
  return true;
}

async function tryOnce(
  candidate: Candidate,
  lease: Lease,
  input: ForwardInput,
  deps: ForwardDeps,
): Promise<AttemptResult> {
  const { call, journey, outgoing } = input;
  const number = journey.attempts.length + 1;
  deps.inFlight.update(call.requestId, { accountId: candidate.accountId, attempts: number });
  journey.firstDialMs ??= deps.clock.monotonicMs();
  journey.lastCandidate = candidate;
  const result = await attempt(
    {
      number,
      candidate,
      lease,
      call,
      headers: outgoing.headersFor(candidate.accountId),
      body: outgoing.body(candidate),
      stripped: outgoing.removes(candidate),
      waitedMs: journey.waitedMs,
      visit: input.visit,
      receivedMonotonicMs: input.receivedMonotonicMs,
    },
    deps,
  );
  journey.attempts.push(result.attempt);
  journey.waitedMs = 0;
  logAttempt(deps.log, call, result.attempt);
  return result;
}

function next(
  result: Extract<AttemptResult, { kind: 'failure' }>,
  last: Candidate,
  { plan, tried, waitLeftMs, unsent }: Search,
  input: ForwardInput,
  deps: ForwardDeps,
): NextStep {
  const { routing } = deps.config();
  const step = chooseNext({
    failure: result.failure,
    endpoint: input.call.endpoint,
    model: input.call.model,
    facts: input.call.facts,
    replayable: input.outgoing.replayable,
    attempts: input.journey.attempts.length - unsent,
    attemptsMax: routing.attempts_max,
    plan,
    upstreams: deps.pool.snapshot(),
    last: input.outgoing.removesAll(last) ? { ...last, stripAll: true } : last,
    tried,
    reasoningFailover: routing.reasoning_failover,
    waitLeftMs,
    mayRepeat: deps.patience.mayRepeat(),
    random: deps.patience.random(),
  });
  if (step.kind === 'again' || (step.kind === 'next' && step.repeat)) deps.patience.repeated();
  return step;
}
