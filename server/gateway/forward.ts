/**
 * Fifth step, and the only loop: tries candidates until one answers, the rules say stop, or the client leaves.
 * Every failure is told to the pool before the next choice, so each choice is made on what is known by then.
 * Nothing has been shown to the client when this returns.
 */
import type { AccountId } from '../../lib/base/id.ts';
import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Config } from '../../lib/config.ts';
import { CamError } from '../../lib/errors.ts';
import type { Failure } from '../../lib/resilience/failure.ts';
import type { Attempt } from '../../lib/routing/attempt.ts';
import { chooseNext, type NextStep } from '../../lib/routing/may-move.ts';
import type { Candidate, RoutePlan } from '../../lib/routing/plan.ts';
import type { LimitBook, Reservation } from '../db/ledger.ts';
import type { DialControl, ResponseHeaders } from '../upstream/dial.ts';
import type { InFlight } from '../upstream/in-flight.ts';
import type { Peek, PeekedAnswer, PeekedFailure } from '../upstream/peek.ts';
import type { Lease, Pool } from '../upstream/pool.ts';
import { type AttemptDeps, type AttemptResult, attempt } from './attempt.ts';
import type { Visit } from './doorkeeper.ts';
import type { Feedback } from './feedback.ts';
import type { Outgoing } from './outgoing.ts';
import type { Patience } from './patience.ts';

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

/** Grows as the call travels; read when it has ended, however it ended. */
export interface Journey {
  attempts: Attempt[];
  reservation: Reservation;
  /** When the first dial was made; null while none was. */
  firstDialMs: number | null;
  lastCandidate: Candidate | null;
  reasoningDropped: boolean;
}

export interface ForwardInput {
  readonly call: Call;
  readonly plan: RoutePlan;
  readonly outgoing: Outgoing;
  readonly journey: Journey;
  readonly visit: Visit;
  readonly receivedMonotonicMs: number;
}

export interface ForwardDeps extends AttemptDeps {
  readonly pool: Pool;
  readonly limitBook: LimitBook;
  readonly clock: Clock;
  readonly config: () => Config;
  readonly patience: Patience;
  readonly feedback: Feedback;
  readonly inFlight: Pick<InFlight, 'update'>;
}

export async function forward(input: ForwardInput, deps: ForwardDeps): Promise<Forwarded> {
  const { call, plan, journey, visit } = input;
  const tried = new Set<AccountId>();
  let candidate: Candidate | null = plan.candidates[0] ?? null;
  let waitLeftMs = deps.config().routing.wait_max_ms;
  while (candidate) {
    const lease = admit(candidate, input, deps);
    tried.add(candidate.accountId);
    if (!lease) {
      candidate = plan.candidates.find((one) => !tried.has(one.accountId)) ?? null;
      continue;
    }
    const result = await tryOnce(candidate, lease, input, deps).catch((thrown: unknown) => {
      lease.release();
      throw thrown;
    });
    if (result.kind === 'answer') {
      journey.reasoningDropped = candidate.stripReasoning;
      return { kind: 'delivery', delivery: { ...result, lease, candidate } };
    }
    lease.release();
    if (result.kind === 'abandoned') {
      deps.pool.probeAbandoned(candidate.accountId, call.model);
      return { kind: 'abandoned' };
    }
    const confirmation = deps.feedback.failed(call, candidate, lease, result);

    if (isUnsent(result.failure) && deps.pool.network() === 'unreachable') {
      const startedMs = deps.clock.monotonicMs();
      const back = await deps.pool.networkBack(waitLeftMs, visit.signal);
      waitLeftMs -= deps.clock.monotonicMs() - startedMs;
      if (visit.over) return { kind: 'abandoned' };
      if (!back) return { kind: 'unreachable' };
      // Nothing was sent and nobody is to blame: the plan starts again from its first choice.
      tried.clear();
      candidate = plan.candidates[0] ?? null;
      continue;
    }
    const step = next(result, candidate, tried, waitLeftMs, input, deps);
    if (step.kind === 'stop') {
      // With nowhere else to go there is time to find out whether the key is really refused.
      await confirmation;
      return { ...result, kind: 'failure', candidate, why: step.why };
    }
    if (step.kind === 'again' && step.delayMs > 0) {
      waitLeftMs -= step.delayMs;
      if (!(await deps.patience.sleep(step.delayMs, visit.signal))) return { kind: 'abandoned' };
    }
    candidate = step.candidate;
  }
  return { kind: 'nobody' };
}

/** A lease with the reservation moved along; null when this account cannot take the call any more. */
function admit(candidate: Candidate, { call, journey }: ForwardInput, deps: ForwardDeps): Lease | null {
  const lease = deps.pool.lease(candidate.accountId, call.model);
  if (!lease) return null;
  if (journey.reservation.accountId === candidate.accountId) return lease;
  const moved = deps.limitBook.move(journey.reservation, lease.account);
  if ('holderId' in moved) {
    lease.release();
    return null;
  }
  journey.reservation = moved;
  return lease;
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
      body: outgoing.body(candidate.stripReasoning),
      stripped: candidate.stripReasoning,
      visit: input.visit,
      receivedMonotonicMs: input.receivedMonotonicMs,
    },
    deps,
  );
  journey.attempts.push(result.attempt);
  return result;
}

function next(
  result: Extract<AttemptResult, { kind: 'failure' }>,
  last: Candidate,
  tried: ReadonlySet<AccountId>,
  waitLeftMs: number,
  input: ForwardInput,
  deps: ForwardDeps,
): NextStep {
  const { routing } = deps.config();
  const step = chooseNext({
    failure: result.failure,
    endpoint: input.call.endpoint,
    facts: input.call.facts,
    replayable: input.outgoing.replayable,
    attempts: input.journey.attempts.length,
    attemptsMax: routing.attempts_max,
    plan: input.plan,
    upstreams: deps.pool.snapshot(),
    last,
    tried,
    reasoningFailover: routing.reasoning_failover,
    waitLeftMs,
    mayRepeat: deps.patience.mayRepeat(),
    random: deps.patience.random(),
  });
  if (step.kind === 'again') deps.patience.repeated();
  return step;
}

function isUnsent(failure: Failure): boolean {
  return failure.class === 'connect' && failure.phase === 'connect';
}

/** Our own network: the client waits two seconds and asks again. */
export function networkUnreachable(): CamError {
  return new CamError(
    'network_unreachable',
    "No provider can be reached: this machine's network seems to be down. Nothing was sent.",
    { retryAfterMs: 2_000 },
  );
}
