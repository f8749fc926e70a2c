/** Which door a path leads to, and what the pages' answers carry. */
import { afterEach, describe, expect, test } from 'vitest';
import { codeOf, exchange, type Gate, type GateOptions, openGate, requestHead, statusOf } from './harness.ts';

let gate: Gate | null = null;
afterEach(async () => {
  await gate?.[Symbol.asyncDispose]();
  gate = null;
});

async function ask(
  options: GateOptions,
  method: string,
  path: string,
  ...headers: string[]
): Promise<string> {
  gate ??= await openGate(options);
  return exchange(gate, requestHead(method, path, [`Host: ${gate.host}`, ...headers]));
}
const get = (path: string, options: GateOptions = {}): Promise<string> => ask(options, 'GET', path);
const header = (answer: string, name: string): string | null =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(answer)?.[1]?.trim() ?? null;

describe('health', () => {
  test('is told with the vault state and the start id, whatever the state', async () => {
    const answer = await get('/healthz', { vault: () => 'locked' });
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('{"status":"ok","vault":"locked","startId":"start-1","version":"0.0.0"}');
  });

  test('is readiness only while the vault is unlocked', async () => {
    let vault: 'locked' | 'unlocked' = 'locked';
    expect(statusOf(await get('/readyz', { vault: () => vault }))).toBe(503);
    vault = 'unlocked';
    expect(statusOf(await get('/readyz'))).toBe(200);
  });
});

describe('an unknown path', () => {
  test('is a JSON 404', async () => {
    const answer = await get('/nothing/here');
    expect(statusOf(answer)).toBe(404);
    expect(codeOf(answer)).toBe('unknown_path');
    expect(header(answer, 'x-content-type-options')).toBe('nosniff');
  });

  test('that forgot /v1 is told the right base URL and counted', async () => {
    const misdirected: string[] = [];
    const answer = await get('/chat/completions', { onMisdirected: (path) => void misdirected.push(path) });
    expect(statusOf(answer)).toBe(404);
    expect(answer).toContain(`http://127.0.0.1:${gate?.port}/v1`);
    expect(misdirected).toEqual(['/chat/completions']);
  });

  test.each(['opencode/1.18.33', 'codex_exec/0.169.0'])(
    'that forgot /v1 is 403 for %s, which would repeat a 404 without a word',
    async (agent) => {
      const answer = await ask({}, 'POST', '/responses', `User-Agent: ${agent}`, 'Content-Length: 0');
      expect(statusOf(answer)).toBe(403);
      expect(codeOf(answer)).toBe('unknown_path');
      expect(answer).toContain('"type":"permission_error"');
      expect(answer).toContain('with /v1 at its end');
    },
  );
});

test.each(['/v1/models', '//v1/models', '/v1/v1/models', '/v1/models/', '/v1'])(
  '%s goes to the gateway',
  async (path) => {
    expect(await get(path)).toContain('served');
  },
);

test('the root leads to the dashboard', async () => {
  const answer = await get('/');
  expect(statusOf(answer)).toBe(302);
  expect(header(answer, 'location')).toBe('/admin');
});

describe('pages', () => {
  test('carry a policy with a nonce that Next was given too, and are not stored', async () => {
    const seen: (string | string[] | undefined)[] = [];
    const answer = await get('/admin/accounts', {
      pages: {
        handle: (req, res) => {
          seen.push(req.headers['content-security-policy'], req.headers['x-nonce']);
          res.setHeader('Cache-Control', 's-maxage=31536000');
          res.end('page');
        },
      },
    });
    const policy = header(answer, 'content-security-policy');
    const nonce = Buffer.alloc(16, 7).toString('base64');
    expect(seen).toEqual([policy, nonce]);
    expect(policy).toContain(`script-src 'self' 'nonce-${nonce}' 'strict-dynamic';`);
    expect(/script-src[^;]*unsafe/.test(policy ?? '')).toBe(false);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(header(answer, 'cache-control')).toBe('no-store');
    expect(header(answer, 'cross-origin-opener-policy')).toBe('same-origin');
    expect(header(answer, 'referrer-policy')).toBe('no-referrer');
  });

  test('leave the caching of hashed files to Next', async () => {
    const answer = await get('/_next/static/chunk-abc.js', {
      pages: {
        handle: (_req, res) => {
          res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
          res.end();
        },
      },
    });
    expect(header(answer, 'cache-control')).toContain('immutable');
  });

  test.each([
    ['uninitialised', '/admin/accounts', '/admin/setup'],
    ['uninitialised', '/admin/unlock', '/admin/setup'],
    ['locked', '/admin', '/admin/unlock'],
    ['locked', '/admin/setup', '/admin/unlock'],
  ] as const)('of a vault that is %s lead from %s to %s', async (vault, from, to) => {
    const answer = await get(from, { vault: () => vault });
    expect(statusOf(answer)).toBe(302);
    expect(header(answer, 'location')).toBe(to);
  });

  test('for unlocking are served while locked, with their files and the API', async () => {
    const options: GateOptions = { vault: () => 'locked' };
    expect(await get('/admin/unlock', options)).toContain('a page');
    expect(await get('/_next/static/x.js')).toContain('a page');
    expect(await get('/admin/api/trpc/session.status')).toContain('admin');
  });

  test.each(['/_next/image?url=x', '/_next/%69mage?url=x', '/_next/static/chunk.js.map', '/admin/api/other'])(
    'do not include %s',
    async (path) => {
      expect(statusOf(await get(path))).toBe(404);
    },
  );

  test.each([
    '/_next/static/..%2f..%2fsecret',
    '/admin/%2e%2e/x',
    '/admin//x',
    '/admin/api%2ftrpc/x',
    '/admin\\x',
    '/admin/%',
  ])('do not answer to the ambiguous path %s', async (path) => {
    expect(statusOf(await get(path))).toBe(400);
  });

  test('take no Server Actions', async () => {
    const answer = await ask({}, 'POST', '/admin/accounts', 'Next-Action: abc', 'Content-Length: 0');
    expect(statusOf(answer)).toBe(405);
  });
});

describe('a change through the admin API', () => {
  const post = (...headers: string[]): Promise<string> =>
    ask({}, 'POST', '/admin/api/trpc/accounts.add', 'Content-Length: 0', ...headers);
  const ours = async (): Promise<string> => {
    gate ??= await openGate({});
    return `Origin: ${gate.origin}`;
  };
  const json = 'Content-Type: application/json';

  test('is accepted from our own page', async () => {
    expect(statusOf(await post(json, await ours(), 'Sec-Fetch-Site: same-origin'))).toBe(200);
  });
  test('is accepted without an origin only with a bearer', async () => {
    expect(statusOf(await post(json, 'Authorization: Bearer a.b.c'))).toBe(200);
    expect(codeOf(await post(json))).toBe('forbidden_origin');
  });
  test.each(['cross-site', 'same-site'])('is refused when the browser says it is %s', async (site) => {
    expect(codeOf(await post(json, await ours(), `Sec-Fetch-Site: ${site}`))).toBe('forbidden_origin');
  });
  test('is refused in any other media type, as forms would send it', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      expect(codeOf(await post(`Content-Type: ${type}`, await ours()))).toBe('unsupported_media_type');
    }
  });
  test('is refused with any other method', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const answer = await ask(
        {},
        method,
        '/admin/api/trpc/accounts.add',
        'Content-Length: 0',
        json,
        await ours(),
      );
      expect(statusOf(answer)).toBe(405);
    }
  });
});
