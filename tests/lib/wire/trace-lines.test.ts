import { describe, expect, it } from 'vitest';
import { CamError } from '../../../lib/errors.ts';
import { syntheticDay } from '../../../lib/routing/simulate/synthetic-day.ts';
import { createTraceReader, TRACE_LINE_LENGTH_MAX, traceLines } from '../../../lib/wire/trace-lines.ts';

const HEAD = '{"kind":"trace","version":1,"startsAt":"2026-11-23T00:00:00Z"}';
const CALL =
  '{"kind":"call","atMs":0,"endpoint":"POST /responses","model":"gpt-5.4","inputTokens":10,"outputTokens":5,"durationMs":900}';

function read(lines: readonly string[]) {
  const reader = createTraceReader();
  for (const line of lines) reader.line(line);
  return reader.trace();
}

function refusal(lines: readonly string[]): string {
  try {
    read(lines);
  } catch (thrown) {
    if (thrown instanceof CamError) return `${thrown.kind.exit} ${thrown.message}`;
  }
  return 'it was read';
}

describe('a trace as a file', () => {
  it('is read back as it was written', () => {
    const trace = syntheticDay({
      seed: 7,
      startsAtMs: Date.UTC(2026, 10, 23),
      calls: 400,
      troubledAccounts: 3,
    });
    expect(read([...traceLines(trace)])).toEqual(trace);
  });

  it('may leave out what has a default, and be out of order', () => {
    const later = CALL.replace('"atMs":0', '"atMs":5,"session":"s"');
    expect(read([HEAD, '', later, CALL, '{"kind":"fault","fault":"outage","fromMs":0,"toMs":9}'])).toEqual({
      startsAtMs: Date.UTC(2026, 10, 23),
      calls: [
        {
          atMs: 0,
          endpoint: 'POST /responses',
          model: 'gpt-5.4',
          client: 'client',
          session: null,
          parent: null,
          inputTokens: 10,
          outputTokens: 5,
          durationMs: 900,
          opening: null,
          openingTokens: 0,
          sealed: false,
          requestBytes: null,
        },
        expect.objectContaining({ atMs: 5, session: 's' }),
      ],
      faults: [{ fault: 'outage', fromMs: 0, toMs: 9, accounts: null, share: 1 }],
    });
  });

  it.each<[string, readonly string[], string]>([
    ['nothing', [], 'line 0: the trace is empty'],
    ['no calls', [HEAD], 'line 1: the trace has no calls'],
    ['no first line', [CALL], 'line 1: kind'],
    ['another version', [HEAD.replace('"version":1', '"version":2')], 'line 1: version'],
    ['half a line', [HEAD, CALL, CALL.slice(0, 40)], 'line 3: it is not JSON'],
    ['a list', [HEAD, '[]'], 'line 2: it: '],
    ['an unknown kind', [HEAD, '{"kind":"rumour"}'], 'line 2: kind'],
    ['an unknown field', [HEAD, CALL.replace('"atMs"', '"at":1,"atMs"')], 'line 2: it: '],
    ['a negative time', [HEAD, CALL.replace('"atMs":0', '"atMs":-1')], 'line 2: atMs'],
    ['tokens that are no whole number', [HEAD, CALL.replace(':10,', ':1.5,')], 'line 2: inputTokens'],
    ['absurdly many tokens', [HEAD, CALL.replace(':10,', ':1e12,')], 'line 2: inputTokens'],
    [
      'an endpoint of nobody',
      [HEAD, CALL.replace('/responses', '/answers')],
      'line 2: endpoint: no such endpoint',
    ],
    [
      'a fault that ends before it begins',
      [HEAD, CALL, '{"kind":"fault","fault":"errors","fromMs":9,"toMs":9}'],
      'line 3: toMs: must be later than fromMs',
    ],
    [
      'an unknown fault',
      [HEAD, CALL, '{"kind":"fault","fault":"flood","fromMs":0,"toMs":9}'],
      'line 3: fault',
    ],
    ['a line without end', [HEAD, ' '.repeat(TRACE_LINE_LENGTH_MAX) + CALL], 'line 2: it is too long'],
  ])('with %s is refused by the number of the line', (_, lines, why) => {
    expect(refusal(lines)).toContain(`2 The trace cannot be read, ${why}`);
  });
});
