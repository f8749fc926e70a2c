/**
 * What a call used, counted by ourselves because its provider never said: a lower bound. Runs in a thread of its
 * own; the tokenizer is handed in.
 */
import type { EndpointFamily } from '../calls/endpoint.ts';
import { bodyText, streamedText } from './answer-text.ts';
import { type CountTokens, countText } from './count-text.ts';
import { requestText } from './request-text.ts';
import type { Usage } from './usage.ts';
import { parseQuietly } from './usage-scan.ts';
import { TOKENS_MAX, UNKNOWN_USAGE } from './usage-shapes.ts';

export interface CountQuestion {
  readonly family: EndpointFamily;
  readonly stream: boolean;
  /** The body that was sent. */
  readonly asked: Uint8Array | null;
  /** The beginning of what was shown; empty when nothing was. */
  readonly shown: Uint8Array;
  /** Of the whole answer, as the meter counted. */
  readonly outputEvents: number;
  readonly bytes: number;
}

export interface CountedCall {
  /** Of the text in the body; null when the body could not be read. */
  readonly inputTokens: number | null;
  readonly outputTokens: number;
  /** The body continues something stored at the provider: what that holds comes on top. */
  readonly continuesElsewhere: boolean;
}

/** Families of which text is what is charged. Pictures and sounds cannot be counted from outside. */
export const COUNTED_FAMILIES: ReadonlySet<EndpointFamily> = new Set([
  'responses',
  'chat',
  'completions',
  'embeddings',
]);

/** Role and delimiters of a message, and the opening of the answer. */
const TOKENS_PER_MESSAGE = 3;

export function countCall(question: CountQuestion, count: CountTokens): CountedCall {
  const body = question.asked === null ? null : parseQuietly(question.asked);
  const { texts, tokensGiven, messages, continuesElsewhere } = requestText(body);
  const framing = messages === 0 ? 0 : (messages + 1) * TOKENS_PER_MESSAGE;
  const input = countText(texts.join('\n'), count) + tokensGiven + framing;
  return {
    inputTokens: body === null ? null : Math.min(input, TOKENS_MAX),
    outputTokens: Math.min(countAnswer(question, count), TOKENS_MAX),
    continuesElsewhere,
  };
}

function countAnswer({ family, stream, shown, outputEvents, bytes }: CountQuestion, count: CountTokens) {
  // What an embedding costs is its input.
  if (family === 'embeddings') return 0;
  if (!stream) {
    const tokens = sum(bodyText(shown), count);
    return shown.length === 0 ? 0 : Math.floor(tokens * Math.max(1, bytes / shown.length));
  }
  const { texts, pieces } = streamedText(shown);
  const tokens = sum(texts, count);
  // The rest came in pieces like those that were kept.
  return pieces === 0 ? tokens : Math.floor(tokens * Math.max(1, outputEvents / pieces));
}

function sum(texts: readonly string[], count: CountTokens): number {
  return texts.reduce((tokens, text) => tokens + countText(text, count), 0);
}

/**
 * @param lastInput what the conversation's last call reported as its input; null when that is not known
 * @param flagged the provider reported figures that were not to be believed
 */
export function countedUsage(counted: CountedCall, lastInput: number | null, flagged: boolean): Usage {
  const { inputTokens: own, outputTokens, continuesElsewhere } = counted;
  const before = continuesElsewhere ? lastInput : 0;
  const inputTokens = own === null || before === null ? null : Math.min(own + before, TOKENS_MAX);
  return {
    ...UNKNOWN_USAGE,
    inputTokens,
    outputTokens,
    totalTokens: inputTokens === null ? null : Math.min(inputTokens + outputTokens, TOKENS_MAX),
    flagged,
  };
}
