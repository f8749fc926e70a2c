import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMeter } from '../../../lib/metering/meter.ts';
import type { Emulator } from '../../../server/demo/emulator.ts';
import { createEmulator } from '../../../server/demo/emulator.ts';
import type { Fault } from '../../../server/demo/faults.ts';
import { faultFor, faults, HEALTHY, scripts } from '../../../server/demo/faults.ts';
import { send } from './client.ts';

let emulator: Emulator;

beforeEach(async () => {
  emulator = await createEmulator({ keys: [{ key: 'sk-one', organization: 'org-one' }] });
});
afterEach(() => emulator.close());

const BODY = { model: 'gpt-5', stream: true, input: 'say exactly: a text of a good many words' };

function call(fault: Fault, more: object = {}, onChunk?: (text: string) => 'leave' | undefined) {
  emulator.script('sk-one', scripts.always(fault));
  const leave = onChunk === undefined ? {} : { onChunk };
  return send({ url: emulator.baseUrl, path: '/responses', body: { ...BODY, ...more }, ...leave });
}

function readingOf(bytes: Uint8Array) {
  const meter = createMeter('responses', { stream: true });
  meter.push(bytes);
  return { ...meter.end(), boundary: meter.onBoundary() };
}

describe('a script', () => {
  test('says what happens to the n-th call and ends in health', () => {
    const script = scripts.fromCall(3, faults.serverError());
    expect([0, 1, 2, 9].map((n) => faultFor(script, n).kind)).toEqual([
      'healthy',
      'healthy',
      'refuse',
      'refuse',
    ]);
    expect([0, 1, 2].map((n) => faultFor(scripts.times(faults.html502(), 2), n).kind)).toEqual([
      'html',
      'html',
      'healthy',
    ]);
  });

  test('counts only the calls it is about', async () => {
    emulator.script('sk-one', { ...scripts.times(faults.serverError(), 1), models: ['gpt-5'] });
    const ask = (model: string) =>
      send({ url: emulator.baseUrl, path: '/responses', body: { model, input: 'x' } }).then(
        ({ status }) => status,
      );
    const models = await send({ url: emulator.baseUrl, path: '/models' });
    expect([models.status, await ask('gpt-5.4-nano'), await ask('gpt-5'), await ask('gpt-5')]).toEqual([
      200, 200, 500, 200,
    ]);
  });

  test('is set over HTTP by another process, which also reads what was received', async () => {
    const path = '/_emulator/keys/sk-new';
    const made = await send({ url: emulator.url, path, body: { organization: 'org-new' } });
    expect(JSON.parse(made.text)).toMatchObject({ key: 'sk-new', organization: 'org-new', received: [] });
    await send({ url: emulator.url, path, body: { script: scripts.times(faults.overloaded(4), 1) } });
    const refused = await send({ url: emulator.baseUrl, path: '/responses', body: BODY, key: 'sk-new' });
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '4']);
    const seen = JSON.parse((await send({ url: emulator.url, path })).text);
    expect(seen.received).toMatchObject([{ n: 1, path: '/responses', status: 503, fault: 'refuse' }]);
    const gone = await send({ url: emulator.url, path, method: 'DELETE' });
    expect(JSON.parse(gone.text).received).toEqual([]);
    expect((await send({ url: emulator.url, path: '/_emulator/keys/sk-nobody' })).status).toBe(400);
  });
});

describe('a refusal', () => {
  test.each([
    ['429 with a wait', faults.rateLimit(3), 429, 'rate_limit_exceeded', '3'],
    ['429 without a wait', faults.rateLimit(), 429, 'rate_limit_exceeded', undefined],
    ['an empty balance', faults.quota(), 429, 'credit_balance_exhausted', undefined],
    ['a wrong key', faults.unauthorized(), 401, 'invalid_api_key', undefined],
    ['a missing scope', faults.scope(), 403, null, undefined],
    ['an unknown model', faults.modelNotFound('gpt-5'), 404, 'model_not_found', undefined],
    ['a fault of the server', faults.serverError(), 500, 'server_error', undefined],
    ['overload', faults.overloaded(), 503, 'server_is_overloaded', undefined],
  ])('of %s has the status, the code and the wait it is known by', async (_, fault, status, code, wait) => {
    const answer = await call(fault);
    expect(answer.status).toBe(status);
    const { error } = JSON.parse(answer.text);
    expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code']);
    expect(error.code).toBe(code);
    expect(answer.headers['retry-after']).toBe(wait);
  });

  test('of something in between is a page and not JSON', async () => {
    const answer = await call(faults.html502());
    expect([answer.status, answer.headers['content-type']]).toEqual([502, 'text/html']);
  });
});

describe('a broken answer', () => {
  test('is reset before any header', async () => {
    await expect(call({ kind: 'reset' })).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('is cut on an event boundary or inside an event, after output', async () => {
    const on = await call({ kind: 'cut', onBoundary: true });
    expect(on.whole).toBe(false);
    expect(readingOf(on.body)).toMatchObject({ boundary: true, outputEvents: 2, sawTerminal: false });
    const off = await call({ kind: 'cut', onBoundary: false, afterOutput: 4 });
    expect(off.whole).toBe(false);
    expect(readingOf(off.body)).toMatchObject({ boundary: false, outputEvents: 4, sawTerminal: false });
  });

  test('ends cleanly without its last event', async () => {
    const answer = await call({ kind: 'clean_end' });
    expect(answer.whole).toBe(true);
    expect(readingOf(answer.body)).toMatchObject({ outputEvents: 2, sawTerminal: false });
  });

  test('reports overload inside HTTP 200 before any output, in either form', async () => {
    for (const form of ['error', 'failed'] as const) {
      const answer = await call(faults.overloadInside(form));
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('server_is_overloaded');
      expect(answer.text).not.toContain('output_item');
      expect(readingOf(answer.body)).toMatchObject({ sawError: true, sawTerminal: form === 'failed' });
    }
  });

  test('of JSON is cut in its middle', async () => {
    const answer = await call({ kind: 'cut', onBoundary: true }, { stream: false });
    expect([answer.status, answer.whole]).toEqual([200, false]);
    expect(() => JSON.parse(answer.text)).toThrow(SyntaxError);
  });

  test('goes silent, and notes when the client has had enough', async () => {
    let text = '';
    await call({ kind: 'stall', afterOutput: 3 }, {}, (chunk) => {
      text += chunk;
      return text.split('output_text.delta').length > 6 ? 'leave' : undefined;
    });
    const key = emulator.key('sk-one');
    await key.idle();
    expect(key.received[0]).toMatchObject({ aborted: true, finished: false, status: 200 });
    expect(key.received[0]?.abortedAtMs).not.toBeNull();
  });

  test('is refused the connection while the emulator is paused, and not after', async () => {
    await emulator.pause();
    await expect(call(HEALTHY)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await emulator.resume();
    expect((await call(HEALTHY)).status).toBe(200);
  });
});

describe('a peculiar answer', () => {
  test('is compressed whether asked for or not', async () => {
    const streamed = await call({ kind: 'gzip' });
    expect(streamed.headers['content-encoding']).toBe('gzip');
    expect(readingOf(gunzipSync(streamed.body))).toMatchObject({ sawTerminal: true });
    const whole = await call({ kind: 'gzip' }, { stream: false });
    expect(JSON.parse(gunzipSync(whole.body).toString()).status).toBe('completed');
  });

  test('has one event of the size asked for', async () => {
    const answer = await call({ kind: 'huge_event', bytes: 1_000_000 });
    expect(answer.body.length).toBeGreaterThan(1_000_000);
    expect(readingOf(answer.body)).toMatchObject({ sawTerminal: true, boundary: true });
  });

  test('reports usage that nobody should believe, or none', async () => {
    expect(readingOf((await call({ kind: 'wrong_usage' })).body).usage?.flagged).toBe(true);
    expect(readingOf((await call({ kind: 'no_usage' })).body).usage).toBeNull();
  });

  test('comes event by event, slowly', async () => {
    const chunks: string[] = [];
    const answer = await call({ kind: 'slow', eventDelayMs: 2, firstByteDelayMs: 2 }, {}, (chunk) => {
      chunks.push(chunk);
      return undefined;
    });
    expect(answer.whole).toBe(true);
    expect(chunks.length).toBeGreaterThan(10);
  });
});
