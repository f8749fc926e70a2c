/**
 * The meter of one answer: it is shown every chunk on its way to the client, touches none, and at the end
 * tells what was used and how far the answer had come. The last report of usage wins.
 */
import type { Hash } from '../base/hash.ts';
import type { EndpointFamily } from '../calls/endpoint.ts';
import { createJsonMeter } from './json-meter.ts';
import type { Meter } from './meter-reading.ts';
import { Seals } from './seals.ts';
import { createSseMeter } from './sse-meter.ts';

export type { Meter, MeterReading } from './meter-reading.ts';

export interface MeterOptions {
  readonly stream: boolean;
  /** Given, sealed items of Responses are remembered by their hashes. */
  readonly hash?: Hash;
}

export function createMeter(family: EndpointFamily, { stream, hash }: MeterOptions): Meter {
  const seals = hash !== undefined && family === 'responses' ? new Seals(hash) : null;
  return stream ? createSseMeter(family, seals) : createJsonMeter(seals);
}
