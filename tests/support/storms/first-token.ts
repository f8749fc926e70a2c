/**
 * What holding start-up events back costs an ordinary stream: from the moment in which the provider writes the first
 * piece of output to the moment in which the client has it, with the hold-back (`/responses`) and without it (the
 * same bytes on a surface whose streams are not held). Both take turns in one process.
 */
import { request } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { CLIENT_KEY, openRig } from '../gateway-rig.ts';
import { openSpokenUpstream, SAYS } from '../spoken-upstream.ts';

export interface Delay {
  /** What one in twenty comes under: the machine did nothing else just then. */
  readonly undisturbedUs: number;
  readonly medianUs: number;
}

const WARM_UP = 200;

export async function measureFirstToken(samples: number): Promise<{ held: Delay; passed: Delay }> {
  let writtenMs = 0;
  await using upstream = await openSpokenUpstream(async (response) => {
    response.write(SAYS.created);
    await setImmediate();
    response.write(SAYS.inProgress);
    await setImmediate();
    writtenMs = performance.now();
    response.write(SAYS.delta);
    await setImmediate();
    response.end(SAYS.completed);
  });
  await using rig = await openRig({ accounts: [] });
  rig.put({ name: 'one', baseUrl: upstream.baseUrl });
  const once = async (path: string): Promise<number> => {
    const seenMs = await firstToken(rig.url, path);
    return (seenMs - writtenMs) * 1_000;
  };
  const held: number[] = [];
  const passed: number[] = [];
  for (let n = -WARM_UP; n < samples; n++) {
    const one = await once('/v1/responses');
    const other = await once('/v1/embeddings');
    if (n < 0) continue;
    held.push(one);
    passed.push(other);
  }
  return { held: delayOf(held), passed: delayOf(passed) };
}

function firstToken(url: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let seenMs = 0;
    const headers = { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' };
    const outgoing = request(`${url}${path}`, { method: 'POST', headers }, (incoming) => {
      incoming.on('data', (chunk: Buffer) => {
        if (seenMs === 0 && chunk.includes('output_text.delta')) seenMs = performance.now();
      });
      incoming.once('close', () => resolve(seenMs));
    });
    outgoing.once('error', reject);
    outgoing.end(JSON.stringify({ model: 'gpt-5', input: 'Say hello.', stream: true, store: false }));
  });
}

function delayOf(samples: readonly number[]): Delay {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  return { undisturbedUs: at(0.05), medianUs: at(0.5) };
}
