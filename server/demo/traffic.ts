/**
 * Calls as they come: a few agents at a time talk through the real `/v1` with the client keys of the story, each waiting for
 * its answer before it goes on. Bounded in number; it ends when it is told to.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../lib/base/random.ts';
import { type DemoClient, weighted } from './story.ts';

export interface TrafficOptions {
  /** With `/v1`. */
  readonly url: string;
  readonly clients: readonly (DemoClient & { readonly key: string })[];
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Agents at work at the same time. */
const AGENTS = 6;
const THINKS_MS = 7_000;
const TURNS_MAX = 14;
const FIRST_CONTEXT_CHARACTERS = 44_000;

/** Resolves when the last agent has stopped. */
export async function talk(options: TrafficOptions): Promise<void> {
  const agents = Array.from({ length: AGENTS }, (_, at) => agent(options, seededRandom(options.seed + at)));
  await Promise.all(agents);
}

async function agent({ url, clients, signal }: TrafficOptions, random: () => number): Promise<void> {
  while (!signal.aborted) {
    const client = weighted(
      clients.map((one) => [one, one.part] as const),
      random,
    );
    const model = weighted(client.models, random);
    const session = `demo-${Math.floor(random() * 1e9)}`;
    const size = FIRST_CONTEXT_CHARACTERS * (0.4 + random());
    const input: object[] = [{ role: 'user', content: `Read this. ${filler(random, size)}` }];
    const turns = 1 + Math.floor(random() * TURNS_MAX);
    for (let turn = 0; turn < turns && !signal.aborted; turn++) {
      const wanted = filler(random, 80 + random() * random() * 2_400);
      input.push({ role: 'user', content: `${filler(random, random() * 9_000)} Now say exactly: ${wanted}` });
      await ask(url, client, { model, input, stream: true, store: false, prompt_cache_key: session }, signal);
      input.push({ role: 'assistant', content: wanted });
      await pause(500 + random() * THINKS_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** What came back is only read to its end; an error is an answer too. */
async function ask(
  url: string,
  { key, userAgent }: { readonly key: string; readonly userAgent: string },
  body: object,
  signal: AbortSignal,
): Promise<void> {
  try {
    const answer = await fetch(`${url}/responses`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'user-agent': userAgent,
      },
      body: JSON.stringify(body),
      signal,
    });
    await answer.text();
  } catch {
    // Stopped in the middle, or the server is locked: the next turn will see.
  }
}

const WORDS =
  'module test branch cache ledger account window limit request answer stream token retry plan'.split(' ');

function filler(random: () => number, characters: number): string {
  let text = '';
  while (text.length < characters) text += `${WORDS[Math.floor(random() * WORDS.length)]} `;
  return text;
}
