/**
 * A ResponseSink over `node:http`: the writing half of the adapter, on the hot path of every streamed event. A class
 * rather than closures, because one is made for every call.
 *
 * Chunked framing is done here: node:http hands length, line ends and data to the socket as four writes, which cost
 * more than the data. One event is one buffer and one write. `chunkedEncoding` is the switch by which node:http
 * decides whether to frame; the `transfer-encoding` header tells it that the connection stays usable.
 */
import type { ServerResponse } from 'node:http';
import type { ResponseSink } from '../gateway/values.ts';
import { BASE_HEADERS } from './security-headers.ts';
import type { Turn, Waiting } from './turn.ts';

export interface SinkLimits {
  /** A reader that takes nothing for this long is let go. */
  readonly stallMs: number;
  /** How long `break` waits for its last words to leave. */
  readonly breakMs: number;
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n', 'latin1');
const KERNEL_BUFFER_BYTES = 65_536;

export class NodeResponseSink implements ResponseSink, Waiting {
  /** True once we have said our last word, so that a closing socket means nothing any more. */
  over = false;
  readonly #res: ServerResponse;
  readonly #limits: SinkLimits;
  readonly #turn: Turn;
  /** The head, until it leaves with the first bytes of the body. */
  #status = 0;
  #headers: string[] | null = null;
  #sized = false;
  #framed = false;
  #stalled = false;

  constructor(res: ServerResponse, limits: SinkLimits, turn: Turn) {
    this.#res = res;
    this.#limits = limits;
    this.#turn = turn;
  }

  head(status: number, headers: readonly (readonly [string, string])[]): void {
    const flat: string[] = [];
    for (let i = 0; i < headers.length; i++) {
      const header = headers[i];
      if (header === undefined) continue;
      flat.push(header[0], header[1]);
      if (header[0] === 'content-length') this.#sized = true;
    }
    for (let i = 0; i < BASE_HEADERS.length; i++) flat.push(BASE_HEADERS[i] ?? '');
    this.#status = status;
    this.#headers = flat;
    this.#turn.atEnd(this);
  }

  /** An upstream may answer with headers long before its first byte; the client should know by then. */
  turnEnded(): void {
    if (this.#headers === null || this.#res.destroyed) return;
    this.#sendHead(null);
    this.#res.flushHeaders();
  }

  write(chunk: Uint8Array): boolean {
    if (this.#res.destroyed || this.over) return false;
    this.#sendHead(null);
    if (chunk.length === 0) return true;
    if (this.#res.write(this.#framed ? frame(chunk, false) : chunk)) return true;
    this.#watchStall();
    return false;
  }

  onDrain(resume: () => void): void {
    this.#res.once('drain', resume);
  }

  end(chunk?: Uint8Array): void {
    if (this.over) return;
    this.over = true;
    const res = this.#res;
    if (res.destroyed) return;
    this.#sendHead(chunk?.length ?? 0);
    if (this.#framed) res.end(chunk && chunk.length > 0 ? frame(chunk, true) : LAST_CHUNK);
    else res.end(chunk);
    // Less than this fits into the kernel's buffer, or a stall is being watched already.
    if (chunk && chunk.length > KERNEL_BUFFER_BYTES) res.socket?.setTimeout(this.#limits.stallMs);
  }

  break(last?: Uint8Array): Promise<void> {
    const res = this.#res;
    if (this.over || res.destroyed) return Promise.resolve();
    this.over = true;
    this.#sendHead(null);
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(patience);
        // HTTP/1.0 has no framing: there only a reset tells an unfinished body from a finished one.
        if (res.req.httpVersion === '1.0') res.socket?.resetAndDestroy();
        else res.destroy();
        resolve();
      };
      const patience = setTimeout(finish, this.#limits.breakMs);
      res.once('close', finish);
      if (last && last.length > 0) res.write(this.#framed ? frame(last, false) : last, finish);
      else if (res.headersSent) res.write('', finish);
      else finish();
    });
  }

  /** Hands the head to node:http, which sends it together with what is written next. */
  #sendHead(length: number | null): void {
    const headers = this.#headers;
    if (headers === null) return;
    this.#headers = null;
    const res = this.#res;
    const status = this.#status;
    const hasBody = res.req.method !== 'HEAD' && status !== 204 && status !== 304;
    if (hasBody && !this.#sized) {
      if (length !== null) headers.push('content-length', String(length));
      else if (res.req.httpVersion === '1.1') {
        headers.push('transfer-encoding', 'chunked');
        this.#framed = true;
      }
    }
    writeHeadSafely(res, status, headers);
    if (this.#framed) res.chunkedEncoding = false;
  }

  #watchStall(): void {
    if (this.#stalled) return;
    this.#stalled = true;
    // The socket's own timer knows partial progress of a large write; it destroys the connection by default.
    this.#res.socket?.setTimeout(this.#limits.stallMs);
    this.#res.once('drain', () => {
      this.#stalled = false;
      this.#res.socket?.setTimeout(0);
    });
  }
}

/** `<length in hex> CRLF <data> CRLF` in one buffer, with the end of the body behind it where it is the last. */
function frame(chunk: Uint8Array, isLast: boolean): Buffer {
  const size = chunk.length.toString(16);
  const start = size.length + 2;
  const end = start + chunk.length;
  const framed = Buffer.allocUnsafe(end + 2 + (isLast ? LAST_CHUNK.length : 0));
  for (let i = 0; i < size.length; i++) framed[i] = size.charCodeAt(i);
  framed[start - 2] = 13;
  framed[start - 1] = 10;
  framed.set(chunk, start);
  framed[end] = 13;
  framed[end + 1] = 10;
  if (isLast) framed.set(LAST_CHUNK, end + 2);
  return framed;
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
