/**
 * One simulated call from its arrival to its end. Mirrors `handle.ts`, `forward.ts`, `feedback.ts` and `carry.ts` of
 * `server/gateway/`, with simulated time in place of waiting; each decision is the real rule's: the plan,
 * `chooseNext`, the classifier and the reducers of health. Left out: what the machine in between does (its own
 * network, sleep, memory), clients that leave or ask again, and the ramps of calls that move together.
 */
import type { AccountId } from '../../base/id.ts';
import { classify } from '../../resilience/classify.ts';
import type { Failure } from '../../resilience/failure.ts';
import {
  afterAbandoned,
  afterDial,
  afterFailure,
  afterSuccess,
  type Health,
} from '../../resilience/health.ts';
import { chooseNext } from '../may-move.ts';
import type { Candidate, RoutePlan } from '../plan.ts';
import { mayRepeat, onCall, onRepeat } from '../retry-budget.ts';
import { mixHash } from '../strategies/strategy.ts';
import { homeWaitMs, soonestMs } from '../worth-waiting.ts';
import type { Hold, Member } from './member.ts';
import type { SimulatedCall } from './planner.ts';
import type { Refusal } from './refusals.ts';
import { type Held, reserve } from './reserve.ts';
import { memberOf, type Stage, whyNobody } from './stage.ts';
import type { WorldAnswer } from './world.ts';

/** `GET /models` takes about this long. */
const CONFIRM_MS = 200;
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
    let candidate = first;
    while (candidate !== null) {
      this.#tried.add(candidate.accountId);
      const member = this.#admit(candidate, again && candidate === first);
      if (member !== null) {
        this.#dial(candidate, member);
        return;
      }
      candidate = this.#plan?.candidates.find(({ accountId }) => !this.#tried.has(accountId)) ?? null;
    }
    const plan = this.#stage.planner.plan(this.#call, this.#stage.nowMs());
    this.#fail(
      plan.candidates.length === 0 ? whyNobody(plan, this.#call, this.#stage) : 'all_accounts_unusable',
    );
  }

  /** Null when this account cannot take the call any more. */
  #admit({ accountId }: Candidate, again: boolean): Member | null {
    const { config } = this.#stage;
    const nowMs = this.#stage.nowMs();
    const member = memberOf(this.#stage, accountId);
    const { in_flight_per_account: inFlightMax } = config.routing;
    if (member.credentialRefused !== null || member.inFlight >= inFlightMax) return null;
    const dialled = afterDial(member.health, this.#call.model, nowMs, config, again);
    if (dialled === null) return null;
    if (this.#held !== null && this.#held.member !== member) {
      if (member.hold(this.#held.hold, nowMs) !== null) return null;
      this.#held.member.settle(this.#held.hold, null, nowMs);
      this.#held = { member, hold: this.#held.hold };
    }
    this.#dialled = dialled;
    return member;
  }

  /** The attempt is over, and what it taught has been told. */
  #release(member: Member): void {
    member.release();
    if (this.#dialled !== null)
      member.setHealth(afterAbandoned(member.health, this.#dialled, this.#call.model));
  }

  #dial(candidate: Candidate, member: Member): void {
    const { world, tally, watch } = this.#stage;
    const nowMs = this.#stage.nowMs();
    const { trace } = this.#call;
    this.#attempts++;
    this.#first ??= candidate.accountId;
    const upstream = member.upstream(nowMs);
    watch?.({ call: this.#call, upstream, candidate, attempt: this.#attempts, nowMs });
    if (this.#dialled !== null) member.setHealth(this.#dialled);
    member.lease(nowMs);
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
    member.learn(evidence.headers, nowMs);
    member.setHealth(afterFailure(member.health, failure, model, endpoint.family, nowMs, stage.config));
    this.#release(member);
    if (failure.class === 'credential') this.#confirm(candidate.accountId, member, failure);
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

  /** One question to the provider, however many calls were refused at once. */
  #confirm(account: AccountId, member: Member, failure: Failure): void {
    const { confirming, world } = this.#stage;
    if (failure.permanent) member.refuse(failure.summary);
    if (failure.permanent || confirming.has(account)) return;
    confirming.add(account);
    this.#stage.after(CONFIRM_MS, () => {
      confirming.delete(account);
      if (world.refusesKey(account, this.#stage.nowMs())) member.refuse(failure.summary);
    });
  }

  /** The commit point. */
  #began(candidate: Candidate, member: Member, answer: Extract<WorldAnswer, { kind: 'answer' }>): void {
    const { planner, world } = this.#stage;
    const nowMs = this.#stage.nowMs();
    member.learn(answer.headers, nowMs);
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
    const { amounts, cost } = charges.used(this.#call, answer.cachedTokens, nowMs);
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
