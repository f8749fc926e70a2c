/** Where a key does not go, over sockets: what a name comes to is judged when it is connected to, and no answer leads on. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { chat, openRig } from '../../support/gateway-rig.ts';

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('A key', () => {
  it.each([
    ['this computer', '127.0.0.1', 4],
    ['this computer, the other way', '::1', 6],
    ['the network at home', '192.168.1.1', 4],
    ['where clouds keep their secrets', '169.254.169.254', 4],
  ] as const)('is not sent to a name that comes to %s', async (_, address, family) => {
    let met = 0;
    const inside = createServer((socket) => {
      met += 1;
      socket.destroy();
    });
    const port = await listening(inside);
    try {
      await using rig = await openRig({
        accounts: [{ name: 'one', baseUrl: `https://gateway.example:${port}/v1`, allowLocal: false }],
        resolve: (_hostname, done) => done(null, [{ address, family }]),
      });
      const answer = await rig.post('/v1/chat/completions', chat());
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(await answer.text()).toContain('The address that the name resolved to is not allowed');
      expect(met).toBe(0);
    } finally {
      inside.close();
    }
  });

  it('does not follow an answer that points elsewhere, on the same machine or another', async () => {
    const seen: string[] = [];
    const told: RequestListener = (request, response) => {
      seen.push(`${request.headers.host} ${request.url}`);
      request.resume();
      response.end('{}');
    };
    const elsewhere = createHttpServer(told);
    const there = await listening(elsewhere);
    const pointing = createHttpServer((request, response) => {
      request.resume();
      response.writeHead(307, { location: `http://127.0.0.1:${there}/v1/chat/completions` }).end();
    });
    const here = await listening(pointing);
    try {
      await using rig = await openRig({
        accounts: [{ name: 'one', baseUrl: `http://127.0.0.1:${here}/v1`, allowLocal: true }],
      });
      const answer = await rig.post('/v1/chat/completions', chat(), { redirect: 'manual' });
      expect(answer.headers.get('location')).toBeNull();
      expect(seen).toEqual([]);
    } finally {
      elsewhere.close();
      pointing.close();
    }
  });
});
