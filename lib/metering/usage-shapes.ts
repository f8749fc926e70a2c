/**
 * Reads a Usage out of the objects that OpenAI's surfaces put it in: chat, completions, responses, embeddings,
 * images and audio. They differ in names only, so one reader serves all. A figure that no honest provider
 * reports (negative, fractional, above 10⁹, not a number, a part larger than its whole) is clamped and the
 * usage flagged: then none of its figures is to be believed. A figure that is absent stays null.
 */
import type { Usage } from './usage.ts';

export const TOKENS_MAX = 1_000_000_000;

export const UNKNOWN_USAGE: Usage = {
  inputTokens: null,
  cachedTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
  reasoningTokens: null,
  audioInputTokens: null,
  audioOutputTokens: null,
  imageInputTokens: null,
  imageOutputTokens: null,
  totalTokens: null,
  serviceTier: null,
  flagged: false,
};

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param raw the value of a `usage` field
 * @param serviceTier the `service_tier` beside it, if any
 * @param toolUsage the `tool_usage` beside it, if any
 * @returns null when it tells no token count at all (absent, null, or counted in seconds); figures that are all
 *   nonsense are a usage of which nothing is known but that
 */
export function readUsage(raw: unknown, serviceTier: unknown, toolUsage?: unknown): Usage | null {
  if (!isObject(raw)) return null;
  const reader = createReader(raw);
  const input = reader.count('input_tokens', 'prompt_tokens');
  let output = reader.count('output_tokens', 'completion_tokens');
  let total = reader.count('total_tokens');
  if (input === null && output === null && total === null) {
    return reader.flagged() ? { ...UNKNOWN_USAGE, flagged: true } : null;
  }
  // Embeddings report input and total only: the difference is the output, and that is arithmetic, not a guess.
  if (output === null && input !== null && total !== null && total >= input) output = total - input;
  total = reader.total(total, input, output);

  const inputs = reader.details('input_tokens_details', 'prompt_tokens_details', 'input_token_details');
  const outputs = reader.details(
    'output_tokens_details',
    'completion_tokens_details',
    'output_token_details',
  );
  const parts = {
    cachedTokens: inputs.part('cached_tokens', input),
    cacheWriteTokens: inputs.part('cache_write_tokens', input),
    audioInputTokens: inputs.part('audio_tokens', input),
    imageInputTokens: inputs.part('image_tokens', input),
    reasoningTokens: outputs.part('reasoning_tokens', output),
    audioOutputTokens: outputs.part('audio_tokens', output),
    imageOutputTokens: outputs.part('image_tokens', output),
  };
  const kept12h = inputs.inner('cache_write_tokens_details').part('ttl_12h_tokens', parts.cacheWriteTokens);
  const searches = reader.searches(toolUsage);
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: total,
    ...parts,
    ...(kept12h === null ? undefined : { cacheWrite12hTokens: kept12h }),
    ...(searches === null ? undefined : { webSearches: searches }),
    serviceTier: typeof serviceTier === 'string' && serviceTier !== '' ? serviceTier.slice(0, 40) : null,
    flagged: reader.flagged(),
  };
}

/** Whether it tells any count of tokens that is to be believed. */
export function tellsTokens(usage: Usage | null): usage is Usage {
  if (usage === null || usage.flagged) return false;
  return usage.inputTokens !== null || usage.outputTokens !== null || usage.totalTokens !== null;
}

/** Usage, model and id as an answer body or a terminal event's response object tells them. */
export interface AnswerFacts {
  readonly usage: Usage | null;
  readonly model: string | null;
  readonly id: string | null;
}

/** Reads an answer's body, a chat chunk, or an event that carries its response in `response`. */
export function readAnswer(json: unknown): AnswerFacts {
  if (!isObject(json)) return { usage: null, model: null, id: null };
  const source = isObject(json.response) ? json.response : json;
  return {
    usage: readUsage(source.usage, source.service_tier, source.tool_usage),
    model: shortText(source.model),
    id: shortText(source.id),
  };
}

function shortText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : null;
}

function createReader(raw: JsonObject) {
  let flagged = false;

  const clamp = (value: unknown): number | null => {
    if (value === undefined || value === null) return null;
    if (typeof value !== 'number' || Number.isNaN(value)) {
      flagged = true;
      return null;
    }
    const honest = Math.min(Math.max(Math.trunc(value), 0), TOKENS_MAX);
    if (honest !== value) flagged = true;
    return honest;
  };

  const count = (...names: readonly string[]): number | null => {
    for (const name of names) {
      if (raw[name] !== undefined && raw[name] !== null) return clamp(raw[name]);
    }
    return null;
  };

  /** A missing total is added up. One that is less than its parts is nonsense, and the parts are believed. */
  const wholeOf = (total: number | null, input: number | null, output: number | null): number | null => {
    const least = (input ?? 0) + (output ?? 0);
    if (total === null) return input === null || output === null ? null : atMost(least);
    if (total >= least) return total;
    flagged = true;
    return atMost(least);
  };

  const atMost = (figure: number): number => {
    if (figure > TOKENS_MAX) flagged = true;
    return Math.min(figure, TOKENS_MAX);
  };

  const details = (...names: readonly string[]) => partsOf(names.map((name) => raw[name]).find(isObject));

  const searches = (toolUsage: unknown): number | null => {
    const search = isObject(toolUsage) ? toolUsage.web_search : undefined;
    return isObject(search) ? clamp(search.num_requests) : null;
  };

  function partsOf(found: JsonObject | undefined) {
    return {
      inner(name: string) {
        const value = found?.[name];
        return partsOf(isObject(value) ? value : undefined);
      },
      part(name: string, whole: number | null): number | null {
        const value = clamp(found?.[name]);
        if (value === null || whole === null || value <= whole) return value;
        flagged = true;
        return whole;
      },
    };
  }

  return { count, total: wholeOf, details, searches, flagged: () => flagged };
}
