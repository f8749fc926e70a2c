/**
 * Fourth step: the most that the call can cost is held at the first candidate whose limits allow it and at the
 * client key, and the ledger row is committed. Both are done before anything is dialled, so neither a crash nor
 * five hundred calls at once can get past a limit unseen.
 */
import type { Account } from '../../lib/accounts/account.ts';
import type { AccountId } from '../../lib/base/id.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { OpenedRecord } from '../../lib/metering/ledger.ts';
import type { LeftOut, RoutePlan } from '../../lib/routing/plan.ts';
import type { LedgerWriter, LimitBook, LimitHit, Reservation } from '../db/ledger.ts';
import { clientLimit } from './client-limit.ts';
import type { Estimate } from './estimate.ts';

export interface Reserved {
  readonly reservation: Reservation;
  /** What the call is expected to use. */
  readonly sizeTokens: number;
  /** The plan without those candidates whose limits did not allow this call. */
  readonly plan: RoutePlan;
}

export interface ReserveDeps {
  readonly limitBook: LimitBook;
  readonly ledger: LedgerWriter;
  readonly accountOf: (id: AccountId) => Account | null;
  readonly estimate: (account: Account) => Estimate;
  readonly nowMs: () => number;
}

/** Null when no candidate's limits allow it: the second value tells why. */
export async function reserve(
  call: Call,
  caller: Caller,
  plan: RoutePlan,
  deps: ReserveDeps,
): Promise<Reserved | { readonly refused: RoutePlan }> {
  const leftOut: LeftOut[] = [...plan.leftOut];
  for (const [at, candidate] of plan.candidates.entries()) {
    const account = deps.accountOf(candidate.accountId);
    if (!account) continue;
    const { tokens, cost } = deps.estimate(account);
    const client = { id: caller.clientKeyId, limits: caller.limits };
    const held = deps.limitBook.reserve(call.requestId, account, client, {
      tokens,
      cost,
      model: call.model,
    });
    if ('holderId' in held) {
      if (held.holderId === caller.clientKeyId) throw clientLimit(held, deps.nowMs());
      leftOut.push(leftOutBy(held, account));
      continue;
    }
    await openRow(call, caller, held, { tokens, cost }, deps);
    return {
      reservation: held,
      sizeTokens: tokens,
      plan: at === 0 ? plan : { ...plan, candidates: plan.candidates.slice(at), leftOut },
    };
  }
  return { refused: { ...plan, candidates: [], decidedBy: 'none', leftOut } };
}

async function openRow(
  call: Call,
  caller: Caller,
  reservation: Reservation,
  held: Pick<Estimate, 'tokens' | 'cost'>,
  { ledger, limitBook }: ReserveDeps,
): Promise<void> {
  try {
    const { accountId, sinceMs } = reservation;
    const amounts = { firstAccountId: accountId, reservedTokens: held.tokens, reservedCost: held.cost };
    await ledger.open(openedRecord(call, caller, sinceMs, amounts));
  } catch (thrown) {
    // No row, no call: what cannot be written down is not sent.
    limitBook.settle(reservation, { tokens: null, cost: null, counted: false });
    throw thrown;
  }
}

/** A row of the ledger as it is opened. */
export function openedRecord(
  call: Call,
  caller: Caller,
  startedAtMs: number,
  held: Pick<OpenedRecord, 'firstAccountId' | 'reservedTokens' | 'reservedCost'>,
): OpenedRecord {
  return {
    id: call.requestId,
    startedAtMs,
    clientKeyId: caller.clientKeyId,
    endpoint: call.endpoint.name,
    model: call.model,
    stream: call.stream,
    sessionHash: call.session?.hash ?? null,
    parentHash: call.session?.parentHash ?? null,
    userAgent: call.userAgent,
    requestBytes: call.bodyBytes,
    firstAccountId: held.firstAccountId,
    reservedTokens: held.reservedTokens,
    reservedCost: held.reservedCost,
  };
}

export function leftOutBy(hit: LimitHit, account: Account): LeftOut {
  return {
    accountId: account.id,
    name: account.name,
    reason: 'limit_reached',
    detail: `${hit.window}.${hit.kind}`,
    untilMs: hit.resetsAtMs,
  };
}
