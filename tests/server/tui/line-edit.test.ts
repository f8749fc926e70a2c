/** A line that is typed: by characters as people count them, and nothing in it that could steer a terminal. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gauge, heartbeat, toneOf } from '../../../server/tui/blocks.ts';
import { lineOf, pressed, textOf, typed, windowOf } from '../../../server/tui/line-edit.ts';

const NONE = {
  leftArrow: false,
  rightArrow: false,
  home: false,
  end: false,
  backspace: false,
  delete: false,
  ctrl: false,
  meta: false,
};
const after = (start: string, ...keys: readonly (Partial<typeof NONE> | string)[]): string => {
  const end = keys.reduce<ReturnType<typeof lineOf>>(
    (line, key) =>
      typeof key === 'string'
        ? (pressed(line, key, NONE) ?? line)
        : (pressed(line, '', { ...NONE, ...key }) ?? line),
    lineOf(start),
  );
  return `${end.text.slice(0, end.cursor).join('')}|${end.text.slice(end.cursor).join('')}`;
};

describe('a line', () => {
  test.each([
    ['types where the cursor stands', ['abc', { leftArrow: true }, 'x'], 'abx|c'],
    ['goes to both ends', ['abc', { home: true }, 'x', { end: true }, 'y'], 'xabcy|'],
    [
      'deletes before and behind',
      ['abcd', { leftArrow: true }, { backspace: true }, { delete: true }],
      'ab|',
    ],
    ['deletes whole characters', ['a👩‍👩‍👧é', { backspace: true }, { backspace: true }], 'a|'],
    ['stops at the ends', ['a', { rightArrow: true }, { home: true }, { backspace: true }], '|a'],
  ] as const)('%s', (_name, [start, ...keys], end) => {
    expect(after(start, ...keys)).toBe(end);
  });

  test('never holds what could steer a terminal, and keeps its cursor inside', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (first, second) => {
        const line = typed(typed(lineOf(''), first), second);
        expect(textOf(line)).not.toMatch(/\p{Cc}/u);
        expect(line.cursor).toBe(line.text.length);
      }),
    );
  });

  test('shows the part around its cursor', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.integer({ min: 2, max: 30 }), (length, at, width) => {
        const line = { ...lineOf('x'.repeat(length)), cursor: Math.min(at, length) };
        const { shown, at: cursor } = windowOf(line, width);
        expect(shown.length).toBeLessThan(width);
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThanOrEqual(shown.length);
      }),
    );
  });
});

describe('blocks', () => {
  test('a gauge is as wide as told, whatever it shows; unknown is no zero', () => {
    expect(gauge(0.5, 8)).toBe('████░░░░');
    expect(gauge(0.33, 8)).toBe('██▋░░░░░');
    expect(gauge(0, 8)).toBe('░░░░░░░░');
    expect(gauge(7, 8)).toBe('████████');
    expect(gauge(null, 8)).toBe('········');
    expect([0.5, 0.75, 0.9, null].map(toneOf)).toEqual(['dim', 'warn', 'bad', 'dim']);
  });

  test('a heartbeat shows the latest steps, by how busy and how well they were', () => {
    const steps = [
      { ok: 9, limited: 0, failed: 0 },
      null,
      { ok: 4, limited: 1, failed: 0 },
      { ok: 0, limited: 0, failed: 10 },
    ];
    expect(heartbeat({ fromMs: 0, stepMs: 600_000, steps }, 3)).toEqual([
      { block: '·', tone: 'dim' },
      { block: '▄', tone: 'warn' },
      { block: '█', tone: 'bad' },
    ]);
  });
});
