/**
 * Serves one authenticated call of the emulator: decides the answer of its surface and has it played with the
 * key's fault.
 */
import type { ServerResponse } from 'node:http';
import type { JsonObject } from './ask.ts';
import { askOf, isObject, itemsOf } from './ask.ts';
import { chatAnswer, completionsAnswer } from './chat-surface.ts';
import type { EmulatedKey } from './emulated-key.ts';
import type { EmulatedAnswer } from './events.ts';
import type { Fault } from './faults.ts';
import { tokensOf } from './organisations.ts';
import { embeddingsJson, imagesJson, modelJson, modelsJson } from './plain-surfaces.ts';
import { play } from './play.ts';
import type { SeededRandom } from './random.ts';
import { sendRefusal } from './refuse.ts';
import { replyTo } from './reply.ts';
import { responsesAnswer } from './responses-surface.ts';
import { compaction, type Missing, missingIn, storedAnswer } from './stored-objects.ts';
import type { Figures } from './usage-figures.ts';

export interface EmulatedCall {
  readonly method: string;
  /** Below `/v1`. */
  readonly path: string;
  readonly body: JsonObject;
  readonly key: EmulatedKey;
  readonly fault: Fault;
  readonly random: SeededRandom;
  readonly nowS: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
  readonly hangUp: () => void;
}

const MODELS = [
  'gpt-6.1-sol',
  'gpt-6-sol',
  'gpt-5.5',
  'gpt-5.4-nano',
  'gpt-5',
  'gpt-4.1',
  'text-embedding-3-small',
];

export async function serveCall(call: EmulatedCall): Promise<void> {
  const { method, path, body, key } = call;
  const models = key.models.length > 0 ? key.models : MODELS;
  if (method === 'GET' && path === '/models') return plain(call, modelsJson(models, 1_750_000_000));
  if (method === 'GET' && path.startsWith('/models/')) return model(call, models);
  if (typeof body.model === 'string' && key.models.length > 0 && !key.models.includes(body.model)) {
    return noModel(call, body.model);
  }
  const stored = storedAnswer(call);
  if (stored !== null) return 'json' in stored ? plain(call, stored.json) : missing(call, stored.missing);
  switch (`${method} ${path}`) {
    case 'POST /responses':
    case 'POST /responses/compact':
      return responses(call);
    case 'POST /chat/completions':
      return streamable(call, chatAnswer(inputOf(call)));
    case 'POST /completions':
      return streamable(call, completionsAnswer(inputOf(call)));
    case 'POST /embeddings':
      return plain(call, embeddingsJson(body));
    case 'POST /images/generations':
      return plain(call, imagesJson(body, call.nowS));
    default:
      refused(call, 404, null, `Invalid URL (${method} /v1${path})`);
  }
}

async function responses(call: EmulatedCall): Promise<void> {
  const { body, key } = call;
  const { organisation } = key;
  const earlier =
    typeof body.previous_response_id === 'string' ? organisation.stored(body.previous_response_id) : [];
  if (earlier === null) {
    return refused(
      call,
      400,
      'previous_response_not_found',
      `Previous response with id '${body.previous_response_id}' not found.`,
    );
  }
  const gone = missingIn(call);
  if (gone !== null) return missing(call, gone);
  const items = [...earlier, ...itemsOf(body)];
  if (!organisation.canOpen(items)) {
    return refused(
      call,
      400,
      'invalid_encrypted_content',
      'The encrypted content could not be verified. Reason: its organization_id did not match the target organization.',
    );
  }
  if (call.path === '/responses/compact') return plain(call, compaction(call, items));
  const answer = responsesAnswer({
    ...inputOf({ ...call, body: { ...body, input: items } }),
    seal: organisation.seal,
  });
  if (body.store !== false) {
    organisation.store(answer.id, [...items, ...answer.output]);
    organisation.keep(key.project, answer.id, { id: answer.id, object: 'response', output: answer.output });
  }
  return streamable(call, answer);
}

function inputOf(call: EmulatedCall) {
  const { body, random, key, fault, nowS } = call;
  const reply = replyTo(askOf(body), random.next);
  const items = itemsOf(body);
  const reasoning = isObject(body.reasoning) && body.reasoning.effort !== 'none' ? 16 : 0;
  const text = reply.kind === 'text' ? reply.text : reply.argument;
  const figures: Figures = {
    input: tokensOf(JSON.stringify(items).length),
    cached: key.organisation.cachedTokens(items),
    output: tokensOf(text.length) + reasoning,
    reasoning,
  };
  return { body, reply, figures, fault, random, nowS };
}

function streamable(call: EmulatedCall, answer: EmulatedAnswer): Promise<void> {
  return play(call, answer, call.body.stream === true, call.fault);
}

function plain(call: EmulatedCall, json: unknown): Promise<void> {
  return play(call, { events: [], json, failure: () => '' }, false, call.fault);
}

function model(call: EmulatedCall, models: readonly string[]): Promise<void> | void {
  const id = decodeURIComponent(call.path.slice('/models/'.length));
  return models.includes(id) ? plain(call, modelJson(id, 1_750_000_000)) : noModel(call, id);
}

function missing(call: EmulatedCall, { status, code, message }: Missing): void {
  refused(call, status, code, message);
}

function noModel(call: EmulatedCall, id: string): void {
  refused(
    call,
    404,
    'model_not_found',
    `The model \`${id}\` does not exist or you do not have access to it.`,
  );
}

function refused(
  { response, headers }: EmulatedCall,
  status: number,
  code: string | null,
  message: string,
): void {
  sendRefusal(response, { status, code, type: 'invalid_request_error', message }, headers);
}
