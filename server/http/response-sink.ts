/**
 * A ResponseSink over `node:http`: the writing half of the adapter, on the hot path of every streamed event.
 *
 * Chunked framing is done here: node:http hands length, line ends and data to the socket as four writes, which cost
 * more than the data. One event is one buffer and one write. `chunkedEncoding` is the switch by which node:http
 * decides whether to frame; the `transfer-encoding` header tells it that the connection stays usable.
 */
import type { ServerResponse } from 'node:http';
import type { ResponseSink } from '../gateway/values.ts';
import { BASE_HEADERS } from './security-headers.ts';

export interface SinkLimits {
  /** A reader that takes nothing for this long is let go. */
  readonly stallMs: number;
  /** How long `break` waits for its last words to leave. */
  readonly breakMs: number;
}

export interface OpenSink extends ResponseSink {
  /** True once we have said our last word, so that a closing socket means nothing any more. */
  readonly over: boolean;
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n', 'latin1');
const KERNEL_BUFFER_BYTES = 65_536;
const NO_BODY_STATUS = new Set([204, 304]);

export function createResponseSink(res: ServerResponse, limits: SinkLimits): OpenSink {
  let pending: { readonly status: number; readonly headers: string[]; readonly sized: boolean } | null = null;
  let framed = false;
  let over = false;
  let stalled = false;
  const bodyless = res.req.method === 'HEAD';

  /** Hands the head to node:http, which sends it together with the first bytes of the body. */
  const sendHead = (length: number | null): void => {
    if (!pending) return;
    const { status, headers, sized } = pending;
    pending = null;
    if (!bodyless && !sized && !NO_BODY_STATUS.has(status)) {
      if (length !== null) headers.push('content-length', String(length));
      else if (res.req.httpVersion === '1.1') {
        headers.push('transfer-encoding', 'chunked');
        framed = true;
      }
    }
    writeHeadSafely(res, status, headers);
    if (framed) res.chunkedEncoding = false;
  };

  const onceRelieved = (): void => {
    stalled = false;
    res.socket?.setTimeout(0);
  };
  const watchStall = (): void => {
    if (stalled) return;
    stalled = true;
    // The socket's own timer knows partial progress of a large write; it destroys the connection by default.
    res.socket?.setTimeout(limits.stallMs);
    res.once('drain', onceRelieved);
  };

  return {
    get over() {
      return over;
    },

    head: (status, headers) => {
      const flat: string[] = [];
      let sized = false;
      for (const [name, value] of headers) {
        flat.push(name, value);
        if (name === 'content-length') sized = true;
      }
      flat.push(...BASE_HEADERS);
      pending = { status, headers: flat, sized };
      // An upstream may answer with headers long before its first byte; the client should know by then.
      setImmediate(() => {
        if (pending === null || res.destroyed) return;
        sendHead(null);
        res.flushHeaders();
      });
    },

    write: (chunk) => {
      if (res.destroyed || over) return false;
      if (pending) sendHead(null);
      if (chunk.length === 0) return true;
      if (res.write(framed ? frame(chunk) : chunk)) return true;
      watchStall();
      return false;
    },

    onDrain: (resume) => {
      res.once('drain', resume);
    },

    end: (chunk) => {
      if (over) return;
      over = true;
      if (res.destroyed) return;
      if (pending) sendHead(chunk?.length ?? 0);
      if (framed) res.end(chunk && chunk.length > 0 ? lastFrame(chunk) : LAST_CHUNK);
      else res.end(chunk);
      // Less than this fits into the kernel's buffer, or a stall is being watched already.
      if (chunk && chunk.length > KERNEL_BUFFER_BYTES) res.socket?.setTimeout(limits.stallMs);
    },

    break: (last) => {
      if (over || res.destroyed) return Promise.resolve();
      over = true;
      if (pending) sendHead(null);
      return new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(patience);
          // HTTP/1.0 has no framing: there only a reset tells an unfinished body from a finished one.
          if (res.req.httpVersion === '1.0') res.socket?.resetAndDestroy();
          else res.destroy();
          resolve();
        };
        const patience = setTimeout(finish, limits.breakMs);
        res.once('close', finish);
        if (last && last.length > 0) res.write(framed ? frame(last) : last, finish);
        else if (res.headersSent) res.write('', finish);
        else finish();
      });
    },
  };
}

/** `<length in hex> CRLF <data> CRLF` in one buffer. */
function frame(chunk: Uint8Array): Buffer {
  const size = chunk.length.toString(16);
  const start = size.length + 2;
  const framed = Buffer.allocUnsafe(start + chunk.length + 2);
  framed.write(size, 0, 'latin1');
  framed[start - 2] = 13;
  framed[start - 1] = 10;
  framed.set(chunk, start);
  framed[start + chunk.length] = 13;
  framed[start + chunk.length + 1] = 10;
  return framed;
}

function lastFrame(chunk: Uint8Array): Buffer {
  return Buffer.concat([frame(chunk), LAST_CHUNK]);
}

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE_BAD = /[^\t\x20-\x7e\x80-\xff]/;

/** An upstream header that node:http refuses must not cost the client its answer: it is left out. */
function writeHeadSafely(res: ServerResponse, status: number, headers: string[]): void {
  try {
    res.writeHead(status, headers);
  } catch {
    const clean: string[] = [];
    for (let i = 0; i + 1 < headers.length; i += 2) {
      const [name = '', value = ''] = headers.slice(i, i + 2);
      if (HEADER_NAME.test(name) && !HEADER_VALUE_BAD.test(value)) clean.push(name, value);
    }
    res.writeHead(status, clean);
  }
}
