import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { EndpointFamily } from '../../../lib/calls/endpoint.ts';
import { createMeter, type Meter } from '../../../lib/metering/meter.ts';
import { bytesOf, named } from './streams.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const CHUNK = 65_536;
const USAGE = { input_tokens: 1_500, output_tokens: 900, total_tokens: 2_400 };

function heldMb(): number {
  collect();
  return process.memoryUsage().arrayBuffers / 1_048_576;
}

/**
 * Feeds a long answer chunk by chunk, each made for the occasion, and tells the most that was held of it. Memory is
 * given back a moment after it was collected, so the bounds below leave a megabyte for what was made meanwhile.
 */
function feed(meter: Meter, parts: readonly string[], fillerBytes: number): number {
  const [before = '', after = ''] = parts;
  const emptyMb = heldMb();
  let mostMb = 0;
  meter.push(bytesOf(before));
  for (let sent = 0; sent < fillerBytes; sent += CHUNK) {
    meter.push(new Uint8Array(CHUNK).fill(0x41));
    if (sent % (16 * CHUNK) === 0) mostMb = Math.max(mostMb, heldMb() - emptyMb);
  }
  meter.push(bytesOf(after));
  return Math.max(mostMb, heldMb() - emptyMb);
}

const completed = named('response.completed', { response: { id: 'resp_1', output: '@', usage: USAGE } });

describe('An answer that is too long to be kept', () => {
  it.each<[string, EndpointFamily, boolean, string, number, number]>([
    ['a response.completed of 5 MB', 'responses', true, completed, 5_000_000, 2.5],
    [
      'a JSON answer of 20 MB',
      'chat',
      false,
      JSON.stringify({ id: 'x', b: '@', usage: USAGE }),
      20_000_000,
      5,
    ],
  ])('%s is held in part only, and its usage is found', (_what, family, stream, text, bytes, mostMb) => {
    const meter = createMeter(family, { stream });
    const held = feed(meter, text.split('@'), bytes);
    const reading = meter.end();
    expect(reading.usage).toMatchObject({ inputTokens: 1_500, outputTokens: 900, totalTokens: 2_400 });
    expect(reading.bytes).toBeGreaterThan(bytes);
    expect(reading.sawTerminal).toBe(true);
    expect(held).toBeLessThan(mostMb);
  });

  it('is read by its tail also when a long event comes in one piece', () => {
    const meter = createMeter('responses', { stream: true });
    meter.push(bytesOf(completed.replace('@', 'A'.repeat(5_000_000))));
    expect(meter.end()).toMatchObject({ sawTerminal: true, usage: { totalTokens: 2_400 } });
  });

  it('has no usage when that stood before the part that was kept', () => {
    const meter = createMeter('responses', { stream: true });
    const response = { usage: USAGE, output: '@' };
    feed(meter, named('response.completed', { response }).split('@'), 1_000_000);
    expect(meter.end()).toMatchObject({ sawTerminal: true, usage: null });
  });
});
