/**
 * One conversation of one coding agent, as plain as it gets: every turn sends the whole conversation again and a
 * little more. The smallest trace that shows what it costs to carry a conversation between organisations.
 */
import type { Trace, TraceCall } from './trace.ts';

export interface AgentLoop {
  readonly startsAtMs: number;
  readonly model: string;
  readonly turns: number;
  readonly firstTokens: number;
  readonly tokensPerTurn: number;
  readonly outputTokens: number;
  readonly betweenMs: number;
}

export const AGENT_LOOP: Omit<AgentLoop, 'startsAtMs'> = {
  model: 'gpt-6.1-sol',
  turns: 20,
  firstTokens: 20_000,
  tokensPerTurn: 2_500,
  outputTokens: 500,
  betweenMs: 20_000,
};

const DURATION_MS = 8_000;

export function agentLoop(loop: AgentLoop): Trace {
  const calls: TraceCall[] = [];
  for (let turn = 0; turn < loop.turns; turn++) {
    calls.push({
      atMs: turn * loop.betweenMs,
      endpoint: 'POST /responses',
      model: loop.model,
      client: 'agent',
      session: 'loop',
      parent: null,
      inputTokens: loop.firstTokens + turn * loop.tokensPerTurn,
      outputTokens: loop.outputTokens,
      durationMs: DURATION_MS,
      opening: null,
      openingTokens: 0,
      sealed: false,
      requestBytes: null,
    });
  }
  return { startsAtMs: loop.startsAtMs, calls, faults: [] };
}
