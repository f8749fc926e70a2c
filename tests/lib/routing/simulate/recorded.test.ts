import { describe, expect, it } from 'vitest';
import { recordedDay } from '../../../../lib/routing/simulate/recorded.ts';
import type { RecordedCallView } from '../../../../lib/wire/views.ts';
import { day, MONDAY_MS } from './day.ts';

let number = 0;
const row = (over: Partial<RecordedCallView> = {}): RecordedCallView => ({
  id: `01a20000-0000-7000-8000-${String(++number).padStart(12, '0')}`,
  startedAtMs: MONDAY_MS,
  endpoint: 'POST /responses',
  model: 'gpt-5.4',
  clientKeyId: 'key',
  sessionHash: null,
  parentHash: null,
  requestBytes: 8_000,
  accountId: 'work',
  outcome: 'delivered',
  attempts: 1,
  inputTokens: 2_000,
  cachedTokens: 1_500,
  outputTokens: 100,
  cost: 4_000,
  durationMs: 3_000,
  ...over,
});

describe('recorded calls', () => {
  const rows = [
    row({ sessionHash: 's', parentHash: 'p' }),
    row({
      startedAtMs: MONDAY_MS + 500,
      accountId: 'home',
      outputTokens: 300,
      durationMs: 5_000,
      attempts: 2,
    }),
    row({
      startedAtMs: MONDAY_MS + 900,
      outcome: 'failed',
      accountId: null,
      inputTokens: null,
      cachedTokens: null,
      outputTokens: null,
      cost: null,
      durationMs: 40,
      attempts: 3,
    }),
    row({ startedAtMs: MONDAY_MS + 950, outcome: 'cancelled', cachedTokens: null, cost: null }),
    row({ startedAtMs: MONDAY_MS + 990, endpoint: 'POST /forgotten' }),
  ];
  const recorded = recordedDay(rows);

  it('become a trace that begins with the first of them', () => {
    expect(recorded.trace.startsAtMs).toBe(MONDAY_MS);
    expect(recorded.trace.calls.map(({ atMs }) => atMs)).toEqual([0, 500, 900, 950]);
    expect(recorded.trace.calls[0]).toMatchObject({
      session: 's',
      parent: 'p',
      client: 'key',
      requestBytes: 8_000,
    });
    expect(day({ trace: recorded.trace })).toMatchObject({ calls: 4, failed: 0 });
  });

  it('without usage get the size of their body and what their model usually writes and takes', () => {
    expect(recorded.trace.calls[2]).toMatchObject({
      inputTokens: 2_000,
      outputTokens: Math.round((100 + 300 + 100) / 3),
      durationMs: Math.round((3_000 + 5_000 + 3_000) / 3),
    });
    expect(recorded).toMatchObject({ estimated: 1, leftOut: 1, accounts: 2 });
  });

  it('tell what became of them, where unknown is left out and not counted as nothing', () => {
    expect(recorded.asItWas).toEqual({
      calls: 5,
      failed: 1,
      upstreamCallsPerCall: 8 / 5,
      cachedShare: 0.75,
      cost: 12_000,
      fairness: expect.closeTo(8_600 ** 2 / (2 * (6_300 ** 2 + 2_300 ** 2)), 6),
    });
    const [nothingKnown] = rows.slice(2);
    if (nothingKnown === undefined) throw new Error('a row');
    expect(recordedDay([nothingKnown]).asItWas).toMatchObject({
      cachedShare: null,
      cost: null,
      fairness: null,
    });
  });
});
