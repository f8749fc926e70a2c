/**
 * Calls and what they cost, worked out by hand from the published prices: dollars per million tokens, line by line as on an
 * invoice. Two months around the middle of November 2026 unless a case says otherwise.
 */
import { describe, expect, test } from 'vitest';
import { createPriceBook } from '../../../lib/metering/price-book.ts';
import type { PriceOverrides } from '../../../lib/metering/price-overrides.ts';
import type { Usage } from '../../../lib/metering/usage.ts';
import { UNKNOWN_USAGE } from '../../../lib/metering/usage-shapes.ts';

/** Tokens, and dollars for a million of them. */
type Line = readonly [tokens: number, dollars: number];
interface Case {
  readonly what: string;
  readonly model: string;
  readonly usage: Partial<Usage>;
  readonly lines: readonly Line[];
  /** Fees beside tokens, in dollars. */
  readonly fees?: number;
  readonly tier?: string;
  readonly multiplier?: number;
  readonly day?: string;
}

const c = (
  what: string,
  model: string,
  usage: Partial<Usage>,
  lines: readonly Line[],
  more: Partial<Case> = {},
): Case => ({
  what,
  model,
  usage,
  lines,
  ...more,
});
const io = (inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): Partial<Usage> => ({
  inputTokens,
  outputTokens,
  ...more,
});

const CASES: readonly Case[] = [
  // Plain input and output, model by model
  c('astra', 'gpt-6-astra', io(10_000, 1_000), [
    [10_000, 10],
    [1_000, 50],
  ]),
  c('6 sol', 'gpt-6-sol', io(10_000, 1_000), [
    [10_000, 2],
    [1_000, 10],
  ]),
  c('6 luna', 'gpt-6-luna', io(10_000, 1_000), [
    [10_000, 0.1],
    [1_000, 0.5],
  ]),
  c('6.1 sol', 'gpt-6.1-sol', io(10_000, 1_000), [
    [10_000, 2],
    [1_000, 10],
  ]),
  c('6.1 terra', 'gpt-6.1-terra', io(10_000, 1_000), [
    [10_000, 1],
    [1_000, 5],
  ]),
  c('5.6 sol', 'gpt-5.6-sol', io(10_000, 1_000), [
    [10_000, 4],
    [1_000, 20],
  ]),
  c('5.6 terra', 'gpt-5.6-terra', io(10_000, 1_000), [
    [10_000, 2],
    [1_000, 12],
  ]),
  c('5.6 luna', 'gpt-5.6-luna', io(10_000, 1_000), [
    [10_000, 0.2],
    [1_000, 1.2],
  ]),
  c('5.5', 'gpt-5.5', io(10_000, 1_000), [
    [10_000, 5],
    [1_000, 30],
  ]),
  c('5.5 pro', 'gpt-5.5-pro', io(10_000, 1_000), [
    [10_000, 30],
    [1_000, 180],
  ]),
  c('5.4', 'gpt-5.4', io(10_000, 1_000), [
    [10_000, 2.5],
    [1_000, 15],
  ]),
  c('5.4 mini', 'gpt-5.4-mini', io(10_000, 1_000), [
    [10_000, 0.75],
    [1_000, 4.5],
  ]),
  c('5.4 nano', 'gpt-5.4-nano', io(10_000, 1_000), [
    [10_000, 0.2],
    [1_000, 1.25],
  ]),
  c('5.2', 'gpt-5.2', io(10_000, 1_000), [
    [10_000, 1.75],
    [1_000, 14],
  ]),
  c('5', 'gpt-5', io(10_000, 1_000), [
    [10_000, 1.25],
    [1_000, 10],
  ]),
  c('5 mini', 'gpt-5-mini', io(10_000, 1_000), [
    [10_000, 0.25],
    [1_000, 2],
  ]),
  c('5 nano', 'gpt-5-nano', io(10_000, 1_000), [
    [10_000, 0.05],
    [1_000, 0.4],
  ]),
  c('4.1', 'gpt-4.1', io(10_000, 1_000), [
    [10_000, 2],
    [1_000, 8],
  ]),
  c('o3', 'o3', io(10_000, 1_000), [
    [10_000, 2],
    [1_000, 8],
  ]),
  c('o4-mini', 'o4-mini', io(10_000, 1_000), [
    [10_000, 1.1],
    [1_000, 4.4],
  ]),
  c('4o', 'gpt-4o', io(10_000, 1_000), [
    [10_000, 2.5],
    [1_000, 10],
  ]),
  c('4o-mini', 'gpt-4o-mini', io(10_000, 1_000), [
    [10_000, 0.15],
    [1_000, 0.6],
  ]),
  c('small embeddings', 'text-embedding-3-small', io(1_000_000, 0), [[1_000_000, 0.02]]),
  c('large embeddings', 'text-embedding-3-large', io(1_000_000, 0), [[1_000_000, 0.13]]),
  // Caches
  c('cached at a tenth', 'gpt-6-sol', io(10_000, 0, { cachedTokens: 8_000 }), [
    [2_000, 2],
    [8_000, 0.2],
  ]),
  c('cached at a twentieth', 'gpt-6.1-sol', io(10_000, 0, { cachedTokens: 8_000 }), [
    [2_000, 2],
    [8_000, 0.1],
  ]),
  c('cached at a quarter', 'gpt-4.1', io(10_000, 0, { cachedTokens: 8_000 }), [
    [2_000, 2],
    [8_000, 0.5],
  ]),
  c('cached at a half', 'gpt-4o', io(10_000, 0, { cachedTokens: 8_000 }), [
    [2_000, 2.5],
    [8_000, 1.25],
  ]),
  c('no cached price: the full one', 'gpt-5.5-pro', io(10_000, 0, { cachedTokens: 8_000 }), [[10_000, 30]]),
  c('written for half an hour', 'gpt-6-sol', io(10_000, 0, { cacheWriteTokens: 4_000 }), [
    [6_000, 2],
    [4_000, 2.5],
  ]),
  c(
    'written for 12 hours',
    'gpt-6-sol',
    io(10_000, 0, { cacheWriteTokens: 4_000, cacheWrite12hTokens: 4_000 }),
    [
      [6_000, 2],
      [4_000, 5],
    ],
  ),
  c(
    'some written for each',
    'gpt-6.1-terra',
    io(10_000, 100, { cachedTokens: 3_000, cacheWriteTokens: 4_000, cacheWrite12hTokens: 1_000 }),
    [
      [3_000, 1],
      [3_000, 0.05],
      [3_000, 1.25],
      [1_000, 2.5],
      [100, 5],
    ],
  ),
  c('writing is free where it has no price', 'gpt-5.4', io(10_000, 0, { cacheWriteTokens: 4_000 }), [
    [10_000, 2.5],
  ]),
  c('all of it cached', 'gpt-5', io(10_000, 0, { cachedTokens: 10_000 }), [[10_000, 0.125]]),
  // Reasoning is output
  c('reasoning', 'gpt-5', io(1_000, 5_000, { reasoningTokens: 4_000 }), [
    [1_000, 1.25],
    [5_000, 10],
  ]),
  // Tiers
  c(
    'flex',
    'gpt-5.4',
    io(10_000, 1_000),
    [
      [10_000, 1.25],
      [1_000, 7.5],
    ],
    { tier: 'flex' },
  ),
  c(
    'batch',
    'gpt-6-sol',
    io(10_000, 1_000, { cachedTokens: 5_000 }),
    [
      [5_000, 1],
      [5_000, 0.1],
      [1_000, 5],
    ],
    { tier: 'batch' },
  ),
  c(
    'priority',
    'gpt-5.4',
    io(10_000, 1_000),
    [
      [10_000, 5],
      [1_000, 30],
    ],
    { tier: 'priority' },
  ),
  c(
    'priority of 5.5',
    'gpt-5.5',
    io(10_000, 1_000),
    [
      [10_000, 12.5],
      [1_000, 75],
    ],
    { tier: 'priority' },
  ),
  c(
    'fast, cached in the same ratio',
    'gpt-6.1-sol',
    io(10_000, 1_000, { cachedTokens: 8_000 }),
    [
      [2_000, 4],
      [8_000, 0.2],
      [1_000, 20],
    ],
    { tier: 'fast' },
  ),
  // Long contexts: above 272,000 tokens of input the whole call
  c('just short', 'gpt-5.5', io(272_000, 1_000), [
    [272_000, 5],
    [1_000, 30],
  ]),
  c('just long', 'gpt-5.5', io(272_001, 1_000), [
    [272_001, 10],
    [1_000, 45],
  ]),
  c(
    'long, cached and written',
    'gpt-6.1-sol',
    io(300_000, 1_000, { cachedTokens: 200_000, cacheWriteTokens: 50_000 }),
    [
      [50_000, 4],
      [200_000, 0.2],
      [50_000, 5],
      [1_000, 15],
    ],
  ),
  c(
    'long and flex',
    'gpt-6-sol',
    io(300_000, 1_000),
    [
      [300_000, 2],
      [1_000, 7.5],
    ],
    { tier: 'flex' },
  ),
  // Factors of accounts
  c(
    'ten per cent for residency',
    'gpt-6-sol',
    io(10_000, 1_000),
    [
      [10_000, 2.2],
      [1_000, 11],
    ],
    { multiplier: 1.1 },
  ),
  c(
    'a discount',
    'gpt-5',
    io(10_000, 1_000),
    [
      [10_000, 1],
      [1_000, 8],
    ],
    { multiplier: 0.8 },
  ),
  // Fees
  c(
    'searches',
    'gpt-6-sol',
    io(10_000, 1_000, { webSearches: 3 }),
    [
      [10_000, 2],
      [1_000, 10],
    ],
    { fees: 0.03 },
  ),
  c('searches know no tiers', 'gpt-5.4', io(1_000, 0, { webSearches: 1 }), [[1_000, 1.25]], {
    fees: 0.01,
    tier: 'flex',
  }),
  // Dates
  c('before a price was cut', 'gpt-5.6-sol', io(100_000, 0), [[100_000, 5]], { day: '2026-08-01' }),
  c('a dated name', 'gpt-5.5-2026-04-23', io(10_000, 0), [[10_000, 5]]),
  c('nothing used', 'gpt-5', io(0, 0), []),
];

const DAY = '2026-11-15';
const at = (day: string): number => Date.parse(`${day}T12:00:00Z`);
const nano = (lines: readonly Line[], fees: number): number =>
  Math.round(lines.reduce((sum, [tokens, dollars]) => sum + tokens * dollars * 1_000, 0) + fees * 1e9);

function charge(book: ReturnType<typeof createPriceBook>, one: Case): number | null {
  const usage: Usage = { ...UNKNOWN_USAGE, ...one.usage };
  const prices = book.prices(one.model, {
    inputTokens: usage.inputTokens,
    serviceTier: one.tier ?? null,
    multiplier: one.multiplier ?? 1,
    atMs: at(one.day ?? DAY),
  });
  return prices === null ? null : book.cost(usage, prices);
}

describe('An invoice worked out by hand', () => {
  const book = createPriceBook({ today: () => at(DAY) });
  test('there are enough of them', () => expect(CASES.length).toBeGreaterThanOrEqual(40));
  test.each(CASES)('$what', (one) => {
    expect(charge(book, one)).toBe(nano(one.lines, one.fees ?? 0));
  });
});

describe('The operator’s own prices', () => {
  let own: PriceOverrides = { version: '1', source: 'operator', models: [] };
  const book = createPriceBook({ today: () => at(DAY), own: () => own });
  const set = (...models: PriceOverrides['models']): void => {
    own = { version: `${Number(own.version) + 1}`, source: 'operator', models };
  };
  const cost = (model: string, over: Partial<Case> = {}) =>
    charge(book, c('', model, io(1_000_000, 1_000_000), [], over));

  test('stand before all others from their day on, hold at once, and are named as their source', () => {
    expect(cost('gpt-5')).toBe(11_250_000_000);
    set({ id: 'gpt-5', from: '2026-11-10', input: 1, output: 2 });
    expect(cost('gpt-5')).toBe(3_000_000_000);
    expect(cost('gpt-5', { day: '2026-11-09' })).toBe(11_250_000_000);
    expect(
      book.prices('gpt-5', { inputTokens: 1, serviceTier: null, multiplier: 1, atMs: at(DAY) })?.source,
    ).toBe('operator');
    set();
    expect(cost('gpt-5')).toBe(11_250_000_000);
  });

  test('price what nobody else does, by the beginning of a name, the nearest first', () => {
    expect(cost('ft:gpt-4.1:acme::x1')).toBeNull();
    set(
      { id: 'ft:*', from: '2026-01-01', input: 9, output: 9 },
      { id: 'ft:gpt-4.1:*', from: '2026-01-01', input: 3, output: 12 },
    );
    expect(cost('ft:gpt-4.1:acme::x1')).toBe(15_000_000_000);
    expect(cost('ft:gpt-4o:acme::x2')).toBe(18_000_000_000);
  });

  test('may charge for each call, without the factor of a tier', () => {
    set({ id: 'relay', from: '2026-01-01', input: 0, output: 0, perRequest: 0.002 });
    expect(cost('relay')).toBe(2_000_000);
    expect(cost('relay', { tier: 'flex' })).toBe(2_000_000);
    expect(cost('relay', { multiplier: 1.5 })).toBe(3_000_000);
  });

  test('of which the later one holds', () => {
    set(
      { id: 'relay', from: '2026-11-01', input: 2, output: 0 },
      { id: 'relay', from: '2026-01-01', input: 1, output: 0 },
    );
    expect(cost('relay')).toBe(2_000_000_000);
    expect(cost('relay', { day: '2026-10-31' })).toBe(1_000_000_000);
  });
});
