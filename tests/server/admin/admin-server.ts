/** The admin API behind a real HTTP server, as the gate mounts it, without the gate. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reveal } from '../../../lib/base/secret.ts';
import { ADMIN_API_PATH, createAdminHandler } from '../../../server/admin/handler.ts';
import { clearedCookie, createIdentify, sessionCookie } from '../../../server/http/operator.ts';
import { createRig, MASTER_KEY, type Rig, type RigOptions } from '../services/rig.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** tRPC's envelope. */
  readonly body: {
    readonly result?: { readonly data: Record<string, unknown> };
    readonly error?: { readonly message: string; readonly data: Record<string, unknown> };
  };
}

export async function startAdminServer(options: RigOptions = {}) {
  const rig: Rig = await createRig(options);
  await rig.services.local.initialise(MASTER_KEY);
  const port = { number: 0 };
  const reported: { code: string; path: string | null }[] = [];
  const handle = createAdminHandler({
    router: rig.router,
    identify: createIdentify({ sessions: rig.sessions, port: () => port.number }),
    redeem: rig.sessions.redeem,
    sessionCookie: (signIn) => sessionCookie(signIn, port.number),
    clearedCookie: () => clearedCookie(port.number),
    report: ({ code }, path) => void reported.push({ code, path }),
  });
  const server = createServer((req: IncomingMessage, res) => handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port.number = (server.address() as AddressInfo).port;
  const base = `http://127.0.0.1:${port.number}${ADMIN_API_PATH}`;

  const read = async (response: Response): Promise<Answer> => {
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  };
  const post = async (path: string, input: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    read(
      await fetch(`${base}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof input === 'string' ? input : JSON.stringify(input),
      }),
    );
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    read(await fetch(`${base}/${path}`, { headers }));

  /** Signs in as a browser does. */
  const signIn = async (): Promise<{ cookie: string; originKey: string }> => {
    const answer = await post('session.unlock', { masterKey: reveal(MASTER_KEY) });
    const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    return { cookie, originKey: String(answer.body.result?.data.originKey) };
  };
  return {
    rig,
    base,
    post,
    get,
    signIn,
    reported,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rig.close();
    },
  };
}

export type AdminServer = Awaited<ReturnType<typeof startAdminServer>>;
