/** Who is operating, told from headers; with a page on another port that got hold of the cookie. */
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../../lib/base/time.ts';
import {
  clearedCookie,
  createIdentify,
  type Identify,
  sessionCookie,
} from '../../../server/http/operator.ts';
import { createSessions, type Sessions, type SignIn } from '../../../server/vault/sessions.ts';
import { exchange, openGate, requestHead, statusOf } from './harness.ts';

let sessions: Sessions;
let identify: Identify;
let signIn: SignIn;
let cookie: string;

beforeEach(async () => {
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  sessions = createSessions({ clock, random: randomBytes, idleMs: () => HOUR_MS, absoluteMs: () => HOUR_MS });
  identify = createIdentify({ sessions, port: () => 8080 });
  signIn = await sessions.signIn('cookie');
  cookie = sessionCookie(signIn, 8080).split(';')[0] ?? '';
});

describe('the session cookie', () => {
  test('is out of reach for scripts, other sites and other paths, and named with the port', () => {
    expect(sessionCookie(signIn, 8080)).toBe(
      `cam_session_8080=${signIn.token}; Path=/admin; HttpOnly; SameSite=Strict`,
    );
    expect(clearedCookie(8080)).toContain('cam_session_8080=; Path=/admin;');
    expect(clearedCookie(8080)).toContain('Max-Age=0');
  });

  test('counts with the origin key', async () => {
    expect(
      await identify({ cookie: `a=1; ${cookie}; b=2`, 'x-cam-origin-key': signIn.originKey }),
    ).toMatchObject({
      via: 'cookie',
    });
  });

  test('that a page on another port was sent is refused everywhere, for it has no origin key', async () => {
    expect(await identify({ cookie })).toBeNull();
    expect(await identify({ cookie, 'x-cam-origin-key': '' })).toBeNull();
    expect(await identify({ cookie, 'x-cam-origin-key': randomBytes(32).toString('base64url') })).toBeNull();
    expect(await identify({ authorization: `Bearer ${signIn.token}` })).toBeNull();
  });

  test('is found among others of the same name that another server has set', async () => {
    const crowd = `cam_session_8080=forged; ${cookie}`;
    expect(await identify({ cookie: crowd, 'x-cam-origin-key': signIn.originKey })).not.toBeNull();
    const flood = `${'cam_session_8080=forged; '.repeat(4)}${cookie}`;
    expect(await identify({ cookie: flood, 'x-cam-origin-key': signIn.originKey })).toBeNull();
  });

  test('of another port is not ours', async () => {
    const other = cookie.replace('8080', '8081');
    expect(await identify({ cookie: other, 'x-cam-origin-key': signIn.originKey })).toBeNull();
  });
});

test('a page on another port that obtained the cookie is refused by the whole gate, whatever it claims', async () => {
  const port = { number: 0 };
  const identifyHere = createIdentify({ sessions, port: () => port.number });
  await using gate = await openGate({
    handleAdmin: (req, res) => {
      void identifyHere(req.headers).then((operator) => res.writeHead(operator ? 200 : 401).end());
    },
  });
  port.number = gate.port;
  const stolen = `Cookie: ${sessionCookie(signIn, gate.port).split(';')[0] ?? ''}`;
  const ask = async (method: string, ...headers: string[]): Promise<number> => {
    const head = [
      `Host: ${gate.host}`,
      'Content-Type: application/json',
      'Content-Length: 0',
      'Connection: close',
    ];
    return statusOf(
      await exchange(gate, requestHead(method, '/admin/api/trpc/accounts.list', [...head, ...headers])),
    );
  };
  const ownOrigin = `Origin: ${gate.origin}`;
  const theirOrigin = `Origin: http://127.0.0.1:${gate.port + 1}`;

  expect(await ask('GET', stolen)).toBe(401);
  expect(await ask('POST', stolen)).toBe(403);
  expect(await ask('GET', stolen, theirOrigin)).toBe(403);
  expect(await ask('POST', stolen, theirOrigin, `x-cam-origin-key: ${signIn.originKey}`)).toBe(403);
  expect(await ask('GET', stolen, 'Sec-Fetch-Site: same-site')).toBe(403);
  expect(await ask('POST', stolen, ownOrigin)).toBe(401);
  expect(await ask('POST', stolen, 'Authorization: Bearer a.b.c')).toBe(401);
  expect(await ask('POST', stolen, ownOrigin, `x-cam-origin-key: ${signIn.originKey}`)).toBe(200);
});

describe('the bearer', () => {
  test('is for the command line only: with signs of a browser it is refused', async () => {
    const bearer = await sessions.signIn('bearer');
    const authorization = `Bearer ${bearer.token}`;
    expect(await identify({ authorization })).toMatchObject({ via: 'bearer' });
    expect(await identify({ authorization, 'sec-fetch-site': 'same-origin' })).toBeNull();
  });

  test('that ended is refused', async () => {
    const bearer = await sessions.signIn('bearer');
    sessions.endAll();
    expect(await identify({ authorization: `Bearer ${bearer.token}` })).toBeNull();
  });
});
