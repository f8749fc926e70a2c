/**
 * Prompt caches as providers keep them: per organisation and model, by exact prefix, from 1,024 tokens on, for as
 * long as they are used. A conversation's next turn finds what its last turn sent; a new conversation finds the
 * opening that it shares with others. One that became shorter was compacted: only its opening is the same.
 */
import type { TraceCall } from './trace.ts';

export const CACHE_TOKENS_MIN = 1_024;
const STEP_TOKENS = 128;

interface Kept {
  readonly generation: number;
  readonly tokens: number;
  readonly untilMs: number;
}

export interface PromptCaches {
  /** @param stepped counts in steps of 128 tokens, as older models do */
  cachedTokens(organization: string, call: TraceCall, nowMs: number, stepped: boolean): number;
  remember(organization: string, call: TraceCall, nowMs: number): void;
}

/** @param generations of each call, see `generationsOf` */
export function createPromptCaches(
  idleMs: number,
  generations: ReadonlyMap<TraceCall, number>,
): PromptCaches {
  const kept = new Map<string, Kept>();

  const found = (key: string | null, generation: number, nowMs: number): number => {
    const entry = key === null ? undefined : kept.get(key);
    if (entry === undefined || entry.untilMs <= nowMs || entry.generation !== generation) return 0;
    return entry.tokens;
  };

  return {
    cachedTokens(organization, call, nowMs, stepped) {
      const ofSession = found(sessionKey(organization, call), generations.get(call) ?? 0, nowMs);
      const ofOpening = found(openingKey(organization, call), 0, nowMs);
      const tokens = Math.min(call.inputTokens, Math.max(ofSession, ofOpening));
      if (tokens < CACHE_TOKENS_MIN) return 0;
      return stepped ? Math.floor(tokens / STEP_TOKENS) * STEP_TOKENS : tokens;
    },
    remember(organization, call, nowMs) {
      const untilMs = nowMs + idleMs;
      const generation = generations.get(call) ?? 0;
      const session = sessionKey(organization, call);
      if (session !== null) kept.set(session, { generation, tokens: call.inputTokens, untilMs });
      const opening = openingKey(organization, call);
      if (opening === null) return;
      const tokens = Math.min(call.openingTokens, call.inputTokens);
      kept.set(opening, { generation: 0, tokens, untilMs });
    },
  };
}

/** How often each call's conversation had been compacted by then; the same whoever serves it. */
export function generationsOf(calls: readonly TraceCall[]): ReadonlyMap<TraceCall, number> {
  const sessions = new Map<string, { generation: number; tokens: number }>();
  const generations = new Map<TraceCall, number>();
  for (const call of calls) {
    if (call.session === null) continue;
    const before = sessions.get(call.session);
    const shrunk = before !== undefined && call.inputTokens < before.tokens;
    const generation = (before?.generation ?? 0) + (shrunk ? 1 : 0);
    sessions.set(call.session, { generation, tokens: call.inputTokens });
    generations.set(call, generation);
  }
  return generations;
}

function sessionKey(organization: string, { session, model }: TraceCall): string | null {
  return session === null ? null : `session ${organization} ${model ?? ''} ${session}`;
}

function openingKey(organization: string, { opening, model }: TraceCall): string | null {
  return opening === null ? null : `opening ${organization} ${model ?? ''} ${opening}`;
}
