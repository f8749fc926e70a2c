/**
 * Sends an emulated answer and lets its fault happen on the way. One write per event, as providers do.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Gzip } from 'node:zlib';
import { createGzip, gzipSync } from 'node:zlib';
import type { EmulatedAnswer, EmulatedEvent } from './events.ts';
import type { Fault } from './faults.ts';

export interface Stage {
  readonly response: ServerResponse;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the client has gone or the emulator closes. */
  readonly signal: AbortSignal;
  /** Destroys the connection on purpose. */
  readonly hangUp: () => void;
}

/** Longest silence of a stall: nothing in the emulator lasts for ever. */
const STALL_MAX_MS = 900_000;
const OUTPUT_BEFORE_FAULT = 2;

/** Resolves when everything was sent that the fault lets be sent; rejects when the client left before. */
export async function play(
  stage: Stage,
  answer: EmulatedAnswer,
  stream: boolean,
  fault: Fault,
): Promise<void> {
  if (fault.kind === 'stall' && fault.beforeHeaders === true) return stall(stage, fault);
  if (fault.kind === 'slow' && fault.firstByteDelayMs !== undefined) {
    await wait(fault.firstByteDelayMs, undefined, { signal: stage.signal });
  }
  if (stream) return playStream(stage, answer, fault);
  return playJson(stage, answer.json, fault);
}

async function playJson(
  { response, headers, signal, hangUp }: Stage,
  json: unknown,
  fault: Fault,
): Promise<void> {
  const body = bodyOf(json, fault);
  const type = { 'content-type': 'application/json', ...headers };
  if (fault.kind === 'cut' || fault.kind === 'clean_end') {
    response.writeHead(200, { ...type, 'content-length': String(body.length) });
    await written(response, body.subarray(0, Math.floor(body.length / 2)));
    hangUp();
    return;
  }
  if (fault.kind === 'stall') {
    response.writeHead(200, { ...type, 'content-length': String(body.length) });
    await written(
      response,
      body.subarray(0, fault.jsonBytes === undefined ? 1 : Math.floor(body.length / 2)),
    );
    await wait(STALL_MAX_MS, undefined, { signal });
    return;
  }
  if (fault.kind === 'gzip') {
    response.writeHead(200, { ...type, 'content-encoding': 'gzip' });
    response.end(gzipSync(body));
    return;
  }
  response.writeHead(200, { ...type, 'content-length': String(body.length) });
  response.end(body);
}

/** The answer itself; an error in its place, with 200; or as long as a fault wants it. */
function bodyOf(json: unknown, fault: Fault): Buffer {
  if (fault.kind === 'error_event' && fault.afterOutput === undefined) {
    const { code, message = 'Something failed.' } = fault;
    return Buffer.from(JSON.stringify({ error: { message, type: 'server_error', param: null, code } }));
  }
  const padding = 'jsonBytes' in fault ? 'x'.repeat(fault.jsonBytes ?? 0) : null;
  return Buffer.from(JSON.stringify(padding === null ? json : { ...Object(json), padding }));
}

async function playStream(stage: Stage, answer: EmulatedAnswer, fault: Fault): Promise<void> {
  const { response, headers, signal } = stage;
  const gzip = fault.kind === 'gzip' ? createGzip() : null;
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
    ...(gzip === null ? {} : { 'content-encoding': 'gzip' }),
  });
  if (gzip !== null) gzip.pipe(response);
  let output = 0;
  for (const event of answer.events) {
    if (happensNow(fault, event, output)) {
      await happen(stage, answer, event, fault);
      return;
    }
    await (gzip === null ? written(response, event.text) : zipped(gzip, event.text));
    if (event.output) output++;
    if (fault.kind === 'slow') await wait(fault.eventDelayMs, undefined, { signal });
    else await new Promise(setImmediate);
    signal.throwIfAborted();
  }
  if (gzip !== null) gzip.end();
  else response.end();
}

/** Faults strike before an output event, or, when the answer is too short for that, before its end. */
function happensNow(fault: Fault, event: EmulatedEvent, output: number): boolean {
  if (!('afterOutput' in fault) && !['cut', 'clean_end', 'stall', 'error_event'].includes(fault.kind))
    return false;
  const after =
    ('afterOutput' in fault ? fault.afterOutput : undefined) ??
    (fault.kind === 'error_event' ? 0 : OUTPUT_BEFORE_FAULT);
  if (after === 0) return event.output || isOutputItem(event);
  return event.output ? output >= after : output > 0;
}

function isOutputItem(event: EmulatedEvent): boolean {
  return event.text.startsWith('event: response.output_item.added');
}

async function happen(
  stage: Stage,
  answer: EmulatedAnswer,
  event: EmulatedEvent,
  fault: Fault,
): Promise<void> {
  const { response } = stage;
  switch (fault.kind) {
    case 'cut':
      if (!fault.onBoundary) await written(response, event.text.slice(0, Math.floor(event.text.length / 2)));
      stage.hangUp();
      return;
    case 'clean_end':
      response.end();
      return;
    case 'error_event':
      await written(response, answer.failure(fault.form, fault.code, fault.message ?? 'Something failed.'));
      response.end();
      return;
    default:
      await stall(stage, fault);
  }
}

async function stall({ response, signal }: Stage, fault: Fault): Promise<void> {
  const every = fault.kind === 'stall' ? fault.commentsEveryMs : undefined;
  if (every === undefined) {
    await wait(STALL_MAX_MS, undefined, { signal });
    return;
  }
  for (let passed = 0; passed < STALL_MAX_MS; passed += every) {
    await wait(every, undefined, { signal });
    await written(response, ': keep-alive\n\n');
  }
}

/** Resolves when the kernel has the bytes: what is destroyed before that never leaves. */
function written(response: ServerResponse, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

function zipped(gzip: Gzip, text: string): Promise<void> {
  return new Promise((resolve) => {
    gzip.write(text);
    gzip.flush(() => resolve());
  });
}
