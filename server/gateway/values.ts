/**
 * The small neutral values that the gateway's core takes and gives, so that it runs without sockets. One file,
 * `server/http/adapter.ts`, turns `node:http` into these and back.
 */
export interface GatewayRequest {
  readonly method: string;
  /** As it came, beginning with `/v1`; without the query. */
  readonly path: string;
  /** With its leading `?`, or empty. */
  readonly query: string;
  /** Lower-case names; repeated headers joined as node:http joins them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the whole body, bounded; throws `body_too_large`, `body_timeout`, `unsupported_encoding`. */
  readBody(bytesMax: number): Promise<Uint8Array>;
  /** The raw body for endpoints that are streamed through (multipart, binary). */
  streamBody(): AsyncIterable<Uint8Array>;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly receivedMonotonicMs: number;
}

/** Where an answer goes. Every method is synchronous; `writable` false means: pause the upstream until `onDrain`. */
export interface ResponseSink {
  head(status: number, headers: readonly (readonly [string, string])[]): void;
  /** Returns false when the client is slower than the upstream. */
  write(chunk: Uint8Array): boolean;
  onDrain(resume: () => void): void;
  end(chunk?: Uint8Array): void;
  /**
   * Ends an answer that must not look complete: writes `last` if given, waits until it has left (≤ 1 s), then
   * destroys the socket.
   */
  break(last?: Uint8Array): Promise<void>;
}

/** One call, from the first byte in to the last byte out. Never rejects. */
export type HandleCall = (request: GatewayRequest, sink: ResponseSink) => Promise<void>;
