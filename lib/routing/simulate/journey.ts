/**
 * One simulated call from its arrival to its end. Mirrors `handle.ts`, `forward.ts`, `feedback.ts` and `carry.ts` of
 * `server/gateway/`, with simulated time in place of waiting; each decision is the real rule's: the plan,
 * `chooseNext`, the classifier and the reducers of health. Left out: what the machine in between does (its own
 * network, sleep, memory), and clients that leave or ask again. Who waits at a ramp looks again at its steps.
 */
import type { AccountId } from '../../base/id.ts';
import { classify } from '../../resilience/classify.ts';
import type { Failure } from '../../resilience/failure.ts';
import { afterAbandoned, afterFailure, afterSuccess, type Health } from '../../resilience/health.ts';
import { giveBack, type RampTicket } from '../../resilience/ramps.ts';
import { chooseNext } from '../may-move.ts';
import type { Sent } from '../model-room.ts';
import type { Candidate, RoutePlan } from '../plan.ts';
import { mayRepeat, onCall, onRepeat } from '../retry-budget.ts';
import { mixHash } from '../strategies/strategy.ts';
import { homeWaitMs, soonestMs } from '../worth-waiting.ts';
import { admit, NO_TICKETS } from './admit.ts';
import { confirmKey } from './confirm-key.ts';
import type { Hold, Member } from './member.ts';
import type { SimulatedCall } from './planner.ts';
import type { Refusal } from './refusals.ts';
import { type Held, reserve } from './reserve.ts';
import { type Stage, whyNobody } from './stage.ts';
import type { WorldAnswer } from './world.ts';

const NOBODY: ReadonlySet<AccountId> = new Set();
const ABOUT_ACCOUNT: readonly Failure['class'][] = ['rate_limit', 'quota', 'credential'];

export class Journey {
  readonly #stage: Stage;
  readonly #call: SimulatedCall;
  readonly #tried = new Set<AccountId>();
  readonly #receivedMs: number;
  #waitLeftMs: number;
  #attempts = 0;
  #first: AccountId | null = null;
  #plan: RoutePlan | null = null;
  #held: Held | null = null;
  /** Of the dial under way, among all that were sent to that account and model. */
  #place: Sent | null = null;
  /** Where the last attempt was made. */
  #last: AccountId | null = null;
  #tickets: readonly RampTicket[] = NO_TICKETS;
  /** The health that the dial under way makes, or made. */
  #dialled: Health | null = null;

  constructor(call: SimulatedCall, stage: Stage) {
    this.#stage = stage;
    this.#call = call;
    this.#receivedMs = stage.nowMs();
    this.#waitLeftMs = stage.config.routing.wait_max_ms;
  }

  begin(): void {
    const { planner, tally } = this.#stage;
    const nowMs = this.#stage.nowMs();
    const plan = planner.plan(this.#call, nowMs);
    const waitMs = this.#waitMs(plan, nowMs - this.#receivedMs);
    if (waitMs !== null) {
      tally.waited(waitMs);
      this.#stage.after(waitMs, () => this.begin());
      return;
    }
    if (plan.candidates.length === 0) {
      this.#fail(whyNobody(plan, this.#call, this.#stage));
      return;
    }
    const reserved = reserve(this.#call, plan, this.#stage);
    this.#held = reserved.held;
    this.#plan = reserved.plan;
    if (reserved.held === null) {
      this.#fail(whyNobody(reserved.plan, this.#call, this.#stage));
      return;
    }
    this.#stage.budget = onCall(this.#stage.budget, nowMs);
    this.#go(reserved.plan.candidates[0] ?? null);
  }

  /** How long to wait before planning anew; null when this plan is the one to go by. */
  #waitMs(plan: RoutePlan, waitedMs: number): number | null {
    const { affinity_wait_ms: homeMs, queue_ms: queueMs } = this.#stage.config.routing;
    const forHomeMs = homeWaitMs(plan, waitedMs, homeMs);
    if (forHomeMs !== null || plan.candidates.length > 0) return forHomeMs;
    return soonestMs(plan, NOBODY, queueMs - waitedMs);
  }

  /** @param again the same call once more, after the wait that it was told */
  #go(first: Candidate | null, again = false): void {
    const passed = new Set<AccountId>();
    let rampMs: number | null = null;
    let candidate = first;
    while (candidate !== null) {
      const { accountId } = candidate;
      const found = admit(
        {
          call: this.#call,
          plan: this.#plan,
          accountId,
          again: again && candidate === first,
          left: this.#last,
          held: this.#held,
          mayWait: this.#waitLeftMs > 0,
        },
        this.#stage,
      );
      if (typeof found === 'object' && found !== null) {
        this.#tried.add(accountId);
        this.#held = found.held;
        this.#dialled = found.dialled;
        this.#tickets = found.tickets;
        this.#dial(candidate, found.member);
        return;
      }
      if (found === null) this.#tried.add(accountId);
      else rampMs = Math.min(rampMs ?? found, found);
      passed.add(accountId);
      const others = this.#plan?.candidates ?? [];
      candidate = others.find((one) => !this.#tried.has(one.accountId) && !passed.has(one.accountId)) ?? null;
    }
    if (rampMs !== null) this.#waitAtRamp(rampMs);
    else this.#failForNobody();
  }

  /** Then it goes by a plan made anew, as whoever leaves the waiting room does. */
  #waitAtRamp(untilMs: number): void {
    const stage = this.#stage;
    const forMs = Math.max(1, Math.min(Math.ceil(untilMs - stage.nowMs()), this.#waitLeftMs));
    this.#waitLeftMs -= forMs;
    stage.tally.waited(forMs);
    stage.after(forMs, () => {
      this.#plan = stage.planner.plan(this.#call, stage.nowMs());
      this.#go(this.#plan.candidates.find(({ accountId }) => !this.#tried.has(accountId)) ?? null);
    });
  }

  #failForNobody(): void {
    const plan = this.#stage.planner.plan(this.#call, this.#stage.nowMs());
    this.#fail(
      plan.candidates.length === 0 ? whyNobody(plan, this.#call, this.#stage) : 'all_accounts_unusable',
    );
  }

  /** The attempt is over, and what it taught has been told. */
  #release(member: Member): void {
    member.release();
    giveBack(this.#tickets);
    this.#tickets = NO_TICKETS;
    if (this.#dialled !== null)
      member.setHealth(afterAbandoned(member.health, this.#dialled, this.#call.model));
  }

  #dial(candidate: Candidate, member: Member): void {
    const { world, tally, watch } = this.#stage;
    const nowMs = this.#stage.nowMs();
    const { trace } = this.#call;
    this.#attempts++;
    this.#last = candidate.accountId;
    this.#first ??= candidate.accountId;
    const upstream = member.upstream(nowMs);
    watch?.({ call: this.#call, upstream, candidate, attempt: this.#attempts, nowMs });
    if (this.#dialled !== null) member.setHealth(this.#dialled);
    member.lease(nowMs);
    const { model } = this.#call;
    this.#place = model === null ? null : member.sent(model, this.#held?.hold.amounts.tokens ?? 0);
    tally.dialled(candidate.accountId);
    const answer = world.dial({
      call: trace,
      account: candidate.accountId,
      stripped: candidate.stripReasoning,
      nowMs,
      luck: this.#luck('luck'),
    });
    if (answer.kind === 'refused') {
      const { refusal } = answer;
      this.#stage.after(refusal.afterMs, () => this.#refused(candidate, member, refusal));
    } else this.#stage.after(answer.firstByteMs, () => this.#began(candidate, member, answer));
  }

  #refused(candidate: Candidate, member: Member, { evidence }: Refusal): void {
    const stage = this.#stage;
    const nowMs = stage.nowMs();
    const { model, endpoint, facts } = this.#call;
    const failure = classify({ ...evidence, nowMs });
    stage.tally.refused(candidate.accountId, evidence.status);
    member.learn(evidence.headers, { model, place: this.#place }, nowMs);
    if (failure.class === 'too_large_for_limit') member.tooLarge(this.#call, nowMs);
    member.setHealth(afterFailure(member.health, failure, model, endpoint.family, nowMs, stage.config));
    this.#release(member);
    if (failure.class === 'credential') confirmKey(candidate.accountId, member, failure, stage);
    if (this.#plan === null) return;
    const { attempts_max: attemptsMax, reasoning_failover: reasoningFailover } = stage.config.routing;
    const step = chooseNext({
      failure,
      endpoint,
      model,
      facts,
      replayable: true,
      attempts: this.#attempts,
      attemptsMax,
      plan: this.#plan,
      upstreams: [...stage.members.values()].map((one) => one.upstream(nowMs)),
      last: candidate,
      tried: this.#tried,
      reasoningFailover,
      waitLeftMs: this.#waitLeftMs,
      mayRepeat: mayRepeat(stage.budget, nowMs),
      random: this.#luck('jitter'),
    });
    if (step.kind === 'stop') this.#fail(this.#whyStopped(failure));
    else if (step.kind === 'next') this.#go(step.candidate);
    else this.#again(step.candidate, step.delayMs);
  }

  #again(candidate: Candidate, delayMs: number): void {
    const stage = this.#stage;
    stage.budget = onRepeat(stage.budget, stage.nowMs());
    this.#waitLeftMs -= delayMs;
    stage.tally.waited(delayMs);
    stage.after(delayMs, () => this.#go(candidate, true));
  }

  /** The commit point. */
  #began(candidate: Candidate, member: Member, answer: Extract<WorldAnswer, { kind: 'answer' }>): void {
    const { planner, world } = this.#stage;
    const nowMs = this.#stage.nowMs();
    member.learn(answer.headers, { model: this.#call.model, place: this.#place }, nowMs);
    planner.served(this.#call, member.upstream(nowMs), candidate.stripReasoning, nowMs);
    world.answered(candidate.accountId, this.#call.trace, nowMs);
    this.#stage.after(answer.endMs - answer.firstByteMs, () => this.#ended(candidate, member, answer));
  }

  #ended(candidate: Candidate, member: Member, answer: Extract<WorldAnswer, { kind: 'answer' }>): void {
    const { charges, tally, config } = this.#stage;
    const nowMs = this.#stage.nowMs();
    const { model, endpoint, trace } = this.#call;
    if (answer.cut) {
      const failure = classify({ ...BROKEN, nowMs });
      member.setHealth(afterFailure(member.health, failure, model, endpoint.family, nowMs, config));
      this.#release(member);
      // The gateway counts the tokens of what was shown; there is no text here, so what was held counts.
      this.#settle(this.#held?.hold.amounts ?? null, nowMs);
      tally.failed('interrupted');
      return;
    }
    member.setHealth(afterSuccess(member.health, model, nowMs));
    this.#release(member);
    const { amounts, cost } = charges.used(
      this.#call,
      answer.cachedTokens,
      nowMs,
      member.account.priceMultiplier,
    );
    this.#settle(amounts, nowMs);
    tally.served({
      account: candidate.accountId,
      moved: candidate.accountId !== this.#first,
      session: trace.session,
      reasoningDropped: candidate.stripReasoning,
      inputTokens: trace.inputTokens,
      cachedTokens: answer.cachedTokens,
      outputTokens: trace.outputTokens,
      cost,
    });
  }

  #whyStopped(failure: Failure): string {
    if (!ABOUT_ACCOUNT.includes(failure.class)) return failure.class;
    const plan = this.#stage.planner.plan(this.#call, this.#stage.nowMs());
    if (plan.candidates.length === 0) return whyNobody(plan, this.#call, this.#stage);
    return failure.class === 'credential' ? 'upstream_credential' : 'all_accounts_unusable';
  }

  #fail(by: string): void {
    this.#settle(null, this.#stage.nowMs());
    this.#stage.tally.failed(by);
  }

  #settle(actual: Hold['amounts'] | null, nowMs: number): void {
    this.#held?.member.settle(this.#held.hold, actual, nowMs);
    this.#held = null;
  }

  /** The same for every strategy, as far as they make the same attempts. */
  #luck(of: string): number {
    return mixHash(`${of} ${this.#attempts}`, this.#call.seed) / 2 ** 32;
  }
}

const BROKEN = {
  phase: 'mid_stream',
  status: 200,
  headers: {},
  body: '',
  transportCode: 'UND_ERR_SOCKET',
} as const;
