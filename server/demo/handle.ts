/**
 * One request to the emulator: read it, find its key, note it down, then let the key's fault or its surface
 * answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../lib/base/time.ts';
import type { JsonObject } from './ask.ts';
import { isObject } from './ask.ts';
import type { EmulatedKey, ReceivedCall } from './emulated-key.ts';
import type { SeededRandom } from './random.ts';
import { playRefusal, sendRefusal } from './refuse.ts';
import { serveCall } from './serve-call.ts';

const BODY_BYTES_MAX = 134_217_728;

export interface World {
  readonly authenticate: (request: IncomingMessage) => EmulatedKey | null;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly closing: AbortSignal;
}

export async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  world: World,
): Promise<void> {
  const { clock, random } = world;
  const startedMs = clock.monotonicMs();
  const text = await readText(request);
  const key = world.authenticate(request);
  if (key === null) {
    sendRefusal(response, {
      status: 401,
      code: 'invalid_api_key',
      type: 'invalid_request_error',
      message:
        'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.',
    });
    return;
  }
  const path = new URL(request.url ?? '/', 'http://emulator').pathname.replace(/^\/v1/, '');
  const body = bodyOf(text);
  const model = typeof body.model === 'string' ? body.model : null;
  const method = request.method ?? 'GET';
  const fault = key.take({ method, model });
  const headers = flat(request.headers);
  const record = key.record({
    atMs: clock.nowMs(),
    method,
    path,
    headers,
    body: text,
    model,
    fault: fault.kind,
  });

  const { gone, hangUp } = watch(response, record, key, clock);
  const answered = {
    'x-request-id': `req_${random.hex(32)}`,
    'openai-organization': key.organisation.name,
    'openai-project': key.project,
    'openai-version': '2020-10-01',
    'openai-processing-ms': String(Math.round(clock.monotonicMs() - startedMs)),
    ...key.rateHeaders(Math.ceil(text.length / 4)),
  };
  const wrong = mismatch(headers, key);
  if (wrong !== null) sendRefusal(response, wrong, answered);
  else if (fault.kind === 'reset') hangUp(true);
  else if (!playRefusal(response, fault, answered)) {
    const signal = AbortSignal.any([gone, world.closing]);
    const nowS = Math.floor(clock.nowMs() / 1000);
    await serveCall({
      method,
      path,
      body,
      key,
      fault,
      random,
      nowS,
      headers: answered,
      response,
      signal,
      hangUp,
    });
  }
}

/** Notes down how the answer ended: sent as far as meant, or left by the client before that. */
function watch(response: ServerResponse, record: ReceivedCall, key: EmulatedKey, clock: Clock) {
  const gone = new AbortController();
  const { socket } = response;
  response.once('close', () => {
    record.status = response.headersSent ? response.statusCode : null;
    if (response.writableFinished) record.finished = true;
    if (!record.finished) {
      record.aborted = true;
      record.abortedAtMs = clock.nowMs();
    }
    gone.abort();
    key.ended(record);
  });
  const hangUp = (reset = false): void => {
    record.finished = true;
    if (reset) socket?.resetAndDestroy();
    else response.destroy();
  };
  return { gone: gone.signal, hangUp };
}

/** A header that names another organisation or project is refused, as the real one does. */
function mismatch(headers: Readonly<Record<string, string>>, key: EmulatedKey) {
  for (const [header, own, code] of [
    ['openai-organization', key.organisation.name, 'mismatched_organization'],
    ['openai-project', key.project, 'mismatched_project'],
  ] as const) {
    const given = headers[header];
    if (given !== undefined && given !== own) {
      const message = `${header} header should match organization and project for API key`;
      return { status: 401, code, type: 'invalid_request_error', message };
    }
  }
  return null;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new RangeError('body too large for the emulator');
  }
  return Buffer.concat(chunks).toString();
}

function bodyOf(text: string): JsonObject {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

function flat(headers: IncomingMessage['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
