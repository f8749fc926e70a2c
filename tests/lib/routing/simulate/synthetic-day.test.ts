import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../lib/base/time.ts';
import { Bucket } from '../../../../lib/routing/simulate/bucket.ts';
import { Queue } from '../../../../lib/routing/simulate/queue.ts';
import { syntheticDay } from '../../../../lib/routing/simulate/synthetic-day.ts';
import { MONDAY_MS } from './day.ts';

const made = (seed: number, calls = 2_000, troubledAccounts = 3) =>
  syntheticDay({ seed, startsAtMs: MONDAY_MS, calls, troubledAccounts });

describe('a made-up day', () => {
  it('is the same for the same seed and another one for another', () => {
    expect(made(1)).toEqual(made(1));
    expect(made(1)).not.toEqual(made(2));
  });

  it('has exactly the calls asked for, in order, within the day', () => {
    for (const calls of [1, 2, 999]) expect(made(3, calls).calls).toHaveLength(calls);
    const times = made(4).calls.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((atMs) => Number.isInteger(atMs) && atMs >= 0 && atMs < DAY_MS)).toBe(true);
  });

  it('has conversations that grow, sub-agents, single questions and embeddings', () => {
    const { calls } = made(5);
    expect(new Set(calls.map(({ endpoint }) => endpoint))).toEqual(
      new Set(['POST /responses', 'POST /chat/completions', 'POST /embeddings']),
    );
    expect(calls.some(({ parent }) => parent !== null)).toBe(true);
    const largest = Math.max(...calls.map(({ inputTokens }) => inputTokens));
    expect(largest).toBeGreaterThan(60_000);
    expect(largest).toBeLessThan(250_000);
  });

  it('has a turn of a conversation only after the turn before has ended', () => {
    const ends = new Map<string, number>();
    for (const { session, atMs, durationMs } of made(6).calls) {
      if (session === null) continue;
      expect(atMs).toBeGreaterThanOrEqual(ends.get(session) ?? 0);
      ends.set(session, atMs + durationMs);
    }
  });

  it('has troubles only for accounts that there are, and a lone account only what passes by itself', () => {
    for (const accounts of [2, 3, 10]) {
      const named = made(1, 1, accounts).faults.flatMap((fault) => fault.accounts ?? []);
      expect(named.every((number) => number >= 1 && number <= accounts)).toBe(true);
    }
    expect(made(1, 1, 1).faults.map(({ fault }) => fault)).toEqual(['overload']);
    expect(made(1, 1, 0).faults).toEqual([]);
  });
});

describe('a bucket', () => {
  it('fills evenly, never above its brim, and says truly how long to wait', () => {
    const bucket = new Bucket(60);
    bucket.take(60, 1_000);
    expect(bucket.remaining(1_000)).toBe(0);
    expect(bucket.waitMs(10, 1_000)).toBe(10_000);
    expect(bucket.waitMs(10, 10_999)).toBe(1);
    expect(bucket.waitMs(10, 11_000)).toBe(0);
    expect(bucket.fullAfterMs(11_000)).toBe(50_000);
    expect(bucket.remaining(500_000)).toBe(60);
  });
});

describe('the queue', () => {
  it('gives what is due in the order of time, and of asking within a moment', () => {
    const queue = new Queue();
    const done: string[] = [];
    const times = [5, 3, 9, 3, 1, 5, 0, 7, 3];
    times.forEach((atMs, order) => {
      queue.add(atMs, () => done.push(`${atMs}.${order}`));
    });
    while (queue.nextMs !== null) queue.take()?.();
    expect(done).toEqual(['0.6', '1.4', '3.1', '3.3', '3.8', '5.0', '5.5', '7.7', '9.2']);
    expect(queue.take()).toBeNull();
  });
});
