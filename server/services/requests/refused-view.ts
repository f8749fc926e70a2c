/** A refused call in the form of all others: no account, no attempt, no usage, nothing spent. */
import { DASH } from '../../../lib/format.ts';
import type { RefusedCall } from '../../../lib/routing/refused-call.ts';
import type { RequestView } from '../../../lib/wire/views.ts';

export function refusedView({ call, plan, ...refused }: RefusedCall): RequestView {
  return {
    id: call.requestId,
    startedAtMs: call.receivedAtMs,
    endpoint: call.endpoint.name,
    model: call.model,
    stream: call.stream,
    clientName: refused.clientName,
    clientKeyId: refused.clientKeyId,
    firstAccountId: '',
    firstAccountName: DASH,
    accountId: null,
    accountName: null,
    outcome: 'refused',
    status: refused.status,
    errorCode: refused.errorCode,
    attempts: 0,
    usage: null,
    cost: 0,
    assumedCost: null,
    firstTokenMs: null,
    durationMs: refused.durationMs,
    overheadUs: null,
    reasoningDropped: false,
    userAgent: call.userAgent,
    requestBytes: call.bodyBytes,
    responseBytes: null,
    sessionHash: call.session?.hash ?? null,
    parentHash: call.session?.parentHash ?? null,
    sessionSource: call.session?.source ?? 'none',
    homeName:
      [...plan.candidates, ...plan.leftOut].find(({ accountId }) => accountId === plan.home)?.name ?? null,
    serviceTier: null,
    servedModel: null,
    prices: null,
    plan,
    attemptList: [],
  };
}
