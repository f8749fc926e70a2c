/** What the Playground sends: one call of a conversation, as an OpenAI client would write it. */

export const PLAYGROUND_APIS = ['responses', 'chat'] as const;
export type PlaygroundApi = (typeof PLAYGROUND_APIS)[number];

export interface SpokenTurn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export interface PlaygroundCall {
  readonly api: PlaygroundApi;
  readonly model: string;
  /** Null: the model's own default; the field is not sent. */
  readonly effort: 'low' | 'medium' | 'high' | null;
  readonly stream: boolean;
  /** Null: as many as the model may. */
  readonly tokensOutMax: number | null;
  readonly instructions: string;
  /** Lets the model draw, by the tool `image_generation`; Responses only. */
  readonly draws: boolean;
  readonly turns: readonly SpokenTurn[];
  /** Names the conversation, so that it stays on its account and its prompt cache is found. */
  readonly conversation: string;
}

export const pathOf = (api: PlaygroundApi): string =>
  api === 'responses' ? '/v1/responses' : '/v1/chat/completions';

/** Nothing is stored at the provider: the whole conversation goes along each time. */
export function callBody(call: PlaygroundCall): Readonly<Record<string, unknown>> {
  return call.api === 'responses' ? responsesBody(call) : chatBody(call);
}

function responsesBody(call: PlaygroundCall): Record<string, unknown> {
  const instructions = call.instructions.trim();
  return {
    model: call.model,
    ...(instructions === '' ? {} : { instructions }),
    input: spoken(call.turns),
    ...(call.effort === null ? {} : { reasoning: { effort: call.effort } }),
    ...(call.tokensOutMax === null ? {} : { max_output_tokens: call.tokensOutMax }),
    ...(call.draws ? { tools: [{ type: 'image_generation', partial_images: call.stream ? 1 : 0 }] } : {}),
    stream: call.stream,
    store: false,
    prompt_cache_key: call.conversation,
  };
}

function chatBody(call: PlaygroundCall): Record<string, unknown> {
  const instructions = call.instructions.trim();
  const system = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  return {
    model: call.model,
    messages: [...system, ...spoken(call.turns)],
    ...(call.effort === null ? {} : { reasoning_effort: call.effort }),
    ...(call.tokensOutMax === null ? {} : { max_completion_tokens: call.tokensOutMax }),
    stream: call.stream,
    ...(call.stream ? { stream_options: { include_usage: true } } : {}),
  };
}

/** A turn without a word (a picture, or an answer that was stopped at once) would be refused. */
const spoken = (turns: readonly SpokenTurn[]): { role: string; content: string }[] =>
  turns.filter(({ text }) => text.trim() !== '').map(({ role, text }) => ({ role, content: text }));
