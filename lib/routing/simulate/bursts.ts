/** Made-up calls that belong to no conversation: questions of scripts, and embeddings of an index being built. */
import { SECOND_MS } from '../../base/time.ts';
import type { Draw } from './draw.ts';
import type { TraceCall } from './trace.ts';

const ALONE = {
  session: null,
  parent: null,
  opening: null,
  openingTokens: 0,
  sealed: false,
  requestBytes: null,
} as const;

export function chatBurst(fromMs: number, draw: Draw): TraceCall[] {
  // Mostly one question, now and then a batch that asks many.
  const count = draw.chance(0.15) ? draw.around(30, 0.7, 150) : draw.between(1, 3);
  return spread(fromMs, count, draw, (atMs) => {
    const outputTokens = draw.around(280, 0.7, 4_000);
    return {
      ...ALONE,
      atMs,
      endpoint: 'POST /chat/completions',
      model: 'gpt-5.4-mini',
      client: 'script',
      inputTokens: draw.around(1_200, 0.9, 30_000),
      outputTokens,
      durationMs: SECOND_MS / 2 + outputTokens * 8,
    };
  });
}

export function embeddingBurst(fromMs: number, draw: Draw): TraceCall[] {
  return spread(fromMs, draw.around(20, 0.8, 200), draw, (atMs) => ({
    ...ALONE,
    atMs,
    endpoint: 'POST /embeddings',
    model: 'text-embedding-3-small',
    client: 'indexer',
    inputTokens: draw.around(4_000, 0.5, 8_000),
    outputTokens: 0,
    durationMs: draw.around(250, 0.4, 3_000),
  }));
}

function spread(fromMs: number, count: number, draw: Draw, call: (atMs: number) => TraceCall): TraceCall[] {
  let atMs = fromMs;
  return Array.from({ length: count }, () => {
    const made = call(atMs);
    atMs += draw.around(400, 0.8, 10 * SECOND_MS);
    return made;
  });
}
