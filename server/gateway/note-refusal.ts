/** What is remembered of a call that was refused before its ledger row was opened: as much of it as was read by then. */
import { requestId } from '../../lib/base/id.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { CamError } from '../../lib/errors.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import { statusShown } from './answer-error.ts';
import type { CallDeps } from './call-deps.ts';
import type { FoundEndpoint } from './parse.ts';
import type { GatewayRequest } from './values.ts';

/** Of a call under way, growing as it is read. */
export interface Trace {
  readonly request: GatewayRequest;
  readonly caller: Caller;
  readonly id: string;
  found: FoundEndpoint | null;
  call: Call | null;
  plan: RoutePlan | null;
}

const PATH_MAX = 200;

export function noteRefusal(
  { request, caller, id, found, call, plan }: Trace,
  error: CamError,
  { refusals, clock, metrics }: Pick<CallDeps, 'refusals' | 'clock' | 'metrics'>,
): void {
  const durationMs = Math.round(clock.monotonicMs() - request.receivedMonotonicMs);
  metrics.refused(error.code);
  refusals.note({
    id: requestId(id),
    startedAtMs: call?.receivedAtMs ?? clock.nowMs() - durationMs,
    endpoint: found?.endpoint.name ?? `${request.method} ${request.path.slice(0, PATH_MAX)}`,
    model: call?.model ?? null,
    stream: call?.stream ?? false,
    session: call?.session ?? null,
    requestBytes: call?.bodyBytes ?? 0,
    userAgent: request.headers['user-agent'] ?? null,
    clientKeyId: caller.clientKeyId,
    clientName: caller.name,
    plan,
    errorCode: error.code,
    message: error.message,
    status: statusShown(error, request.headers['user-agent'] ?? null),
    durationMs,
  });
}
