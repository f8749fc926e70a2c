/** A refused call in the form of all others: no account, no attempt, no usage, nothing spent. */
import { DASH } from '../../../lib/format.ts';
import type { RoutePlan } from '../../../lib/routing/plan.ts';
import type { RefusedCall } from '../../../lib/routing/refused-call.ts';
import type { RequestView } from '../../../lib/wire/views.ts';

export function refusedView({ plan, session, ...refused }: RefusedCall): RequestView {
  return {
    id: refused.id,
    startedAtMs: refused.startedAtMs,
    endpoint: refused.endpoint,
    model: refused.model,
    stream: refused.stream,
    clientName: refused.clientName,
    clientKeyId: refused.clientKeyId,
    firstAccountId: '',
    firstAccountName: DASH,
    accountId: null,
    accountName: null,
    outcome: 'refused',
    status: refused.status,
    errorCode: refused.errorCode,
    errorMessage: refused.message,
    attempts: 0,
    usage: null,
    cost: 0,
    assumedCost: null,
    firstTokenMs: null,
    durationMs: refused.durationMs,
    overheadUs: null,
    reasoningDropped: false,
    userAgent: refused.userAgent,
    requestBytes: refused.requestBytes,
    responseBytes: null,
    sessionHash: session?.hash ?? null,
    parentHash: session?.parentHash ?? null,
    sessionSource: session?.source ?? 'none',
    homeName: plan === null ? null : homeNameOf(plan),
    serviceTier: null,
    servedModel: null,
    prices: null,
    plan,
    attemptList: [],
    captured: false,
  };
}

function homeNameOf({ candidates, leftOut, home }: RoutePlan): string | null {
  return [...candidates, ...leftOut].find(({ accountId }) => accountId === home)?.name ?? null;
}
