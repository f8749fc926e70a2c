/**
 * The life of a Call: authenticate → parse → plan → reserve → forward → meter → record, and a catch. Every step
 * takes values and gives a value; each is a file of its own. Once a call is reserved, it is recorded exactly once
 * on every path, and the client has been answered, or cut off in the knowledge of it, exactly once.
 */
import { type AccountId, requestId, uuidV7 } from '../../lib/base/id.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import { asCamError, type CamError } from '../../lib/errors.ts';
import { nothingLeft } from '../../lib/routing/nothing-left.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { Lease } from '../upstream/pool.ts';
import { admit } from './admit.ts';
import { answerError, answerJson, statusShown } from './answer-error.ts';
import { authenticate } from './authenticate.ts';
import type { CallDeps } from './call-deps.ts';
import { carry } from './carry.ts';
import type { Visit } from './doorkeeper.ts';
import { estimateCall } from './estimate.ts';
import { modelsAnswer } from './models.ts';
import { withFormModel } from './multipart-model.ts';
import { endpointOf, type FoundEndpoint, type ParsedCall, parse } from './parse.ts';
import { reserve } from './reserve.ts';
import { usageAnswer } from './usage-answer.ts';
import type { GatewayRequest, HandleCall, ResponseSink } from './values.ts';
import { requireUnlocked } from './vault-open.ts';
import type { Seat } from './waiting-room.ts';

const ID_RANDOM_BYTES = 10;
const IDS_AT_ONCE = 256;

export function createHandle(deps: CallDeps): HandleCall {
  const draw = createDrawer(deps.random);
  return async (request, sink) => {
    const random = draw();
    const id = uuidV7(deps.clock.nowMs(), random);
    let visit: Visit | null = null;
    try {
      requireUnlocked(deps.vault.state(), request.headers);
      visit = deps.doorkeeper.enter(request.signal);
      const caller = authenticate(request.headers, deps.keyring, deps.clock.nowMs());
      const found = endpointOf(request);
      if (found.endpoint.treatment === 'models') {
        answerJson(sink, modelsAnswer(found.path, deps.pool.snapshot(), caller), id);
      } else if (found.endpoint.treatment === 'usage') {
        const { time_zone } = deps.config().limits;
        answerJson(sink, usageAnswer(caller, deps.limitBook, time_zone, deps.clock.nowMs()), id);
      } else await call({ request, sink, visit, caller, found, id, seed: seedFrom(random) }, deps);
    } catch (thrown) {
      if (request.signal.aborted) return;
      const error = visit?.endedBy() ?? asCamError(thrown);
      if (error.code === 'internal')
        deps.log.error({ err: error.cause, requestId: id }, 'a call failed inside');
      answerError(sink, error, id, request.headers['user-agent'] ?? null);
    } finally {
      visit?.leave();
    }
  };
}

/** Random bytes for ids, fetched from the system many at a time. */
function createDrawer(random: (size: number) => Uint8Array): () => Uint8Array {
  let pool: Uint8Array = new Uint8Array();
  let at = 0;
  return () => {
    if (at + ID_RANDOM_BYTES > pool.length) {
      pool = random(ID_RANDOM_BYTES * IDS_AT_ONCE);
      at = 0;
    }
    at += ID_RANDOM_BYTES;
    return pool.subarray(at - ID_RANDOM_BYTES, at);
  };
}

interface Entered {
  readonly request: GatewayRequest;
  readonly sink: ResponseSink;
  readonly visit: Visit;
  readonly caller: Caller;
  readonly found: FoundEndpoint;
  readonly id: string;
  readonly seed: number;
}

async function call(entered: Entered, deps: CallDeps): Promise<void> {
  const { request, visit, caller, found } = entered;
  deps.doorkeeper.claim(visit, caller.clientKeyId);
  const read = await parse(request, found, {
    requestId: requestId(entered.id),
    callerId: caller.clientKeyId,
    nowMs: deps.clock.nowMs(),
    bodyBytesMax: deps.config().server.body_bytes_max,
  });
  const parsed = read.raw ? await withFormModel(read, request, caller, visit) : read;
  await place(entered, parsed, deps).finally(() => parsed.stream?.close());
}

/** The call is read: who may serve it, and is there room under the limits. */
async function place(entered: Entered, parsed: ParsedCall, deps: CallDeps): Promise<void> {
  const { request, sink, visit, caller } = entered;
  const config = deps.config();
  const readyMs = deps.clock.monotonicMs();
  if (parsed.call.endpoint.treatment === 'inference') deps.sessions.count(parsed.call.session);
  admit(parsed.call, caller, () => deps.planner.refusesUnpriced(parsed.call, deps.clock.nowMs()));
  if (deps.waitingRoom.size > 0) deps.waitingRoom.afterYou();
  let plan = deps.planner.plan(parsed.call, caller, deps.clock.nowMs(), entered.seed);
  let lease: Lease | null = null;
  if (plan.waitFor !== undefined || (plan.candidates.length === 0 && config.routing.queue_ms > 0)) {
    const seat = await waitBefore(entered, parsed.call, config, deps);
    if (seat === null) return;
    ({ plan, lease } = seat);
  }
  try {
    if (plan.candidates.length === 0) throw refusal(plan, parsed.call, entered, deps);
    const reserved = await reserve(parsed.call, caller, plan, {
      limitBook: deps.limitBook,
      ledger: deps.ledger,
      accountOf: (id) => deps.pool.upstream(id)?.account ?? null,
      estimate: (account) => estimateCall(parsed, caller, account, deps),
      nowMs: () => deps.clock.nowMs(),
    });
    if ('refused' in reserved) throw refusal(reserved.refused, parsed.call, entered, deps);
    await carry(
      { request, sink, visit, caller, parsed, readyMs, seed: entered.seed, lease, ...reserved },
      deps,
    );
  } finally {
    // Released already when it was used; a second time does nothing.
    lease?.release();
  }
}

/** Null when the client has left meanwhile. The account it waited for goes first in the plan. */
async function waitBefore(
  { visit, caller, seed, request }: Entered,
  call: Call,
  { routing }: Config,
  deps: CallDeps,
): Promise<Pick<Seat, 'plan' | 'lease'> | null> {
  const { plan, candidate, lease } = await deps.waitingRoom.wait({
    call,
    caller,
    seed,
    visit,
    avoid: NONE,
    left: null,
    queueMs: routing.queue_ms,
    rampMs: routing.wait_max_ms,
  });
  if (visit.over) {
    lease?.release();
    const ended = visit.endedBy();
    if (ended !== null) throw ended;
    return null;
  }
  requireUnlocked(deps.vault.state(), request.headers);
  if (candidate === null || plan.candidates[0] === candidate) return { plan, lease };
  const others = plan.candidates.filter((one) => one !== candidate);
  return { plan: { ...plan, candidates: [candidate, ...others] }, lease };
}

const NONE: ReadonlySet<AccountId> = new Set();

/** What the client is told where no account can take its call; remembered, because no row is written for it. */
function refusal(plan: RoutePlan, call: Call, { caller, request }: Entered, deps: CallDeps): CamError {
  const error = nothingLeft(plan, caller, call.model, deps.clock.nowMs());
  deps.refusals.note({
    call,
    clientKeyId: caller.clientKeyId,
    clientName: caller.name,
    plan,
    errorCode: error.code,
    status: statusShown(error, request.headers['user-agent'] ?? null),
    durationMs: Math.round(deps.clock.monotonicMs() - request.receivedMonotonicMs),
  });
  return error;
}

function seedFrom(random: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.subarray(6);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}
