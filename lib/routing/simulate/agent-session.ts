/**
 * A made-up conversation of a coding agent: every turn sends the growing conversation again; between turns tools
 * run or a person thinks; a conversation that grew too long is compacted; some start sub-agents, several at once.
 */
import { MINUTE_MS, SECOND_MS } from '../../base/time.ts';
import type { Draw } from './draw.ts';
import type { TraceCall } from './trace.ts';

interface Agent {
  readonly client: string;
  readonly model: string;
  /** Instructions and tools, the same in each of its conversations. */
  readonly openingTokens: number;
  /** Sends encrypted reasoning along on later turns. */
  readonly seals: boolean;
}

const AGENTS: readonly Agent[] = [
  { client: 'codex', model: 'gpt-6.1-sol', openingTokens: 11_000, seals: true },
  { client: 'opencode', model: 'gpt-5.5', openingTokens: 9_500, seals: true },
  { client: 'editor', model: 'gpt-5.4', openingTokens: 6_000, seals: false },
];
const AGENT_WEIGHTS = [5, 4, 2];

const COMPACTED_FROM_TOKENS = 180_000;
const COMPACTED_TO_TOKENS = 9_000;
const OUTPUT_PER_SECOND = 70;
const SUB_AGENT_CHANCE = 0.03;

/** @param name of the conversation, different from every other's */
export function agentSession(name: string, fromMs: number, draw: Draw): TraceCall[] {
  const agent = AGENTS[draw.weighted(AGENT_WEIGHTS)];
  if (agent === undefined) return [];
  const calls: TraceCall[] = [];
  const turns = draw.around(18, 0.8, 120);
  turnsOf(agent, { name, parent: null, fromMs, turns }, draw, calls);
  for (const turn of calls.slice()) {
    if (!draw.chance(SUB_AGENT_CHANCE)) continue;
    const count = draw.between(1, 4);
    for (let at = 1; at <= count; at++) {
      const sub = {
        name: `${name}.${turn.atMs}.${at}`,
        parent: name,
        fromMs: turn.atMs + turn.durationMs,
        turns: draw.around(6, 0.6, 20),
      };
      turnsOf(agent, sub, draw, calls);
    }
  }
  return calls;
}

interface Conversation {
  readonly name: string;
  readonly parent: string | null;
  readonly fromMs: number;
  readonly turns: number;
}

function turnsOf(
  agent: Agent,
  { name, parent, fromMs, turns }: Conversation,
  draw: Draw,
  calls: TraceCall[],
): void {
  let atMs = fromMs;
  let inputTokens = agent.openingTokens + draw.around(3_000, 0.8, 40_000);
  for (let turn = 0; turn < turns; turn++) {
    const outputTokens = draw.around(450, 0.8, 8_000);
    const durationMs = SECOND_MS + Math.round((outputTokens * SECOND_MS) / OUTPUT_PER_SECOND);
    calls.push({
      atMs,
      endpoint: 'POST /responses',
      model: agent.model,
      client: agent.client,
      session: name,
      parent,
      inputTokens,
      outputTokens,
      durationMs,
      opening: agent.client,
      openingTokens: agent.openingTokens,
      sealed: agent.seals && turn > 0,
      requestBytes: null,
    });
    atMs += durationMs + pauseMs(parent !== null, draw);
    inputTokens += outputTokens + draw.around(1_500, 0.9, 30_000);
    if (inputTokens > COMPACTED_FROM_TOKENS) inputTokens = agent.openingTokens + COMPACTED_TO_TOKENS;
  }
}

/** Mostly a tool; now and then, but never in a sub-agent, a person. */
function pauseMs(isSub: boolean, draw: Draw): number {
  if (!isSub && draw.chance(0.1)) return draw.around(3 * MINUTE_MS, 1, 90 * MINUTE_MS);
  return draw.around(4 * SECOND_MS, 1, 5 * MINUTE_MS);
}
