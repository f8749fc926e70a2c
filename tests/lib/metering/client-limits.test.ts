import { describe, expect, test } from 'vitest';
import {
  type ClientLimits,
  clientRules,
  limitsKind,
  withCeiling,
} from '../../../lib/metering/client-limits.ts';

const GPT5 = ['gpt-5*'];

describe('the limits of a client key', () => {
  test('take one ceiling more, another amount, or one less, and keep the rest', () => {
    const day = withCeiling({}, { window: 'day', kind: 'requests', models: null }, 5);
    const both = withCeiling(day, { window: 'hour', kind: 'tokens', models: GPT5 }, 900);
    expect(both).toEqual({ day: { requests: 5 }, byModel: [{ models: GPT5, hour: { tokens: 900 } }] });
    const more = withCeiling(both, { window: 'hour', kind: 'requests', models: GPT5 }, 3);
    expect(more.byModel).toEqual([{ models: GPT5, hour: { tokens: 900, requests: 3 } }]);
    const less = withCeiling(more, { window: 'hour', kind: 'tokens', models: GPT5 }, null);
    expect(withCeiling(less, { window: 'hour', kind: 'requests', models: GPT5 }, null)).toEqual(day);
    expect(withCeiling(day, { window: 'day', kind: 'requests', models: null }, null)).toEqual({});
  });

  test('are listed window by window, those of all models first', () => {
    const limits: ClientLimits = {
      month: { requests: 9 },
      hour: { tokens: 5 },
      byModel: [{ models: GPT5, week: { requests: 1 } }],
    };
    expect(clientRules(limits).map(({ window, models }) => [window, models])).toEqual([
      ['hour', null],
      ['month', null],
      ['week', GPT5],
    ]);
    expect(['requests', 'tokens', 'cost'].map((kind) => limitsKind(limits, kind as 'cost'))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
