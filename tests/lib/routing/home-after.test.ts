/** Where a conversation lives after an answer, by what clients send: titles first, turns with a cache key, helpers. */
import { describe, expect, test } from 'vitest';
import { homeAfter, type Turn } from '../../../lib/routing/home-after.ts';
import type { Home } from '../../../lib/routing/plan-input.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import { id, member } from './fixtures.ts';

const a = member('a', 'org-a');
const b = member('b', 'org-b');
/** OpenCode's title: a small model, the session's header, no cache key, nothing of the conversation. */
const TITLE: Turn = { model: 'gpt-5.4-nano', carries: false, continues: false, keyed: false, removed: false };
/** The first turn of OpenCode and Codex names a cache key; the later ones carry sealed reasoning too. */
const FIRST: Turn = { ...TITLE, model: 'gpt-5.5', keyed: true };
const LATER: Turn = { ...FIRST, continues: true, carries: true };
const at = (name: string, organization: string | null, mixed = false): Home => ({
  accountId: id(name),
  organization,
  mixed,
});
const served = (by: Upstream, before: Home | null, on: Upstream | null, turn: Turn) =>
  homeAfter(by, before, on, turn);

describe('The home of a conversation', () => {
  test('is where its first call went, and stays there', () => {
    expect(served(a, null, null, TITLE)).toEqual(at('a', 'org-a'));
    expect(served(a, at('a', 'org-a'), a, LATER)).toEqual(at('a', 'org-a'));
  });

  test('is not moved by a turn that another account served meanwhile, which is remembered as served last', () => {
    expect(served(b, at('a', 'org-a'), a, LATER)).toEqual(at('a', 'org-b'));
    expect(served(a, at('a', 'org-b'), a, LATER)).toEqual(at('a', 'org-a'));
  });

  test('moves for good when its account was switched off, refused or removed', () => {
    const off = member('a', 'org-a', { account: { enabled: false } });
    const refused = member('a', 'org-a', { credentialRefused: 'refused' });
    for (const gone of [off, refused, null])
      expect(served(b, at('a', 'org-a'), gone, LATER)).toEqual(at('b', 'org-b'));
  });

  test('and who served it last are left alone by a title that another account served in the middle of it', () => {
    expect(served(b, at('a', 'org-a'), a, TITLE)).toEqual(at('a', 'org-a'));
    expect(served(a, at('a', 'org-b'), a, TITLE)).toEqual(at('a', 'org-b'));
    expect(served(b, at('a', 'org-a', true), a, TITLE)).toEqual(at('a', 'org-a', true));
  });

  test('knows from the first turn itself who has its cache, though nothing is carried yet', () => {
    expect(served(b, at('a', 'org-a'), a, FIRST)).toEqual(at('a', 'org-b'));
  });

  test('goes over to the first turn when the title went to an account that may never serve its model', () => {
    const small = member('a', 'org-a', { account: { models: ['*-nano'] } });
    expect(served(small, null, null, TITLE)).toEqual(at('a', 'org-a'));
    expect(served(b, at('a', 'org-a'), small, FIRST)).toEqual(at('b', 'org-b'));
    // A client without cache keys: the second turn tells.
    const chat = { ...FIRST, keyed: false };
    expect(served(b, at('a', 'org-a'), small, chat)).toEqual(at('a', 'org-a'));
    expect(served(b, at('a', 'org-a'), small, { ...chat, continues: true })).toEqual(at('b', 'org-b'));
  });

  test('does not go over to an account for small models by a title in the middle of the conversation', () => {
    const large = member('a', 'org-a', { account: { models: ['!*-nano'] } });
    const small = member('b', 'org-b', { account: { models: ['*-nano'] } });
    expect(served(small, at('a', 'org-a'), large, TITLE)).toEqual(at('a', 'org-a'));
  });

  test('moves with a title too when its account is gone', () => {
    expect(served(b, at('a', 'org-a'), null, TITLE)).toEqual(at('b', 'org-b'));
  });
});
