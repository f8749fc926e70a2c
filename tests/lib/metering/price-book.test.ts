import { describe, expect, test } from 'vitest';
import { fromDollars } from '../../../lib/base/money.ts';
import { createPriceBook } from '../../../lib/metering/price-book.ts';
import type { Usage } from '../../../lib/metering/usage.ts';
import { UNKNOWN_USAGE } from '../../../lib/metering/usage-shapes.ts';

const TODAY = Date.UTC(2026, 10, 22, 14, 30);
const book = createPriceBook({ today: () => TODAY });

const used = (inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): Usage => ({
  ...UNKNOWN_USAGE,
  inputTokens,
  outputTokens,
  totalTokens: inputTokens + outputTokens,
  ...more,
});

function price(
  model: string,
  usage: Usage,
  query: { tier?: string; multiplier?: number; atMs?: number } = {},
) {
  const prices = book.prices(model, {
    inputTokens: usage.inputTokens,
    serviceTier: query.tier ?? null,
    multiplier: query.multiplier ?? 1,
    atMs: query.atMs ?? TODAY,
  });
  return prices === null ? null : book.cost(usage, prices);
}

describe('the price book, against invoices worked out by hand', () => {
  // 1,000 fresh × $2 + 8,000 cached × $0.20 + 1,000 written × $2.50 + 500 out × $10, per million
  test('charges fresh, cached and cache-writing input and output each at its own price', () => {
    const usage = used(10_000, 500, { cachedTokens: 8_000, cacheWriteTokens: 1_000 });
    expect(price('gpt-6-sol', usage)).toBe(fromDollars(0.0111));
  });

  // 300,000 × $4 + 1,000 × $15
  test('charges the whole call of a long context at twice the input and one and a half the output price', () => {
    expect(price('gpt-6-sol', used(300_000, 1_000))).toBe(fromDollars(1.215));
    expect(price('gpt-6-sol', used(272_000, 1_000))).toBe(fromDollars(0.554));
    expect(price('gpt-6-sol', used(272_001, 0))).toBe(fromDollars(1.088_004));
  });

  // gpt-6.1-sol: 400 × $2 + 19,600 × $0.10 + 500 × $10
  test('knows from our own table what the data package does not know yet', () => {
    expect(price('gpt-6.1-sol', used(20_000, 500, { cachedTokens: 19_600 }))).toBe(fromDollars(0.007_76));
    expect(price('gpt-6.1-terra', used(1_000_000, 0))).toBe(fromDollars(2));
    expect(price('gpt-6.1-terra', used(100_000, 1_000, { cacheWriteTokens: 50_000 }))).toBe(
      fromDollars(0.1175),
    );
    expect(price('gpt-6.1-sol-2026-09-29', used(1_000, 0))).toBe(fromDollars(0.002));
    expect(
      book.prices('gpt-6.1-sol', { inputTokens: 1, serviceTier: null, multiplier: 1, atMs: TODAY })?.source,
    ).toBe('overrides 2026-11-22');
  });

  test('uses the price of the day of the call', () => {
    expect(price('gpt-5.6-sol', used(1_000_000, 0), { atMs: Date.UTC(2026, 7, 1) })).toBe(fromDollars(10));
    expect(price('gpt-5.6-sol', used(100_000, 0), { atMs: Date.UTC(2026, 7, 1) })).toBe(fromDollars(0.5));
    expect(price('gpt-5.6-sol', used(100_000, 0))).toBe(fromDollars(0.4));
    expect(price('gpt-6.1-terra', used(1, 1), { atMs: Date.UTC(2026, 9, 25) })).toBeNull();
  });

  test('multiplies by the tier that was billed and by the factor of the account', () => {
    const usage = used(100_000, 10_000);
    expect(price('gpt-5.4', usage)).toBe(fromDollars(0.4));
    expect(price('gpt-5.4', usage, { tier: 'default' })).toBe(fromDollars(0.4));
    expect(price('gpt-5.4', usage, { tier: 'flex' })).toBe(fromDollars(0.2));
    expect(price('gpt-5.4', usage, { tier: 'priority' })).toBe(fromDollars(0.8));
    expect(price('gpt-5.5', usage, { tier: 'priority' })).toBe(fromDollars(2));
    expect(price('gpt-5.4', usage, { multiplier: 1.1 })).toBe(fromDollars(0.44));
    expect(price('gpt-5.4', usage, { tier: 'flex', multiplier: 1.1 })).toBe(fromDollars(0.22));
  });

  test('resolves dated names and prices embeddings, which have no output', () => {
    expect(price('gpt-5.5-2026-04-23', used(1_000, 0))).toBe(fromDollars(0.005));
    expect(price('text-embedding-3-small', used(1_000_000, 0))).toBe(fromDollars(0.02));
    expect(price('omni-moderation-latest', used(1_000_000, 0))).toBe(0);
  });

  test('charges pictures and sound at their own price where there is one', () => {
    // gpt-image-1: 50 text × $5 + 200 picture × $10 in, 1,000 × $40 out
    expect(price('gpt-image-1', used(250, 1_000, { imageInputTokens: 200 }))).toBe(fromDollars(0.042_25));
    // gpt-realtime: 100 text × $4 + 400 sound × $32 in, 20 text × $16 + 80 sound × $64 out
    const sound = used(500, 100, { audioInputTokens: 400, audioOutputTokens: 80 });
    expect(price('gpt-realtime', sound)).toBe(fromDollars(0.018_64));
  });
});

describe('what the price book does not know', () => {
  test('is null, never nothing', () => {
    expect(price('llama-99', used(1_000, 10))).toBeNull();
    expect(price('whisper-1', used(1_000, 10))).toBeNull();
    expect(price('gpt-6-sol', used(1_000, 10), { tier: 'priority' })).toBeNull();
    expect(price('gpt-5.4', used(1_000, 10), { tier: 'ultrafast' })).toBeNull();
    expect(price('gpt-5.4', { ...UNKNOWN_USAGE, inputTokens: 5 })).toBeNull();
  });

  test('is assumed to cost as much as the dearest that it does know', () => {
    const dearest = book.dearest();
    expect(dearest.source).toBe('assumed');
    for (const model of ['gpt-6-astra', 'gpt-5.5-pro', 'gpt-realtime', 'o1-pro', 'gpt-6.1-sol']) {
      const known = book.prices(model, {
        inputTokens: 300_000,
        serviceTier: null,
        multiplier: 1,
        atMs: TODAY,
      });
      expect(known).not.toBeNull();
      expect(dearest.input).toBeGreaterThanOrEqual(known?.input ?? Infinity);
      expect(dearest.output).toBeGreaterThanOrEqual(known?.output ?? Infinity);
    }
  });
});

describe('the price book', () => {
  test('answers the same object for the same question, so that the hot path only looks it up', () => {
    const query = { inputTokens: 10, serviceTier: null, multiplier: 1, atMs: TODAY };
    expect(book.prices('gpt-5', query)).toBe(book.prices('gpt-5', { ...query, inputTokens: 99 }));
  });

  test('stays exact for the largest counts a meter lets through', () => {
    const prices = book.dearest();
    const cost = book.cost(used(1_000_000_000, 1_000_000_000), prices);
    expect(Number.isSafeInteger(cost)).toBe(true);
    expect(cost).toBe(
      (BigInt(1e9) * (BigInt(prices.input) + BigInt(prices.output))) / 1_000_000n > 2n ** 53n
        ? Number.MAX_SAFE_INTEGER
        : Number((BigInt(1e9) * (BigInt(prices.input) + BigInt(prices.output))) / 1_000_000n),
    );
  });

  test('never charges a part twice when parts together exceed the whole', () => {
    const usage = used(100, 0, { cachedTokens: 100, cacheWriteTokens: 100, audioInputTokens: 100 });
    expect(price('gpt-6-sol', usage)).toBe(fromDollars(0.000_02));
  });
});
