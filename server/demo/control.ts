/** The emulator's control endpoint, for tests and tools in other processes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmulatedKey, KeySettings } from './emulated-key.ts';

export interface ControlDeps {
  readonly addKey: (settings: KeySettings) => EmulatedKey;
  /** Throws on a key that does not exist. */
  readonly find: (key: string) => EmulatedKey;
}

const PREFIX = '/_emulator/keys/';

export async function handleControl(
  request: IncomingMessage,
  response: ServerResponse,
  { addKey, find }: ControlDeps,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://emulator').pathname;
  const name = path.startsWith(PREFIX) ? decodeURIComponent(path.slice(PREFIX.length)) : '';
  if (name === '') return send(response, 404, { error: 'no such control' });
  try {
    if (request.method === 'POST') {
      const settings = JSON.parse(await textOf(request)) as Partial<KeySettings>;
      const { script, ...place } = settings;
      const key =
        Object.keys(place).length > 0 || !exists(find, name) ? addKey({ ...place, key: name }) : find(name);
      if (script !== undefined) key.script(script);
      return send(response, 200, viewOf(key));
    }
    const key = find(name);
    if (request.method === 'DELETE') key.forget();
    return send(response, 200, viewOf(key));
  } catch (error) {
    return send(response, 400, { error: error instanceof Error ? error.message : 'bad request' });
  }
}

function exists(find: ControlDeps['find'], name: string): boolean {
  try {
    return find(name).key === name;
  } catch {
    return false;
  }
}

function viewOf(key: EmulatedKey): object {
  return {
    key: key.key,
    organization: key.organisation.name,
    project: key.project,
    models: key.models,
    received: key.received,
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, json: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(json));
}
