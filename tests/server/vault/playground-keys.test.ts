/** The keys of the dashboard's own page: whose they are, from where they are taken, and how they end. */
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { MINUTE_MS } from '../../../lib/base/time.ts';
import { createPlaygroundKeys, type PlaygroundKeys } from '../../../server/vault/playground-keys.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

const PAGE = { 'sec-fetch-site': 'same-origin' };
let clock: FakeClock;
let living: Set<string>;
let keys: PlaygroundKeys;

beforeEach(() => {
  clock = createFakeClock();
  living = new Set(['here', 'there']);
  keys = createPlaygroundKeys({ sessions: { alive: (jti) => living.has(jti) }, clock, random: randomBytes });
});

describe('a key of the Playground', () => {
  it('makes calls as the client Playground, over any account or over one', () => {
    const any = keys.mint('here', null);
    const one = keys.mint('here', accountId('a1'));
    expect(keys.check(any.key, PAGE)).toMatchObject({ name: 'Playground', accounts: null });
    expect(keys.check(one.key, PAGE)).toMatchObject({ clientKeyId: 'playground', accounts: ['a1'] });
    expect(keys.check(any.key, PAGE)?.scopes).toEqual(['inference', 'see_accounts']);
  });

  it.each([
    ['another site', 'cross-site'],
    ['another port', 'same-site'],
    ['the address line', 'none'],
    ['a program', undefined],
  ])('is worth nothing when %s sends it', (_, site) => {
    const { key } = keys.mint('here', null);
    expect(keys.check(key, { 'sec-fetch-site': site })).toBeNull();
    expect(keys.check(key, PAGE)).not.toBeNull();
  });

  it('is none that we did not make', () => {
    keys.mint('here', null);
    expect(keys.check(new Secret('cam-nothing-of-ours'), PAGE)).toBeNull();
  });

  it('ends with the sign-in that it belongs to, and only with that', () => {
    const mine = keys.mint('here', null);
    const other = keys.mint('there', null);
    living.delete('here');
    expect(keys.check(mine.key, PAGE)).toBeNull();
    expect(keys.check(other.key, PAGE)).not.toBeNull();
    living.add('here');
    expect(keys.check(mine.key, PAGE)).toBeNull();
  });

  it.each([
    ['a quarter of an hour', (ms: number) => clock.advance(ms)],
    ['a clock set forward', (ms: number) => clock.jump(ms)],
  ])('ends after %s', (_, pass) => {
    const { key, expiresAtMs } = keys.mint('here', null);
    expect(expiresAtMs - clock.nowMs()).toBe(15 * MINUTE_MS);
    pass(15 * MINUTE_MS - 1);
    expect(keys.check(key, PAGE)).not.toBeNull();
    pass(1);
    expect(keys.check(key, PAGE)).toBeNull();
  });

  it('does not live longer because a clock is set back', () => {
    const { key } = keys.mint('here', null);
    clock.jump(-60 * MINUTE_MS);
    clock.advance(15 * MINUTE_MS);
    expect(keys.check(key, PAGE)).toBeNull();
  });

  it('leaves others alone, and the oldest goes when there are too many', () => {
    const first = keys.mint('here', null);
    const second = keys.mint('here', null);
    for (let n = 0; n < 63; n++) keys.mint('there', null);
    expect(keys.check(first.key, PAGE)).toBeNull();
    expect(keys.check(second.key, PAGE)).not.toBeNull();
    expect(reveal(first.key)).not.toBe(reveal(second.key));
  });
});
