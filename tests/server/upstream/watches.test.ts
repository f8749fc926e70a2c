import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountId, clientKeyId, requestId } from '../../../lib/base/id.ts';
import type { SettledRecord } from '../../../lib/metering/ledger.ts';
import { createInFlight } from '../../../server/upstream/in-flight.ts';
import { watchSleep } from '../../../server/upstream/watch-sleep.ts';
import { createFakeClock } from '../vault/fake-clock.ts';

describe('The watch over sleep', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  it('notices that the wall clock ran ahead, in either direction, and not that time passes', () => {
    const clock = createFakeClock();
    let woken = 0;
    const watch = watchSleep(clock, () => woken++);
    for (let passed = 0; passed < 3_600_000; passed += 5_000) {
      clock.advance(5_000);
      vi.advanceTimersByTime(5_000);
      watch.look();
    }
    expect(woken).toBe(0);
    clock.jump(31_000);
    watch.look();
    clock.jump(-31_000);
    watch.look();
    watch.look();
    expect(woken).toBe(2);
    watch.stop();
  });

  it('notices a sleep in which both clocks ran on: its own timer did not', () => {
    const clock = createFakeClock();
    let woken = 0;
    const watch = watchSleep(clock, () => woken++);
    clock.advance(36_000);
    watch.look();
    watch.look();
    expect(woken).toBe(1);
    clock.advance(34_000);
    watch.look();
    expect(woken).toBe(1);
    clock.advance(2_000);
    vi.advanceTimersByTime(5_000);
    vi.advanceTimersByTime(5_000);
    expect(woken).toBe(2);
    watch.stop();
  });
});

describe('The list of calls under way', () => {
  const call = (n: number) => ({
    id: requestId(`r${n}`),
    startedAtMs: 0,
    endpoint: 'POST /responses',
    model: null,
    stream: true,
    clientKeyId: clientKeyId('c'),
    clientName: 'c',
    firstAccountId: accountId('a'),
    accountId: accountId('a'),
    attempts: 0,
    firstTokenMs: null,
    outputEvents: 0,
  });
  const settled = {} as SettledRecord;

  it('shows what each is doing, as it was when asked', () => {
    const inFlight = createInFlight({ clock: createFakeClock() });
    inFlight.begin(call(1));
    const before = inFlight.list();
    inFlight.update(requestId('r1'), { outputEvents: 7 });
    inFlight.update(requestId('unknown'), { outputEvents: 7 });
    expect(before[0]?.outputEvents).toBe(0);
    expect(inFlight.list()[0]?.outputEvents).toBe(7);
    expect(inFlight.size).toBe(1);
  });

  it('tells each reader what ended since it last asked, newest first and bounded', () => {
    const inFlight = createInFlight({ clock: createFakeClock() });
    const end = (n: number): void => {
      inFlight.begin(call(n));
      inFlight.end(requestId(`r${n}`), settled);
    };
    for (let n = 0; n < 3; n++) end(n);
    const first = inFlight.endedSince(0);
    expect(first.ended.map(({ call: { id } }) => id)).toEqual(['r2', 'r1', 'r0']);
    end(3);
    expect(inFlight.endedSince(first.mark).ended.map(({ call: { id } }) => id)).toEqual(['r3']);
    for (let n = 4; n < 2_000; n++) end(n);
    expect(inFlight.endedSince(first.mark).ended.length).toBeLessThanOrEqual(200);
    expect(inFlight.size).toBe(0);
  });

  it('counts calls per second over the last minute, and forgets older ones', () => {
    const clock = createFakeClock();
    const inFlight = createInFlight({ clock });
    for (let n = 0; n < 120; n++) inFlight.begin(call(n));
    expect(inFlight.perSecond()).toBe(2);
    clock.advance(59_000);
    expect(inFlight.perSecond()).toBe(2);
    clock.advance(2_000);
    expect(inFlight.perSecond()).toBe(0);
  });
});
