import { describe, expect, test } from 'vitest';
import { bucketTick } from '../../app/_components/bucket-tick.ts';
import { axisOf } from '../../app/_components/chart-axis.ts';
import { codexFile, keyPiece, openCodeFile } from '../../app/_components/client-guides.ts';
import { readAmount, withLimit } from '../../app/_components/limit-fields.ts';
import { preferredModel } from '../../app/_components/model-choice.ts';
import { codeText } from '../../app/_components/snippet.tsx';
import { mergeTick } from '../../app/_data/live-calls.ts';
import type { LiveTick, RequestRowView } from '../../lib/wire/views.ts';

const CHOICE = { endpoint: 'http://127.0.0.1:8080/v1', model: 'gpt-5.5', key: keyPiece('laptop', null) };
const NOW = Date.UTC(2026, 10, 22, 12);

describe('axis', () => {
  test.each([1, 7, 38, 2.1, 0.0016, 14_208, 98_100_000])(
    '%d stands below a round top with a few lines',
    (highest) => {
      const { top, steps } = axisOf(highest);
      expect(top).toBeGreaterThan(highest);
      expect(top).toBeLessThan(highest * 1.6);
      expect(steps.length).toBeGreaterThanOrEqual(4);
      expect(steps.length).toBeLessThanOrEqual(8);
    },
  );

  test('nothing to show still has a base line', () => {
    expect(axisOf(0)).toEqual({ top: 1, step: 1, steps: [0] });
  });
});

describe('limits as they are typed', () => {
  test('thousands, dollars and blanks are read; nothing is no limit; nonsense and zero are wrong', () => {
    expect(readAmount(' $1,200.50 ')).toBe(1200.5);
    expect(readAmount('')).toBeNull();
    expect(readAmount('0')).toBeUndefined();
    expect(readAmount('a lot')).toBeUndefined();
  });

  test('setting one amount leaves the others, and taking the last one away leaves no empty window', () => {
    const both = withLimit({ day: { tokens: 5 } }, 'day', 'cost', 2);
    expect(both).toEqual({ day: { tokens: 5, cost: 2_000_000_000 } });
    expect(withLimit({ day: { tokens: 5 } }, 'day', 'tokens', null)).toEqual({});
  });
});

describe('names under bars', () => {
  const at = (hour: number) => new Date(2026, 10, 20, hour).getTime();
  const names = (count: number, running: boolean, narrow = false) =>
    Array.from({ length: count }, (_, n) =>
      bucketTick(at(n), n, count, { stepMs: 3_600_000, running, narrow }),
    ).filter((name) => name !== null);

  test('hours of a day are told by the clock, those of a week by their days', () => {
    expect(names(24, true)).toEqual(['04:00', '08:00', '12:00', '16:00', '20:00', 'now']);
    expect(names(168, true)).toEqual([...[21, 22, 23, 24, 25, 26].map((date) => `${date} Nov`), 'now']);
    expect(names(168, true, true)).toEqual(['22 Nov', '24 Nov', 'now']);
  });

  test('a time that is over has no bar of now', () => {
    expect(names(24, false)).toEqual(['04:00', '08:00', '12:00', '16:00', '20:00']);
  });
});

describe('snippets', () => {
  test('OpenCode’s file is JSON that names address, key and model', () => {
    const whole = codeText(openCodeFile({ ...CHOICE, key: keyPiece('laptop', `cam-${'x'.repeat(48)}`) }));
    expect(JSON.parse(whole)).toMatchObject({
      model: 'openai/gpt-5.5',
      provider: { openai: { options: { baseURL: CHOICE.endpoint, apiKey: `cam-${'x'.repeat(48)}` } } },
    });
  });

  test('Codex is told by its file alone, with the line without which it sends no key', () => {
    const file = codeText(codexFile(CHOICE));
    expect(file).toContain('env_key = "OPENAI_API_KEY"');
    expect(file).toContain('wire_api = "responses"');
    expect(file).not.toContain('OPENAI_BASE_URL');
  });

  test('a key of which only a digest is kept is a slot, and one just made is masked to the eye only', () => {
    expect(keyPiece('laptop', null)).toMatchObject({ slot: true, text: '<your laptop key>' });
    const key = `cam-${'y'.repeat(48)}`;
    const piece = keyPiece('laptop', key);
    expect(piece).toMatchObject({ text: key });
    expect(JSON.stringify({ ...(piece as object), text: '' })).not.toContain(key);
  });

  test('the model named unasked is one that can talk', () => {
    expect(preferredModel([{ id: 'text-embedding-3-large', accounts: ['a', 'b'] }])).toBe('gpt-5.5');
    expect(
      preferredModel([
        { id: 'gpt-6-nano', accounts: ['a'] },
        { id: 'gpt-6-sol', accounts: ['a'] },
      ]),
    ).toBe('gpt-6-sol');
  });
});

describe('calls as they come and go', () => {
  const call = (id: string, agoMs: number, outcome: RequestRowView['outcome'] = null): RequestRowView =>
    ({ id, startedAtMs: NOW - agoMs, outcome }) as RequestRowView;
  const tick = (calls: readonly RequestRowView[]): LiveTick => ({ nowMs: NOW, calls }) as unknown as LiveTick;
  const every = () => true;

  test('a call that ended takes the place of itself under way, newest first', () => {
    const rows = mergeTick(
      [call('a', 9_000), call('b', 20_000, 'delivered')],
      tick([call('a', 9_000, 'delivered'), call('c', 100)]),
      every,
      10,
    );
    expect(rows.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'c null',
      'a delivered',
      'b delivered',
    ]);
  });

  test('a call under way that the server no longer names does not run for ever', () => {
    expect(mergeTick([call('gone', 60_000)], tick([]), every, 10)).toEqual([]);
    expect(mergeTick([call('just begun', 500)], tick([]), every, 10)).toHaveLength(1);
  });

  test('the list never outgrows its bound and takes only what its filter lets through', () => {
    const many = Array.from({ length: 80 }, (_, at) => call(`n${at}`, at, 'delivered'));
    expect(mergeTick([], tick(many), every, 50)).toHaveLength(50);
    expect(mergeTick([], tick(many), ({ id }) => id === 'n7', 50)).toHaveLength(1);
  });
});
