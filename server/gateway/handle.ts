/**
 * The life of a Call: authenticate → parse → plan → reserve → forward → meter → record, and a catch. Every step
 * takes values and gives a value; each is a file of its own. Once a call is reserved, it is recorded exactly once
 * on every path, and the client has been answered, or cut off in the knowledge of it, exactly once.
 */
import { type AccountId, requestId, uuidV7 } from '../../lib/base/id.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Config } from '../../lib/config.ts';
import { asCamError } from '../../lib/errors.ts';
import { nothingLeft } from '../../lib/routing/nothing-left.ts';
import type { Lease } from '../upstream/pool.ts';
import { admit } from './admit.ts';
import { answerError, answerJson } from './answer-error.ts';
import { authenticate, requireInference } from './authenticate.ts';
import type { CallDeps } from './call-deps.ts';
import { carry } from './carry.ts';
import type { Visit } from './doorkeeper.ts';
import { estimateCall } from './estimate.ts';
import type { Seat } from './find-seat.ts';
import { recordLeft } from './left-waiting.ts';
import { modelsAnswer } from './models.ts';
import { withFormModel } from './multipart-model.ts';
import { noteRefusal, type Trace } from './note-refusal.ts';
import { endpointOf, type FoundEndpoint, type ParsedCall, parse } from './parse.ts';
import { reserve } from './reserve.ts';
import { usageAnswer } from './usage-answer.ts';
import type { HandleCall, ResponseSink } from './values.ts';
import { requireUnlocked } from './vault-open.ts';

const ID_RANDOM_BYTES = 10;
const IDS_AT_ONCE = 256;

export function createHandle(deps: CallDeps): HandleCall {
  const draw = createDrawer(deps.random);
  return async (request, sink) => {
    const random = draw();
    const id = uuidV7(deps.clock.nowMs(), random);
    let visit: Visit | null = null;
    let entered: Entered | null = null;
    try {
      requireUnlocked(deps.vault.state(), request.headers);
      visit = deps.doorkeeper.enter(request.signal);
      const caller = authenticate(request.headers, deps, deps.clock.nowMs());
      const seed = seedFrom(random);
      entered = { request, sink, visit, caller, id, seed, found: null, call: null, plan: null };
      requireInference(caller);
      const found = endpointOf(request);
      entered.found = found;
      if (found.endpoint.treatment === 'models') {
        answerJson(sink, modelsAnswer(found.path, deps.pool.snapshot(), caller), id);
      } else if (found.endpoint.treatment === 'usage') {
        const { time_zone } = deps.config().limits;
        answerJson(sink, usageAnswer(caller, deps.limitBook, time_zone, deps.clock.nowMs()), id);
      } else await call(entered, found, deps);
    } catch (thrown) {
      if (request.signal.aborted) return;
      const error = visit?.endedBy() ?? asCamError(thrown);
      if (error.code === 'internal')
        deps.log.error({ err: error.cause, requestId: id }, 'a call failed inside');
      if (entered !== null) noteRefusal(entered, error, deps);
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

interface Entered extends Trace {
  readonly sink: ResponseSink;
  readonly visit: Visit;
  readonly seed: number;
}

async function call(entered: Entered, found: FoundEndpoint, deps: CallDeps): Promise<void> {
  const { request, visit, caller } = entered;
  deps.doorkeeper.claim(visit, caller.clientKeyId);
  const read = await parse(request, found, {
    requestId: requestId(entered.id),
    callerId: caller.clientKeyId,
    nowMs: deps.clock.nowMs(),
    bodyBytesMax: deps.config().server.body_bytes_max,
  });
  entered.call = read.call;
  const parsed = read.raw ? await withFormModel(read, request, caller, visit) : read;
  entered.call = parsed.call;
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
  entered.plan = plan;
  let heldMs = 0;
  if (plan.waitFor !== undefined || (plan.candidates.length === 0 && config.routing.queue_ms > 0)) {
    const sinceMs = deps.clock.monotonicMs();
    const seat = await waitBefore(entered, parsed.call, config, deps);
    if (seat === null) return;
    heldMs = deps.clock.monotonicMs() - sinceMs;
    ({ plan, lease } = seat);
    entered.plan = plan;
  }
  try {
    if (plan.candidates.length === 0) throw nothingLeft(plan, caller, parsed.call.model, deps.clock.nowMs());
    const reserved = await reserve(parsed.call, caller, plan, {
      limitBook: deps.limitBook,
      ledger: deps.ledger,
      accountOf: (id) => deps.pool.upstream(id)?.account ?? null,
      estimate: (account) => estimateCall(parsed, caller, account, deps),
      nowMs: () => deps.clock.nowMs(),
    });
    if ('refused' in reserved) {
      entered.plan = reserved.refused;
      throw nothingLeft(reserved.refused, caller, parsed.call.model, deps.clock.nowMs());
    }
    await carry(
      { request, sink, visit, caller, parsed, readyMs, heldMs, seed: entered.seed, lease, ...reserved },
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
    const durationMs = Math.round(deps.clock.monotonicMs() - request.receivedMonotonicMs);
    await recordLeft(call, caller, plan, { nowMs: deps.clock.nowMs(), durationMs }, deps);
    return null;
  }
  requireUnlocked(deps.vault.state(), request.headers);
  if (candidate === null || plan.candidates[0] === candidate) return { plan, lease };
  const others = plan.candidates.filter((one) => one !== candidate);
  return { plan: { ...plan, candidates: [candidate, ...others] }, lease };
}

const NONE: ReadonlySet<AccountId> = new Set();

function seedFrom(random: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.subarray(6);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}
