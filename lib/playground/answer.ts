/**
 * What an answer says so far, gathered from its events or read from the whole of it. Responses and Chat Completions
 * come out alike; what is not understood is left out, never guessed.
 */
import type { PlaygroundApi } from './call-body.ts';

export interface Answer {
  readonly text: string;
  /** Summaries of what the model thought, where the provider tells. */
  readonly thinking: string;
  /** `data:` URLs by the place they have in the answer; a picture being drawn is replaced by its next stage. */
  readonly pictures: Readonly<Record<string, string>>;
  /** The version that answered, e.g. `gpt-5.5-2026-04-23`. */
  readonly servedModel: string | null;
  readonly usage: AnswerUsage | null;
  /** whole · cut: a limit or a filter ended it, `why` says which · failed: `why` is the provider's sentence */
  readonly end: 'whole' | 'cut' | 'failed' | null;
  readonly why: string | null;
}

export interface AnswerUsage {
  readonly inputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly outputTokens: number | null;
}

export const NO_ANSWER: Answer = Object.freeze({
  text: '',
  thinking: '',
  pictures: {},
  servedModel: null,
  usage: null,
  end: null,
  why: null,
});

type Json = Readonly<Record<string, unknown>>;

/** @param event one event's data, parsed */
export function readEvent(answer: Answer, api: PlaygroundApi, event: unknown): Answer {
  const data = record(event);
  if (data === null) return answer;
  return api === 'responses' ? responsesEvent(answer, data) : chatEvent(answer, data);
}

/** An answer that came in one piece. */
export function readWhole(api: PlaygroundApi, body: unknown): Answer {
  const data = record(body);
  if (data === null) return { ...NO_ANSWER, end: 'failed', why: 'The answer is not JSON.' };
  return api === 'responses' ? wholeResponse(data) : wholeChat(data);
}

function responsesEvent(answer: Answer, data: Json): Answer {
  switch (data.type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return { ...answer, text: answer.text + (text(data.delta) ?? '') };
    case 'response.reasoning_summary_text.delta':
      return { ...answer, thinking: answer.thinking + (text(data.delta) ?? '') };
    case 'response.image_generation_call.partial_image':
      return withPicture(answer, data.output_index, data.partial_image_b64);
    case 'response.output_item.done':
      return withItemPicture(answer, data.output_index, record(data.item));
    case 'response.created':
      return { ...answer, servedModel: text(record(data.response)?.model) ?? answer.servedModel };
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
      return ended(answer, record(data.response) ?? {});
    case 'error':
      return failed(answer, data);
    default:
      return answer;
  }
}

function wholeResponse(data: Json): Answer {
  let answer = NO_ANSWER;
  list(data.output).forEach((entry, at) => {
    const item = record(entry);
    answer = withItemPicture(answer, at, item);
    const said = list(item?.content).map(
      (part) => text(record(part)?.text) ?? text(record(part)?.refusal) ?? '',
    );
    const thought = list(item?.summary).map((part) => text(record(part)?.text) ?? '');
    answer = {
      ...answer,
      text: answer.text + (item?.type === 'message' ? said.join('') : ''),
      thinking: answer.thinking + thought.join('\n\n'),
    };
  });
  return ended(answer, data);
}

/** @param response the object at the end, with its status and usage */
function ended(answer: Answer, response: Json): Answer {
  const counted = record(response.usage);
  const known = {
    ...answer,
    servedModel: text(response.model) ?? answer.servedModel,
    usage: counted && {
      inputTokens: count(counted.input_tokens),
      cachedTokens: count(record(counted.input_tokens_details)?.cached_tokens),
      outputTokens: count(counted.output_tokens),
    },
  };
  if (response.status === 'failed') return failed(known, response);
  if (response.status === 'incomplete') {
    const reason = text(record(response.incomplete_details)?.reason);
    return { ...known, end: 'cut', why: sayCut(reason) };
  }
  return { ...known, end: 'whole' };
}

function chatEvent(answer: Answer, data: Json): Answer {
  if (data.error !== undefined) return failed(answer, data);
  const choice = record(list(data.choices)[0]);
  const delta = record(choice?.delta);
  const said = (text(delta?.content) ?? '') + (text(delta?.refusal) ?? '');
  return chatEnd(
    {
      ...answer,
      text: answer.text + said,
      servedModel: text(data.model) ?? answer.servedModel,
      usage: chatUsage(record(data.usage)) ?? answer.usage,
    },
    text(choice?.finish_reason),
  );
}

function wholeChat(data: Json): Answer {
  const choice = record(list(data.choices)[0]);
  const message = record(choice?.message);
  return chatEnd(
    {
      ...NO_ANSWER,
      text: (text(message?.content) ?? '') + (text(message?.refusal) ?? ''),
      servedModel: text(data.model),
      usage: chatUsage(record(data.usage)),
    },
    text(choice?.finish_reason),
  );
}

function chatEnd(answer: Answer, reason: string | null): Answer {
  if (reason === null) return answer;
  if (reason === 'length' || reason === 'content_filter')
    return { ...answer, end: 'cut', why: sayCut(reason) };
  return { ...answer, end: 'whole' };
}

const chatUsage = (usage: Json | null): AnswerUsage | null =>
  usage && {
    inputTokens: count(usage.prompt_tokens),
    cachedTokens: count(record(usage.prompt_tokens_details)?.cached_tokens),
    outputTokens: count(usage.completion_tokens),
  };

function sayCut(reason: string | null): string {
  if (reason === 'max_output_tokens' || reason === 'length')
    return 'It reached the most tokens it may write.';
  if (reason === 'content_filter') return 'The provider’s content filter ended it.';
  return 'The provider ended it early and does not say why.';
}

function failed(answer: Answer, data: Json): Answer {
  const why =
    text(record(data.error)?.message) ?? text(data.message) ?? 'The provider ended it with an error.';
  return { ...answer, end: 'failed', why };
}

function withItemPicture(answer: Answer, at: unknown, item: Json | null): Answer {
  return item?.type === 'image_generation_call' ? withPicture(answer, at, item.result) : answer;
}

/** The provider's bytes are only ever shown as a picture: base64 goes in, a `data:` URL of one of three kinds comes out. */
function withPicture(answer: Answer, at: unknown, base64: unknown): Answer {
  const bytes = text(base64);
  if (bytes === null || !/^[A-Za-z0-9+/]+={0,2}$/.test(bytes)) return answer;
  const kind = bytes.startsWith('/9j/') ? 'jpeg' : bytes.startsWith('UklGR') ? 'webp' : 'png';
  return { ...answer, pictures: { ...answer.pictures, [String(at)]: `data:image/${kind};base64,${bytes}` } };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Json | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
