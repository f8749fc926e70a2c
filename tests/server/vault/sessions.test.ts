/** Sign-ins: what proves one, how long it lasts, and how it ends. */
import { randomBytes } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import { createSessions, type Operator, type Sessions } from '../../../server/vault/sessions.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

let clock: FakeClock;
let idleMs: number;
let sessions: Sessions;

beforeEach(() => {
  clock = createFakeClock();
  idleMs = HOUR_MS;
  sessions = make();
});

function make(): Sessions {
  return createSessions({ clock, random: randomBytes, idleMs: () => idleMs, absoluteMs: () => 12 * HOUR_MS });
}

async function signedIn(): Promise<{ token: string; originKey: string; operator: Operator }> {
  const { token, originKey } = await sessions.signIn('cookie');
  const operator = await sessions.verify(token, 'cookie', originKey);
  if (!operator) throw new Error('a fresh sign-in was not accepted');
  return { token, originKey, operator };
}

describe('a cookie', () => {
  test('proves an operator together with its origin key', async () => {
    const { operator } = await signedIn();
    expect(operator.via).toBe('cookie');
  });

  test('proves nothing without the origin key, or with that of another sign-in', async () => {
    const { token } = await signedIn();
    const other = await signedIn();
    expect(await sessions.verify(token, 'cookie', null)).toBeNull();
    expect(await sessions.verify(token, 'cookie', '')).toBeNull();
    expect(await sessions.verify(token, 'cookie', other.originKey)).toBeNull();
  });

  test('is no bearer, and a bearer is no cookie', async () => {
    const cookie = await sessions.signIn('cookie');
    const bearer = await sessions.signIn('bearer');
    expect(await sessions.verify(cookie.token, 'bearer', null)).toBeNull();
    expect(await sessions.verify(bearer.token, 'cookie', '')).toBeNull();
    expect(await sessions.verify(bearer.token, 'bearer', null)).toMatchObject({ via: 'bearer' });
  });
});

describe('a token that we did not sign', () => {
  const claims = { via: 'bearer' };

  test('is refused, whatever algorithm it claims', async () => {
    const { jti } = (await signedIn()).operator;
    const exp = Math.floor(clock.nowMs() / 1_000) + 600;
    const unsigned = new UnsecuredJWT(claims).setJti(jti).setExpirationTime(exp).encode();
    const foreign = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setJti(jti)
      .setExpirationTime(exp)
      .sign(randomBytes(32));
    for (const token of [unsigned, foreign, '', 'a.b.c', 'x'.repeat(10_000)]) {
      expect(await sessions.verify(token, 'bearer', null)).toBeNull();
    }
  });

  test('includes those of the server before its restart', async () => {
    const { token } = await sessions.signIn('bearer');
    sessions = make();
    expect(await sessions.verify(token, 'bearer', null)).toBeNull();
  });
});

describe('a sign-in lasts', () => {
  test('as long as it is used, up to the absolute limit', async () => {
    const { token } = await sessions.signIn('bearer');
    for (let minutes = 0; minutes < 12 * 60 - 59; minutes += 59) {
      expect(await sessions.verify(token, 'bearer', null)).not.toBeNull();
      clock.advance(59 * MINUTE_MS);
    }
    clock.advance(59 * MINUTE_MS);
    expect(await sessions.verify(token, 'bearer', null)).toBeNull();
  });

  test('no longer than the idle limit without use, and looking does not count as use', async () => {
    const { operator, token, originKey } = await signedIn();
    clock.advance(40 * MINUTE_MS);
    expect(sessions.alive(operator.jti)).toBe(true);
    clock.advance(20 * MINUTE_MS);
    expect(sessions.alive(operator.jti)).toBe(false);
    expect(await sessions.verify(token, 'cookie', originKey)).toBeNull();
  });

  test('no longer when the computer slept, or the clock was turned back', async () => {
    const slept = await signedIn();
    clock.jump(2 * HOUR_MS);
    expect(sessions.alive(slept.operator.jti)).toBe(false);

    const turnedBack = await signedIn();
    clock.jump(-5 * HOUR_MS);
    clock.advance(HOUR_MS);
    expect(sessions.alive(turnedBack.operator.jti)).toBe(false);
  });

  test('no longer than a limit that was shortened meanwhile', async () => {
    const { operator } = await signedIn();
    clock.advance(10 * MINUTE_MS);
    idleMs = 5 * MINUTE_MS;
    expect(sessions.alive(operator.jti)).toBe(false);
  });
});

describe('ending', () => {
  test('one sign-in leaves the others', async () => {
    const first = await signedIn();
    const second = await signedIn();
    sessions.end(first.operator.jti);
    expect(await sessions.verify(first.token, 'cookie', first.originKey)).toBeNull();
    expect(await sessions.verify(second.token, 'cookie', second.originKey)).not.toBeNull();
  });

  test('all of them revokes every token and ticket at once', async () => {
    const { operator, token, originKey } = await signedIn();
    const ticket = sessions.ticket(operator);
    sessions.endAll();
    expect(await sessions.verify(token, 'cookie', originKey)).toBeNull();
    expect(sessions.redeem(ticket)).toBeNull();
  });

  test('happens to the oldest when there are too many', async () => {
    const first = await signedIn();
    for (let i = 0; i < 64; i++) await sessions.signIn('bearer');
    expect(sessions.alive(first.operator.jti)).toBe(false);
  });
});

describe('a ticket', () => {
  test('opens one subscription, once', async () => {
    const { operator } = await signedIn();
    const ticket = sessions.ticket(operator);
    expect(sessions.redeem(ticket)).toEqual(operator);
    expect(sessions.redeem(ticket)).toBeNull();
    expect(sessions.redeem('made up')).toBeNull();
  });

  test('is good for ten seconds and while its sign-in lives', async () => {
    const { operator } = await signedIn();
    const late = sessions.ticket(operator);
    clock.advance(10_001);
    expect(sessions.redeem(late)).toBeNull();
    const orphan = sessions.ticket(operator);
    sessions.end(operator.jti);
    expect(sessions.redeem(orphan)).toBeNull();
  });
});
