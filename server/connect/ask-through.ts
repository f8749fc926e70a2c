/** A real call with what a client's file says: the address, the key and the model that it would use itself. */
import { readFileSync } from 'node:fs';
import { reveal, Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { BLOCK_PATH } from './block-text.ts';
import type { ConnectableName } from './clients.ts';
import { CLIENTS } from './clients.ts';

const ANSWER_MS = 120_000;

export interface TriedCall {
  readonly endpoint: string;
  readonly model: string;
  readonly tookMs: number;
  readonly requestId: string | null;
  /** The id of the account that answered; null when whoever answered did not say. */
  readonly accountId: string | null;
}

interface Read {
  readonly endpoint: string;
  readonly key: Secret;
  readonly model: string | null;
}

/** @param text of the client's file */
export function readConnection(client: ConnectableName, text: string, file: string): Read {
  const read = (path: readonly string[]): string | null => {
    const value = CLIENTS[client].format.read(text, path);
    return typeof value === 'string' ? value : null;
  };
  if (client === 'opencode') {
    const key = read(['provider', 'openai', 'options', 'apiKey']);
    return {
      endpoint: needed(read(['provider', 'openai', 'options', 'baseURL']), file),
      key: keyIn(/^\{file:(.+)\}$/.exec(key ?? '')?.[1] ?? null, file),
      model: read(['model'])?.replace(/^openai\//, '') ?? null,
    };
  }
  if (client === 'codex') {
    const name = read(['model_provider']) ?? '';
    const args = CLIENTS.codex.format.read(text, ['model_providers', name, 'auth', 'args']);
    const keyFile: unknown = Array.isArray(args) ? args.at(-1) : null;
    return {
      endpoint: needed(read(['model_providers', name, 'base_url']), file),
      key: keyIn(typeof keyFile === 'string' ? keyFile : null, file),
      model: read(['model']),
    };
  }
  const lines = read(BLOCK_PATH) ?? '';
  const endpoint = /OPENAI_BASE_URL[= ]'?([^'\s]+)/.exec(lines)?.[1] ?? null;
  const inFile = /cat '?([^')"]+)'?/.exec(lines)?.[1] ?? null;
  const inside = /OPENAI_API_KEY=([^\s"$(]+)/.exec(lines)?.[1];
  return {
    endpoint: needed(endpoint, file),
    key: inside === undefined ? keyIn(inFile, file) : new Secret(inside),
    model: null,
  };
}

function needed(endpoint: string | null, file: string): string {
  if (endpoint !== null) return endpoint;
  throw new CamError('client_config_invalid', `${file} does not lead here.`, {
    hint: 'cam connect writes what is missing',
  });
}

function keyIn(keyFile: string | null, file: string): Secret {
  if (keyFile !== null) {
    try {
      return new Secret(readFileSync(keyFile, 'utf8').trim());
    } catch (cause) {
      throw new CamError('client_config_invalid', `The key that ${file} names cannot be read.`, { cause });
    }
  }
  throw new CamError('client_config_invalid', `${file} names no file with the key.`, {
    hint: 'cam connect writes what is missing',
  });
}

/** Throws what the proxy, or nobody, answered. */
export async function askThrough({
  endpoint,
  key,
  model,
}: Read & { readonly model: string }): Promise<TriedCall> {
  const startedMs = performance.now();
  const response = await fetch(`${endpoint}/responses`, {
    method: 'POST',
    redirect: 'error',
    headers: { authorization: `Bearer ${reveal(key)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, input: 'Say hi.', max_output_tokens: 64, store: false }),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((cause: unknown) => {
    throw new CamError('client_check_failed', `Nobody answers at ${endpoint}.`, {
      cause,
      hint: '`cam proxy` starts the server; `cam status` shows where it listens',
    });
  });
  if (!response.ok) {
    const told = messageIn(await response.text());
    throw new CamError('client_check_failed', `The call was answered ${response.status}: ${told}`);
  }
  await response.text();
  return {
    endpoint,
    model,
    tookMs: Math.round(performance.now() - startedMs),
    requestId: response.headers.get('x-cam-request-id'),
    accountId: response.headers.get('x-cam-account'),
  };
}

function messageIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    if (typeof error?.message === 'string') return error.message;
  } catch {
    // Not ours; said below.
  }
  return 'without an explanation';
}
