/**
 * The meter of one answer: it is shown every chunk on its way to the client, touches none, and at the end
 * tells what was used and how far the answer had come. The last report of usage wins.
 */
import type { EndpointFamily } from '../calls/endpoint.ts';
import { createJsonMeter } from './json-meter.ts';
import type { Meter } from './meter-reading.ts';
import { createSseMeter } from './sse-meter.ts';

export type { Meter, MeterReading } from './meter-reading.ts';

export function createMeter(family: EndpointFamily, options: { readonly stream: boolean }): Meter {
  return options.stream ? createSseMeter(family) : createJsonMeter();
}
