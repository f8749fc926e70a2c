/**
 * The log's line about one attempt: successes for those who look closely, failures for everybody. It holds ids,
 * codes and times, never a body, a header or a name; and it is not built at all where nobody would read it.
 */
import type { Call } from '../../lib/calls/call.ts';
import type { Attempt } from '../../lib/routing/attempt.ts';
import type { Log } from '../log.ts';

export function logAttempt(log: Log, call: Call, attempt: Attempt): void {
  const level = attempt.failure === null ? 'debug' : 'info';
  if (log.isLevelEnabled(level)) log[level](attemptFields(call, attempt), messageFor(attempt));
}

function attemptFields(call: Call, attempt: Attempt): Readonly<Record<string, unknown>> {
  const { failure } = attempt;
  return {
    requestId: call.requestId,
    attempt: attempt.number,
    accountId: attempt.accountId,
    endpoint: call.endpoint.name,
    model: call.model,
    status: attempt.status,
    waitedMs: attempt.waitedMs,
    startedMs: attempt.startedMs,
    firstByteMs: attempt.firstByteMs,
    endedMs: attempt.endedMs,
    upstreamRequestId: attempt.upstreamRequestId,
    ...(attempt.reasoningStripped ? { reasoningStripped: true } : {}),
    ...(failure && {
      class: failure.class,
      phase: failure.phase,
      code: failure.code,
      toldWaitMs: failure.toldWaitMs,
      toldWaitRaw: failure.toldWaitRaw,
    }),
  };
}

function messageFor({ failure, status }: Attempt): string {
  if (failure?.phase === 'mid_stream') return 'an answer broke off';
  if (failure) return 'an attempt failed';
  return status === null ? 'an attempt was left by its client' : 'an attempt answered';
}
