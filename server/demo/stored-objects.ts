/**
 * What a provider keeps for its clients: files, conversations and responses, each in one project only. Whoever
 * asks with a key of another project is told that there is no such thing.
 */
import type { JsonObject } from './ask.ts';
import { isObject } from './ask.ts';
import type { EmulatedKey } from './emulated-key.ts';
import type { SeededRandom } from './random.ts';

/** Of a call, what matters here. */
export interface ObjectCall {
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
  readonly key: EmulatedKey;
  readonly random: SeededRandom;
  readonly nowS: number;
}

export interface Missing {
  readonly status: number;
  readonly code: string | null;
  readonly message: string;
}

export type Stored = { readonly json: object } | { readonly missing: Missing };

const PATH = /^\/(files|conversations|responses)\/([^/]+)(\/content|\/input_items)?$/;
const OBJECT: Readonly<Record<string, string>> = {
  files: 'file',
  conversations: 'conversation',
  responses: 'response',
};

/** The answer to a call about stored objects; null when it is about something else. */
export function storedAnswer(call: ObjectCall): Stored | null {
  const { method, path, key } = call;
  if (method === 'POST' && path === '/files') return made(call, `file-${call.random.hex(24)}`, 'file');
  if (method === 'POST' && path === '/conversations') {
    const missing = missingIn(call);
    return missing ? { missing } : made(call, `conv_${call.random.hex(32)}`, 'conversation');
  }
  const [, family = '', id = ''] = PATH.exec(path) ?? [];
  if (family === '' || method === 'POST') return null;
  const found = key.organisation.object(key.project, id);
  const object = OBJECT[family] ?? 'object';
  if (found === null) return { missing: notFound(object, id) };
  if (method !== 'DELETE') return { json: found };
  key.organisation.forget(key.project, id);
  return { json: { id, object: `${object}.deleted`, deleted: true } };
}

function made({ key, nowS }: ObjectCall, id: string, object: string): Stored {
  const json = { id, object, created_at: nowS };
  key.organisation.keep(key.project, id, json);
  return { json };
}

/** The first conversation or file that a body names and this key's project does not have. */
export function missingIn({ body, key }: ObjectCall): Missing | null {
  const conversation = isObject(body.conversation) ? body.conversation.id : body.conversation;
  const has = (id: string): boolean => key.organisation.object(key.project, id) !== null;
  if (typeof conversation === 'string' && !has(conversation)) return notFound('conversation', conversation);
  const file = fileIdsIn(body).find((id) => !has(id));
  return file === undefined ? null : notFound('file', file);
}

function notFound(object: string, id: string): Missing {
  return { status: 404, code: null, message: `No such ${object} object: ${id}` };
}

function fileIdsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(fileIdsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inside]) =>
    name === 'file_id' && typeof inside === 'string' ? [inside] : fileIdsIn(inside),
  );
}

/** `POST /responses/compact`: the history as one item that only this organisation can open. */
export function compaction({ random, key, nowS }: ObjectCall, items: readonly JsonObject[]): object {
  const id = `cmp_${random.hex(32)}`;
  const item = { id, type: 'compaction', encrypted_content: key.organisation.seal(id) };
  return {
    id: `resp_${random.hex(32)}`,
    object: 'response.compaction',
    created_at: nowS,
    output: [...items.filter(({ role }) => role === 'user').slice(-1), item],
    usage: { input_tokens: items.length, output_tokens: 1, total_tokens: items.length + 1 },
  };
}
