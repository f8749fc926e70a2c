/**
 * One conversation of several turns with a real agent, and what its user would have seen of trouble meanwhile.
 */
import { codex } from './spawn-agent.ts';

export interface SessionOptions {
  /** An empty folder that the agent may fill. */
  readonly home: string;
  readonly baseUrl: string;
  readonly key: string;
}

export interface Turn {
  /** Everything the agent said in this turn. */
  readonly text: string;
  /** Every notice of an error or a repeat, in the agent's words. */
  readonly troubles: readonly string[];
}

export interface AgentSession {
  turn(prompt: string): Promise<Turn>;
  /** Replaces the conversation by a summary of it, as the agent's user may ask for. */
  compact?(): Promise<void>;
  close(): Promise<void>;
}

export type OpenSession = (options: SessionOptions) => Promise<AgentSession>;

/** Words by which Codex tells people that something went wrong. */
const TROUBLE = /"type":"error"|Reconnecting|turn\.failed/;
/** Codex knows neither this model's price nor its habits, and says so in the form of an error. */
const HARMLESS = /Model metadata for/;

/** Codex ends after each turn and takes its conversation up again for the next one. */
export const codexSession: OpenSession = async (options) => {
  let turns = 0;
  return {
    async turn(prompt) {
      const run = await codex({ ...options, prompt, resume: turns++ > 0 });
      const troubles = run.stdout.split('\n').filter((line) => TROUBLE.test(line) && !HARMLESS.test(line));
      if (run.code !== 0) troubles.push(`exit ${run.code}: ${run.stderr.slice(-500)}`);
      return { text: run.stdout, troubles };
    },
    close: async () => undefined,
  };
};
