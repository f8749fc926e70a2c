import { describe, expect, test } from 'vitest';
import { brokenEnding } from '../../../lib/metering/broken-ending.ts';
import { createMeter } from '../../../lib/metering/meter.ts';
import { readEvents } from '../../../lib/metering/sse-read.ts';
import { bytesOf, named } from './streams.ts';

const NOW = Date.UTC(2026, 10, 22);

describe('the last event of a stream that broke', () => {
  test('continues a Responses stream with its id and the next sequence number', () => {
    const meter = createMeter('responses', { stream: true });
    meter.push(bytesOf(named('response.created', { sequence_number: 0, response: { id: 'resp_77' } })));
    meter.push(
      bytesOf(named('response.output_text.delta', { delta: '"sequence_number":99', sequence_number: 8 })),
    );
    const ending = brokenEnding('responses', {
      responseId: meter.responseId(),
      nextSequence: meter.nextSequence(),
      nowMs: NOW,
    });
    const [event] = readEvents(ending);
    expect(event?.name).toBe('response.failed');
    expect(event?.json).toMatchObject({
      type: 'response.failed',
      sequence_number: 9,
      response: { id: 'resp_77', status: 'failed', error: { code: 'upstream_interrupted' } },
    });
    meter.push(ending);
    expect(meter.onBoundary()).toBe(true);
    expect(meter.sawError()).toBe(true);
  });

  test('says what makes OpenCode send the request again, whatever the reason', () => {
    for (const more of [{}, { code: 'shutting_down' as const }, { message: 'It is raining.' }]) {
      for (const family of ['responses', 'chat'] as const) {
        const options = { responseId: null, nextSequence: null, nowMs: NOW, ...more };
        expect(new TextDecoder().decode(brokenEnding(family, options))).toContain('retry your request');
      }
    }
  });

  test('is an error chunk everywhere else, without an end marker after it', () => {
    const options = { responseId: null, nextSequence: null, nowMs: NOW, code: 'shutting_down' as const };
    const [event] = readEvents(brokenEnding('chat', options));
    expect(event?.name).toBeNull();
    expect(event?.json).toEqual({
      error: { message: expect.any(String), type: 'server_error', param: null, code: 'shutting_down' },
    });
  });
});
