/** The log, and the three nets that keep secrets out of it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../lib/base/secret.ts';
import { createLogger, type Logger } from '../../server/log.ts';
import { ORDINARY } from '../lib/redaction/ordinary.ts';
import { FORMAT_NAMES, leaked, plant } from '../support/keys.ts';

let lines: string[];
let log: Logger;
beforeEach(() => {
  lines = [];
  log = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
});
const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;

test('a line is JSON with time, level, fields and message', () => {
  log.info({ port: 8080 }, 'listening');
  expect(last()).toMatchObject({ level: 'info', port: 8080, msg: 'listening' });
  expect(Date.parse(String(last().time))).not.toBeNaN();
});

test('lines below the level are left out, and the level can change', () => {
  log.debug({}, 'unseen');
  log.setLevel('debug');
  log.debug({}, 'seen');
  log.setLevel('silent');
  log.error({}, 'unseen too');
  expect(lines).toHaveLength(1);
});

test('the cause of an error is in the log', () => {
  log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
  expect(lines[0]).toContain('inner');
});

describe('no secret gets through', () => {
  test.each([
    ['a Secret', { value: new Secret('hunter2-hunter2') }, 'hunter2'],
    ['a field by its name', { masterKey: 'correct horse' }, 'correct horse'],
    [
      'a field one level down',
      { headers: { authorization: 'Basic abc', 'x-cam-origin-key': 'kkkk' } },
      /abc|kkkk/,
    ],
    [
      'an account key inside text',
      { message: 'Incorrect API key provided: sk-proj-abcdefghijkl' },
      'abcdefghijkl',
    ],
    ['a client key inside text', { note: 'got cam-3kfa8x9w2m4n6p8q0r' }, '3kfa8x9w'],
    ['a bearer inside text', { note: 'sent Bearer abcdefghij.klm' }, 'abcdefghij'],
    ['a token', { note: 'eyJhbGciOiJI.eyJqdGkiOiJ4.c2lnbmF0dXJl' }, 'c2lnbmF0dXJl'],
    ['a setup link', { note: 'http://127.0.0.1:8080/admin/setup#c2VjcmV0' }, 'c2VjcmV0'],
    ['a key in a URL', { url: '/v1/models?api_key=verysecretvalue&x=1' }, 'verysecretvalue'],
  ])('as %s', (_name, fields, secret) => {
    log.info(fields, 'something happened');
    expect(lines[0]).not.toMatch(secret);
    expect(lines[0]).toContain('[secret]');
    expect(last().msg).toBe('something happened');
  });

  test('inside an error or its cause', () => {
    log.error(
      { err: new Error('refused sk-proj-abcdefghijkl', { cause: new Error('Bearer abcdefghijkl') }) },
      'x',
    );
    expect(lines[0]).not.toContain('abcdefghijkl');
  });

  test('while it is in use, whatever it looks like, and however many hold it', () => {
    const secret = new Secret('plain "words" as a key');
    const first = log.hush(secret);
    const second = log.hush(secret);
    first();
    first();
    log.info({ note: 'said: plain "words" as a key' }, 'in use');
    expect(lines[0]).not.toContain('words');
    expect(last().note).toBe('said: [secret]');
    second();
    log.info({ note: 'plain "words" as a key' }, 'no longer');
    expect(lines[1]).toContain('words');
  });
});

test('our own header names are no secrets', () => {
  log.info({ names: 'x-cam-request-id x-cam-account-name cam-request-id' }, 'fine');
  expect(lines[0]).not.toContain('[secret]');
});

const KEYS = 10_000;
const SEED = 3;

/** Where a careless caller might put a text. */
const CARELESS: readonly ((text: string) => readonly [object, string])[] = [
  (text) => [{ note: text }, 'said'],
  (text) => [{}, text],
  (text) => [{ err: new Error('outer', { cause: new Error(text) }) }, 'failed'],
  (text) => [{ a: { b: { c: { d: [1, { e: text }] } } } }, 'deep'],
  (text) => [{ [text]: true }, 'as a name'],
  (text) => [{ url: `http://127.0.0.1:8080/v1/models?q=${text}` }, 'asked'],
  (text) => [{ json: JSON.stringify({ inner: JSON.stringify({ text }) }) }, 'quoted twice'],
];

test(`of ${KEYS} keys of every form, wherever they stand, none gets through, and every line stays JSON`, () => {
  const passed: string[] = [];
  const met = new Set<string>();
  for (let number = 0; number < KEYS; number++) {
    const { format, key, text } = plant(SEED, number, true);
    met.add(format);
    lines.length = 0;
    const [fields, message] = CARELESS[number % CARELESS.length]?.(text) ?? [{}, ''];
    log.info({ ...fields }, message);
    if (leaked(lines[0] ?? '', key) !== null) passed.push(`${number} ${format}: ${lines[0]}`);
    last();
  }
  expect(passed.slice(0, 5)).toEqual([]);
  expect(met.size).toBe(FORMAT_NAMES.length + 1);
}, 120_000);

test('a key in use is hidden in every piece, spread over fields, escaped and cut', () => {
  const passed: string[] = [];
  for (let number = 0; number < 500; number++) {
    const { key } = plant(SEED + 1, number, true);
    lines.length = 0;
    const release = log.hush(new Secret(key));
    const half = 11 + (number % Math.max(1, key.length - 22));
    log.info({ a: key.slice(0, half), b: { c: key.slice(half) } }, 'in two');
    log.info(
      { a: encodeURIComponent(key.slice(half)), b: JSON.stringify(JSON.stringify(key.slice(0, half))) },
      'x',
    );
    log.info({ chunks: [key.slice(0, half), key.slice(half)].map((part) => `%20${part}\\n`) }, 'in chunks');
    release();
    for (const line of lines) if (leaked(line, key) !== null) passed.push(line);
  }
  expect(passed.slice(0, 5)).toEqual([]);
}, 120_000);

test.each(ORDINARY)('an ordinary sentence is logged as it is: %s', (sentence) => {
  log.info({ note: sentence }, sentence);
  expect(last()).toMatchObject({ note: sentence, msg: sentence });
});
