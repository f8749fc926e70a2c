import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requestId } from '../../../lib/base/id.ts';
import type { Call } from '../../../lib/calls/call.ts';
import { defaultConfig } from '../../../lib/config.ts';
import type { RoutePlan } from '../../../lib/routing/plan.ts';
import type { Seat } from '../../../server/gateway/find-seat.ts';
import { createWaitingRoom } from '../../../server/gateway/waiting-room.ts';
import { CALLER, id, RESPONSES } from '../../lib/routing/fixtures.ts';
import { createFakeClock } from '../vault/fake-clock.ts';

const call: Call = {
  requestId: requestId('r'),
  endpoint: RESPONSES,
  method: 'POST',
  path: '/responses',
  query: '',
  model: 'gpt-5',
  stream: false,
  facts: null,
  session: null,
  bodyBytes: 0,
  userAgent: null,
  receivedAtMs: 0,
};

function open(plan: (seed: number, nowMs: number) => RoutePlan) {
  const clock = createFakeClock();
  let onRoom: ((id: null) => void) | null = null;
  const queued: number[] = [];
  const room = createWaitingRoom({
    pool: {
      lease: () => null,
      rampedUntilMs: () => null,
      onRoom: (listener) => {
        onRoom = listener;
      },
    },
    planner: { plan: (_call, _caller, nowMs, seed) => plan(seed, nowMs) },
    clock,
    config: defaultConfig,
    inFlight: { setQueued: (calls) => void queued.push(calls) },
  });
  const wait = (seed: number, queueMs: number): Promise<Seat> =>
    room.wait({
      call,
      caller: CALLER,
      seed,
      visit: { signal: new AbortController().signal, over: false, waiting: false },
      avoid: new Set(),
      left: null,
      queueMs,
      rampMs: 30_000,
    });
  return { room, clock, queued, wait, changed: () => onRoom?.(null), listens: () => onRoom !== null };
}

const coolingFor =
  (ms: number) =>
  (_seed: number, nowMs: number): RoutePlan => ({
    strategy: 'priority',
    decidedBy: 'none',
    candidates: [],
    leftOut: [{ accountId: id('a'), name: 'a', reason: 'cooling_down', detail: null, untilMs: nowMs + ms }],
    madeAtMs: nowMs,
    home: null,
  });

describe('The waiting room', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lets go whom more waiting cannot help in its time, and then neither listens nor has a timer', async () => {
    const { room, clock, wait, listens } = open(coolingFor(400));
    const ended = wait(0, 1_000);
    expect(room.size).toBe(1);
    for (const [passedMs, size] of [
      [400, 1],
      [400, 0],
    ] as const) {
      // At 800 ms the account says 400 more, which is beyond what is left.
      clock.advance(passedMs);
      vi.advanceTimersByTime(passedMs);
      expect(room.size).toBe(size);
    }
    expect(await ended).toMatchObject({ candidate: null, lease: null, plan: { waitedMs: 800 } });
    expect(vi.getTimerCount()).toBe(0);
    expect(listens()).toBe(false);
  });

  it('tells a call whose plan cannot be made any more why, and keeps those behind it', async () => {
    let broken = false;
    const { room, wait, changed, queued } = open((seed, nowMs) => {
      if (broken && seed === 1) throw new Error('two owners');
      return coolingFor(400)(seed, nowMs);
    });
    const failing = wait(1, 60_000);
    const other = wait(2, 500);
    broken = true;
    changed();
    await expect(failing).rejects.toThrow('two owners');
    expect(room.size).toBe(1);
    expect(queued.at(-1)).toBe(1);
    void other;
  });
});
