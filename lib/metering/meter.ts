/**
 * The meter of one answer: it is shown every chunk on its way to the client, touches none, and at the end
 * tells what was used and how far the answer had come. The last report of usage wins.
 */
import type { Hash } from '../base/hash.ts';
import type { EndpointFamily } from '../calls/endpoint.ts';
import { JsonEnd } from './json-end.ts';
import { createJsonMeter } from './json-meter.ts';
import type { Meter } from './meter-reading.ts';
import { Seals } from './seals.ts';
import { createSseMeter } from './sse-meter.ts';

export type { Meter, MeterReading } from './meter-reading.ts';

export interface MeterOptions {
  readonly stream: boolean;
  /** Given, sealed items of Responses are remembered by their hashes. */
  readonly hash?: Hash;
  /** How many answers were asked for at once; 1 where that is not said. */
  readonly choices?: number;
  /** The body is JSON whose end its brackets tell, and not only the transport. */
  readonly endsByBrackets?: boolean;
}

export function createMeter(
  family: EndpointFamily,
  { stream, hash, choices, endsByBrackets }: MeterOptions,
): Meter {
  const seals = hash !== undefined && family === 'responses' ? new Seals(hash) : null;
  return stream
    ? createSseMeter(family, seals, choices)
    : createJsonMeter(seals, endsByBrackets ? new JsonEnd() : null);
}
