import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { clientKeyId } from '../../../lib/base/id.ts';
import { readBodyFacts } from '../../../lib/calls/body-facts.ts';
import type { BodyFacts } from '../../../lib/calls/call.ts';
import { readSessionKey } from '../../../lib/calls/session-key.ts';

const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex').slice(0, 32);
const caller = clientKeyId('caller-1');
const SMALL = 500;
const LARGE = 40_000;

function facts(body: unknown): BodyFacts {
  const read = readBodyFacts(new TextEncoder().encode(JSON.stringify(body)), hash);
  if ('error' in read) throw new Error(read.error);
  return read;
}

const key = (headers: Record<string, string>, body: unknown = {}, bytes = SMALL, by = caller) =>
  readSessionKey(headers, facts(body), by, bytes, hash);

describe('a session key', () => {
  test.each([
    ['session-id'],
    ['x-session-affinity'],
    ['x-session-id'],
    ['session_id'],
    ['thread-id'],
    ['x-claude-code-session-id'],
  ])('is read from the header %s', (name) => {
    expect(key({ [name]: 'ses_1' })).toMatchObject({ source: name, parentHash: null });
  });

  test('takes the headers in their order and all of them before the body', () => {
    const all = {
      'x-claude-code-session-id': 'f',
      'thread-id': 'e',
      session_id: 'd',
      'x-session-id': 'c',
      'x-session-affinity': 'b',
    };
    expect(key(all, { conversation: 'conv' })?.source).toBe('x-session-affinity');
    expect(key({ ...all, 'session-id': 'e' })?.source).toBe('session-id');
    expect(key({}, { conversation: 'conv', prompt_cache_key: 'k' })?.source).toBe('conversation');
    expect(key({}, { prompt_cache_key: 'k' })?.source).toBe('prompt_cache_key');
  });

  test('is the same wherever the client writes it, so that a session does not lose its home', () => {
    expect(key({ 'x-session-affinity': 'ses_1' })?.hash).toBe(key({}, { prompt_cache_key: 'ses_1' })?.hash);
  });

  test('is another for another client key', () => {
    expect(key({ 'session-id': 's' })?.hash).not.toBe(
      key({ 'session-id': 's' }, {}, SMALL, clientKeyId('caller-2'))?.hash,
    );
  });

  test('tells sub-agents that share a session apart, and starts them at their session', () => {
    const main = key({ 'session-id': 's', 'thread-id': 's' });
    const sub = key({ 'session-id': 's', 'thread-id': 't' });
    expect(main?.parentHash).toBeNull();
    expect(sub?.hash).not.toBe(main?.hash);
    expect(sub?.parentHash).toBe(main?.hash);
  });

  test('names the parent that a sub-agent says it has', () => {
    const child = key({ 'x-session-id': 'child', 'x-parent-session-id': 'parent' });
    expect(child?.parentHash).toBe(key({ 'x-session-id': 'parent' })?.hash);
    expect(key({ 'x-session-id': 'same', 'x-parent-session-id': 'same' })?.parentHash).toBeNull();
  });

  test('ignores empty headers', () => {
    expect(key({ 'session-id': '  ', 'x-session-id': 'x' })?.source).toBe('x-session-id');
  });

  test('falls back to the opening items of a call that continues, on input as on messages', () => {
    const opening = [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'U' },
    ];
    const turn = { role: 'assistant', content: 'A' };
    const onMessages = key({}, { model: 'm', messages: [...opening, turn] });
    expect(onMessages?.source).toBe('prefix');
    expect(key({}, { model: 'm', input: [...opening, turn] })?.hash).toBe(onMessages?.hash);
    expect(key({}, { model: 'm', messages: [...opening, turn, turn] })?.hash).toBe(onMessages?.hash);
  });

  test('does not pin a short first call, which no provider caches', () => {
    const first = { model: 'm', messages: [{ role: 'user', content: 'hello' }] };
    expect(key({}, first, SMALL)).toBeNull();
    expect(key({}, first, LARGE)?.source).toBe('prefix');
  });

  test('is not made from end-user names', () => {
    expect(key({}, { user: 'u', safety_identifier: 's' })).toBeNull();
  });

  test('is read from headers alone where the body was not read', () => {
    expect(readSessionKey({ 'session-id': 's' }, null, caller, 10, hash)?.source).toBe('session-id');
    expect(readSessionKey({}, null, caller, 10, hash)).toBeNull();
  });
});
