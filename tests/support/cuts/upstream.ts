/**
 * A provider that is nothing but a socket: it writes what a case says, in slices that fall anywhere, and then hangs
 * up. No HTTP library stands between, so that every byte can be the last.
 */
import { createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

export interface Play {
  /** Everything that is sent, head and framing included, in the pieces in which it is. */
  readonly slices: readonly Buffer[];
  readonly ending: 'fin' | 'reset' | 'stay';
}

export interface RawUpstream extends AsyncDisposable {
  readonly baseUrl: string;
}

const CASE = /"user":"case-(\d+)"/;
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/** @param playOf told the case that the request names; null for one that names none */
export async function openRawUpstream(playOf: (number: number | null) => Play): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let asked = '';
    socket.on('data', (chunk) => {
      asked += chunk.toString('latin1');
      if (!isWhole(asked)) return;
      const number = CASE.exec(asked)?.[1];
      asked = '';
      void perform(socket, playOf(number === undefined ? null : Number(number)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new RangeError('no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isWhole(asked: string): boolean {
  const head = asked.indexOf('\r\n\r\n');
  if (head < 0) return false;
  return asked.length >= head + 4 + Number(LENGTH.exec(asked.slice(0, head))?.[1] ?? 0);
}

async function perform(socket: Socket, { slices, ending }: Play): Promise<void> {
  for (const slice of slices) {
    if (socket.destroyed) return;
    await new Promise((resolve) => socket.write(slice, resolve));
    // A turn of the loop for the other side to read what there is, so that a slice is a chunk.
    await setImmediate();
  }
  if (ending === 'fin') socket.end();
  else if (ending === 'reset') socket.resetAndDestroy();
}
