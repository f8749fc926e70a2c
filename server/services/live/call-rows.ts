/** Calls under way, and those that just ended, as rows of the requests list. */
import type { Usage } from '../../../lib/metering/usage.ts';
import type { RequestRowView, UsageView } from '../../../lib/wire/views.ts';
import type { CallUnderWay, EndedCall } from '../../upstream/in-flight.ts';

/** The name of an account by its id; what has no name any more keeps its id. */
export type NameOf = (accountId: string) => string;

export function runningRow(call: CallUnderWay, nameOf: NameOf): RequestRowView {
  return {
    id: call.id,
    startedAtMs: call.startedAtMs,
    endpoint: call.endpoint,
    model: call.model,
    stream: call.stream,
    clientName: call.clientName,
    clientKeyId: call.clientKeyId,
    firstAccountId: call.firstAccountId,
    firstAccountName: nameOf(call.firstAccountId),
    accountId: call.accountId,
    accountName: nameOf(call.accountId),
    outcome: null,
    status: null,
    errorCode: null,
    attempts: call.attempts,
    usage: null,
    cost: null,
    assumedCost: null,
    firstTokenMs: call.firstTokenMs,
    durationMs: null,
    overheadUs: null,
    reasoningDropped: false,
  };
}

export function endedRow({ call, settled }: EndedCall, nameOf: NameOf): RequestRowView {
  return {
    ...runningRow(call, nameOf),
    accountId: settled.accountId,
    accountName: settled.accountId === null ? null : nameOf(settled.accountId),
    outcome: settled.outcome,
    status: settled.status,
    errorCode: settled.errorCode,
    attempts: settled.attempts,
    usage: settled.usage === null ? null : usageView(settled.usage, settled.estimated),
    cost: settled.cost,
    assumedCost: settled.assumedCost,
    firstTokenMs: settled.firstTokenMs,
    durationMs: settled.durationMs,
    overheadUs: settled.overheadUs,
    reasoningDropped: settled.reasoningDropped,
  };
}

export function usageView(usage: Usage, estimated: boolean): UsageView {
  return {
    inputTokens: usage.inputTokens,
    cachedTokens: usage.cachedTokens,
    cacheWriteTokens: usage.cacheWriteTokens,
    outputTokens: usage.outputTokens,
    reasoningTokens: usage.reasoningTokens,
    totalTokens: usage.totalTokens,
    estimated,
    flagged: usage.flagged,
  };
}
