/** What a simulation counts, and the figures that come of it. */
import type { AccountId } from '../../base/id.ts';
import { type NanoDollars, nanoDollars } from '../../base/money.ts';
import type { StrategyName } from '../plan.ts';

export interface AccountFigures {
  readonly name: string;
  readonly organization: string;
  /** Times it was dialled. */
  readonly dials: number;
  readonly served: number;
  readonly rateLimited: number;
  readonly tokens: number;
  readonly cost: NanoDollars;
}

export interface SimulationResult {
  readonly strategy: StrategyName;
  readonly calls: number;
  readonly served: number;
  readonly failed: number;
  /** By our error code, or by the class of the failure that the client was shown. */
  readonly failedBy: Readonly<Record<string, number>>;
  /** Answers with 429 that were met at providers, whatever became of the calls. */
  readonly rateLimited: number;
  readonly upstreamCalls: number;
  /** Null when nothing was dialled for. */
  readonly upstreamCallsPerCall: number | null;
  /** Calls served by another account than the first one dialled. */
  readonly movedCalls: number;
  /** Turns of a conversation that another account served than the turn before. */
  readonly sessionMoves: number;
  readonly reasoningDropped: number;
  readonly waitedMs: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** Cached tokens of all input tokens that were served; null when there were none. */
  readonly cachedShare: number | null;
  readonly outputTokens: number;
  /** Of served calls whose price is known; null when none is. */
  readonly cost: NanoDollars | null;
  readonly unknownCostCalls: number;
  /** Jain's index over the tokens that accounts served: 1 is evenly, 1 ÷ accounts is all at one. */
  readonly fairness: number | null;
  readonly accounts: readonly AccountFigures[];
}

/** A complete answer. */
export interface ServedCall {
  readonly account: AccountId;
  readonly moved: boolean;
  readonly session: string | null;
  readonly reasoningDropped: boolean;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly cost: NanoDollars | null;
}

type Draft = { -readonly [Key in keyof AccountFigures]: AccountFigures[Key] };

export class Tally {
  #served = 0;
  #moved = 0;
  #sessionMoves = 0;
  #dropped = 0;
  #waitedMs = 0;
  #input = 0;
  #cached = 0;
  #output = 0;
  #cost = 0;
  #unknownCost = 0;
  readonly #failedBy = new Map<string, number>();
  readonly #accounts = new Map<AccountId, Draft>();
  readonly #lastOf = new Map<string, AccountId>();

  constructor(
    accounts: readonly { readonly id: AccountId; readonly name: string; readonly organization: string }[],
  ) {
    for (const { id, name, organization } of accounts) {
      const nothing = { dials: 0, served: 0, rateLimited: 0, tokens: 0, cost: nanoDollars(0) };
      this.#accounts.set(id, { name, organization, ...nothing });
    }
  }

  dialled(account: AccountId): void {
    this.#of(account).dials++;
  }

  refused(account: AccountId, status: number | null): void {
    if (status === 429) this.#of(account).rateLimited++;
  }

  waited(ms: number): void {
    this.#waitedMs += ms;
  }

  failed(by: string): void {
    this.#failedBy.set(by, (this.#failedBy.get(by) ?? 0) + 1);
  }

  served(call: ServedCall): void {
    const account = this.#of(call.account);
    this.#served++;
    account.served++;
    account.tokens += call.inputTokens + call.outputTokens;
    this.#input += call.inputTokens;
    this.#cached += call.cachedTokens;
    this.#output += call.outputTokens;
    if (call.cost === null) this.#unknownCost++;
    else {
      this.#cost += call.cost;
      account.cost = nanoDollars(account.cost + call.cost);
    }
    if (call.moved) this.#moved++;
    if (call.reasoningDropped) this.#dropped++;
    if (call.session === null) return;
    const last = this.#lastOf.get(call.session);
    if (last !== undefined && last !== call.account) this.#sessionMoves++;
    this.#lastOf.set(call.session, call.account);
  }

  result(strategy: StrategyName): SimulationResult {
    const accounts = [...this.#accounts.values()].map((account) => ({ ...account }));
    const failed = sum([...this.#failedBy.values()]);
    const calls = this.#served + failed;
    const upstreamCalls = sum(accounts.map(({ dials }) => dials));
    return {
      strategy,
      calls,
      served: this.#served,
      failed,
      failedBy: Object.fromEntries(this.#failedBy),
      rateLimited: sum(accounts.map(({ rateLimited }) => rateLimited)),
      upstreamCalls,
      upstreamCallsPerCall: calls === 0 ? null : upstreamCalls / calls,
      movedCalls: this.#moved,
      sessionMoves: this.#sessionMoves,
      reasoningDropped: this.#dropped,
      waitedMs: this.#waitedMs,
      inputTokens: this.#input,
      cachedTokens: this.#cached,
      cachedShare: this.#input === 0 ? null : this.#cached / this.#input,
      outputTokens: this.#output,
      cost: this.#unknownCost === this.#served ? null : nanoDollars(this.#cost),
      unknownCostCalls: this.#unknownCost,
      fairness: fairness(accounts.map(({ tokens }) => tokens)),
      accounts,
    };
  }

  #of(account: AccountId): Draft {
    const found = this.#accounts.get(account);
    if (found === undefined) throw new Error(`account ${account} is not in this simulation`);
    return found;
  }
}

/** Jain's fairness index. */
export function fairness(shares: readonly number[]): number | null {
  const total = sum(shares);
  if (total === 0) return null;
  return (total * total) / (shares.length * sum(shares.map((share) => share * share)));
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
