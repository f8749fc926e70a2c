/** A client that is nothing but a socket, and that believes every ending that HTTP lets it believe. */
import { connect } from 'node:net';

export interface Seen {
  readonly status: number;
  readonly requestId: string | null;
  readonly body: Buffer;
  /** By the rules of HTTP the answer is over and complete. */
  readonly clean: boolean;
}

export interface Ask {
  readonly port: number;
  readonly path: string;
  readonly key: string;
  readonly body: string;
  readonly version: '1.0' | '1.1';
}

export function askOver({ port, path, key, body, version }: Ask): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let failed = false;
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {
      failed = true;
    });
    socket.on('close', () => {
      const seen = readAnswer(Buffer.concat(chunks), failed);
      if (seen) resolve(seen);
      else reject(new Error('there was no answer'));
    });
    socket.write(
      `POST ${path} HTTP/${version}\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${key}\r\n` +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
}

function readAnswer(all: Buffer, failed: boolean): Seen | null {
  const headEnd = all.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = all.toString('latin1', 0, headEnd);
  const rest = all.subarray(headEnd + 4);
  const field = (name: string): string | null =>
    new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i').exec(head)?.[1] ?? null;
  const known = { status: Number(head.slice(9, 12)), requestId: field('x-cam-request-id') };
  if (/chunked/i.test(field('transfer-encoding') ?? '')) return { ...known, ...unframed(rest) };
  const length = field('content-length');
  // Without a length only the way in which the connection ended tells.
  if (length === null) return { ...known, body: rest, clean: !failed };
  return { ...known, body: rest, clean: rest.length === Number(length) };
}

function unframed(rest: Buffer): Pick<Seen, 'body' | 'clean'> {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) return { body: Buffer.concat(pieces), clean: false };
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16);
    const from = lineEnd + 2;
    if (size === 0) return { body: Buffer.concat(pieces), clean: rest.length >= from + 2 };
    pieces.push(rest.subarray(from, from + size));
    if (rest.length < from + size + 2) return { body: Buffer.concat(pieces), clean: false };
    at = from + size + 2;
  }
}
