/**
 * A call that is planned and goes no further: the same reading, the same planner, the same limits, but nobody's
 * turn is taken, nothing is held, nothing is waited for and nothing is written.
 */
import { requestId } from '../../lib/base/id.ts';
import type { Call } from '../../lib/calls/call.ts';
import { readSessionKey } from '../../lib/calls/session-key.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { CamError } from '../../lib/errors.ts';
import type { DryRun, DryRunQuestion } from '../../lib/routing/dry-run.ts';
import { nothingLeft } from '../../lib/routing/nothing-left.ts';
import type { LeftOut, RoutePlan } from '../../lib/routing/plan.ts';
import { shortHash } from '../short-hash.ts';
import { admit } from './admit.ts';
import type { CallDeps } from './call-deps.ts';
import { clientLimit } from './client-limit.ts';
import { estimateCall } from './estimate.ts';
import { endpointOf } from './parse.ts';
import { leftOutBy } from './reserve.ts';

export type AnswerDryRun = (question: DryRunQuestion, caller: Caller) => DryRun;

type DryRunDeps = Pick<
  CallDeps,
  'planner' | 'limitBook' | 'pool' | 'clock' | 'estimates' | 'prices' | 'config'
>;

/** Ties are broken by chance for real calls, and always in the same way here. */
const SEED = 0;

export function createDryRun(deps: DryRunDeps): AnswerDryRun {
  return (question, caller) => {
    const { body_bytes_max: bodyBytesMax } = deps.config().server;
    if (question.bodyBytes > bodyBytesMax) {
      throw new CamError('body_too_large', `The body is larger than the ${bodyBytesMax} bytes taken here.`);
    }
    const call = callOf(question, caller, deps.clock.nowMs());
    admit(call, caller, () => deps.planner.refusesUnpriced(call, call.receivedAtMs));
    const planned = deps.planner.preview(call, caller, call.receivedAtMs, SEED);
    const { plan, refusal } = withinLimits(planned, call, caller, deps);
    return { endpoint: call.endpoint.name, model: call.model, session: call.session, plan, refusal };
  };
}

function callOf(question: DryRunQuestion, caller: Caller, nowMs: number): Call {
  const { endpoint, path } = endpointOf(question);
  if (endpoint.treatment === 'models') {
    throw new CamError('invalid_request', 'The list of models is answered here; no account is asked for it.');
  }
  const facts = endpoint.treatment === 'inference' ? question.facts : null;
  return {
    requestId: requestId('dry-run'),
    endpoint,
    method: question.method,
    path,
    query: '',
    model: facts === null ? question.model : facts.model,
    stream: facts?.stream ?? false,
    facts,
    session: readSessionKey(question.headers, facts, caller.clientKeyId, question.bodyBytes, shortHash),
    bodyBytes: question.bodyBytes,
    userAgent: null,
    receivedAtMs: nowMs,
  };
}

/** What `reserve` would say, without holding anything. */
function withinLimits(
  plan: RoutePlan,
  call: Call,
  caller: Caller,
  deps: DryRunDeps,
): Pick<DryRun, 'plan' | 'refusal'> {
  const client = { id: caller.clientKeyId, limits: caller.limits };
  const leftOut: LeftOut[] = [...plan.leftOut];
  for (const [at, candidate] of plan.candidates.entries()) {
    const account = deps.pool.upstream(candidate.accountId)?.account;
    if (!account) continue;
    const { tokens, cost } = estimateCall({ call, body: null, raw: false }, caller, account, deps);
    const hit = deps.limitBook.wouldHit(account, client, { tokens, cost, model: call.model });
    if (hit === null) {
      const left = at === 0 ? plan : { ...plan, candidates: plan.candidates.slice(at), leftOut };
      return { plan: left, refusal: null };
    }
    if (hit.holderId === caller.clientKeyId) return { plan, refusal: clientLimit(hit, call.receivedAtMs) };
    leftOut.push(leftOutBy(hit, account));
  }
  const empty: RoutePlan = { ...plan, candidates: [], decidedBy: 'none', leftOut };
  return { plan: empty, refusal: nothingLeft(empty, caller, call.model, call.receivedAtMs) };
}
