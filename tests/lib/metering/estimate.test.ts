import { describe, expect, test } from 'vitest';
import { createEstimateBook, expectedInput, expectedOutput, learnt } from '../../../lib/metering/estimate.ts';

const SIZED = { bodyBytes: 3_000, outputTokensMax: null, choices: 1, continues: [], refersIn: null };

describe('an estimate of what a call will use', () => {
  test('takes three bytes for a token until it has seen how many they are', () => {
    expect(expectedInput(3_000, null)).toBe(1_000);
    const state = learnt(null, { bodyBytes: 4_000, inputTokens: 1_000, outputTokens: 10 });
    expect(expectedInput(8_000, state)).toBe(2_000);
  });

  test('expects what the call allows, else what such calls write, and never less than 4,096 of those', () => {
    expect(expectedOutput(300, null)).toBe(300);
    expect(expectedOutput(null, null)).toBe(4_096);
    let state = null;
    for (let i = 1; i <= 100; i++) {
      state = learnt(state, { bodyBytes: 30, inputTokens: 10, outputTokens: i * 100 });
    }
    expect(expectedOutput(null, state)).toBe(9_500);
  });

  test('forgets all but the last 200 calls', () => {
    let state = learnt(null, { bodyBytes: 30, inputTokens: 10, outputTokens: 1_000_000 });
    for (let i = 0; i < 200; i++)
      state = learnt(state, { bodyBytes: 30, inputTokens: 10, outputTokens: 5_000 });
    expect(expectedOutput(null, state)).toBe(5_000);
    expect(state.outputs).toHaveLength(200);
  });

  test('is not led astray by one absurd report or by none', () => {
    const state = learnt(null, { bodyBytes: 3, inputTokens: 900_000, outputTokens: null });
    expect(expectedInput(3_000, state)).toBe(4_000);
    expect(learnt(state, { bodyBytes: 3_000, inputTokens: null, outputTokens: null })).toEqual(state);
  });

  test('is learnt per key, for a bounded number of keys', () => {
    const book = createEstimateBook(2);
    const call = { ...SIZED, bodyBytes: 3_000, outputTokensMax: 10 };
    for (const key of ['a', 'b', 'c'])
      book.learn(key, { bodyBytes: 3_000, inputTokens: 500, outputTokens: 1 });
    expect(book.expect('a', call).inputTokens).toBe(1_000);
    expect(book.expect('b', call)).toEqual({ inputTokens: 500, outputTokens: 10 });
  });

  test('adds what the call carries on from, and takes files and pictures for as large as the last call', () => {
    const book = createEstimateBook();
    const seen = { bodyBytes: 3_000, inputTokens: 1_000, outputTokens: 200 };
    book.learn('a', { ...seen, inputTokens: 50_000 }, ['session', 'answer 1']);
    book.learn('a', seen);
    const input = (call: object) => book.expect('a', { ...SIZED, ...call }).inputTokens;
    expect(input({})).toBe(1_000);
    expect(input({ continues: ['answer 1', 'session'] })).toBe(51_200);
    expect(input({ continues: ['answer 2'] })).toBe(1_000);
    expect(input({ refersIn: 'session' })).toBe(50_200);
  });

  test('counts every answer that is asked for at once', () => {
    expect(
      createEstimateBook().expect('a', { ...SIZED, outputTokensMax: 100, choices: 5 }).outputTokens,
    ).toBe(500);
  });
});
