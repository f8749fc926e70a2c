/**
 * A provider that says the key of the attempt back, in every way that it can: nobody hears it. Raw sockets, so that
 * the key can be cut in two by a chunk. The keys here have no shape that anything else would know them by.
 */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openRawUpstream, type Play } from '../../support/cuts/upstream.ts';
import { chat, openRig, responses } from '../../support/gateway-rig.ts';
import { leaked } from '../../support/keys.ts';

const KEY = randomBytes(24)
  .toString('hex')
  .replace(/(.{6})/g, '$1-');
const HALF = Math.floor(KEY.length / 2);

type Quoting = (key: string) => string;

const WAYS: Readonly<Record<string, Quoting>> = {
  'as it is': (key) => JSON.stringify({ error: { message: `Not good: ${key}.`, code: 'invalid_value' } }),
  'as its code': (key) => JSON.stringify({ error: { message: 'No.', code: key, type: key } }),
  'in JSON in JSON': (key) => JSON.stringify({ error: { message: JSON.stringify(JSON.stringify({ key })) } }),
  'with its letters escaped': (key) =>
    `{"error":{"message":"${[...key].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}}`,
  'percent-encoded': (key) =>
    JSON.stringify({ error: { message: [...key].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('') } }),
  'in two fields': (key) =>
    JSON.stringify({ error: { message: key.slice(0, HALF), param: key.slice(HALF), code: 'invalid_value' } }),
  'in part': (key) =>
    JSON.stringify({ error: { message: `It began with ${key.slice(0, 20)}`, code: 'bad' } }),
  'as plain text': (key) => `Refused: ${key}`,
  'in a page': (key) => `<html><body><p>${key}</p></body></html>`,
  'as an error of a stream': (key) => `data: ${JSON.stringify({ error: { message: key, code: key } })}\n\n`,
};

const STATUSES = [200, 400, 401, 403, 404, 422, 429, 500, 503] as const;
const CASES = Object.entries(WAYS).flatMap(([way, quote]) =>
  STATUSES.map((status) => ({ way, quote, status })),
);

/** Every other body comes in chunks of which one ends inside the key. */
/** A question of ours whether the key is good is refused too, and quotes it. */
const CONFIRMED = { way: 'as it is', quote: WAYS['as it is'] ?? String, status: 401 };

function playOf(asked: number | null): Play {
  const number = asked ?? 0;
  const { way, quote, status } = CASES[asked ?? -1] ?? CONFIRMED;
  const body = Buffer.from(quote(KEY));
  const type =
    way === 'in a page'
      ? 'text/html'
      : way === 'as an error of a stream'
        ? 'text/event-stream'
        : 'application/json';
  const head = `HTTP/1.1 ${status} Said\r\ncontent-type: ${type}\r\nx-request-id: req-${KEY}\r\nx-echo: ${KEY}\r\nx-api-key: ${KEY}\r\n`;
  if (number % 2 === 0) {
    return { slices: [Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`), body], ending: 'stay' };
  }
  const at = Math.max(1, body.indexOf(KEY.slice(0, 8)) + 12);
  const chunks = [body.subarray(0, at), body.subarray(at)].filter(({ length }) => length > 0);
  const framed = chunks.map((chunk) =>
    Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
  );
  return {
    slices: [Buffer.from(`${head}transfer-encoding: chunked\r\n\r\n`), ...framed, Buffer.from('0\r\n\r\n')],
    ending: 'stay',
  };
}

it('tells nobody the key that it was sent: no client, no log, no ledger', async () => {
  await using upstream = await openRawUpstream(playOf);
  await using rig = await openRig({
    accounts: [],
    config: (config) => ({ ...config, routing: { ...config.routing, attempts_max: 1 } }),
  });
  const told: string[] = [];
  for (const [number, { way, status }] of CASES.entries()) {
    // An account of its own for each: what one refusal teaches must not keep the next from being made.
    const account = rig.put({
      name: `raw-${number}`,
      key: KEY,
      baseUrl: upstream.baseUrl,
      priority: -number,
    });
    const body = {
      ...(number % 3 === 0 ? responses() : chat({ stream: number % 3 === 1 })),
      user: `case-${number}`,
    };
    const answer = await rig.post(number % 3 === 0 ? '/v1/responses' : '/v1/chat/completions', body);
    const text = `${await answer.text()}${JSON.stringify([...answer.headers])}`;
    const part = leaked(text, KEY);
    if (part !== null) told.push(`${status} ${way}, a client: ${text}`);
    rig.room.pool.put(account.id, null);
  }
  const rows = await rig.rows();
  expect(rows.length).toBe(CASES.length);
  const explained = await Promise.all(rows.map(({ id }) => rig.explained(id)));
  for (const view of explained)
    if (leaked(JSON.stringify(view), KEY) !== null) told.push(`the ledger: ${JSON.stringify(view)}`);
  for (const line of rig.logLines) if (leaked(line, KEY) !== null) told.push(`the log: ${line}`);
  expect(told.slice(0, 5)).toEqual([]);
}, 120_000);

it('shows no refusal that it could not read: a compressed one, one cut short, one that is very long', async () => {
  const bodies = [
    { body: gzipSync(JSON.stringify({ error: { message: KEY } })), more: 'content-encoding: gzip\r\n' },
    { body: Buffer.from('{"error":{"message":"It was'), more: '' },
    { body: Buffer.from(JSON.stringify({ error: { message: 'long '.repeat(20_000) } })), more: '' },
  ];
  await using upstream = await openRawUpstream((number) => {
    const { body, more } = bodies[number ?? -1] ?? { body: Buffer.alloc(0), more: '' };
    const head = `HTTP/1.1 422 No\r\ncontent-type: application/json\r\n${more}content-length: ${body.length}\r\n\r\n`;
    return { slices: [Buffer.from(head), body], ending: 'stay' };
  });
  await using rig = await openRig({ accounts: [{ name: 'raw', key: KEY, baseUrl: upstream.baseUrl }] });
  for (const number of bodies.keys()) {
    const answer = await rig.post('/v1/chat/completions', { ...chat(), user: `case-${number}` });
    const said = (await answer.json()) as { error: { message: string } };
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(said.error.message).toContain('The provider refused the request itself');
  }
});
