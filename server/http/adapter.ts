/**
 * `node:http` on one side, the gateway's neutral values on the other. The hot path: every call and every streamed
 * event passes here, so it makes few objects and copies a byte at most once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../lib/base/time.ts';
import { asCamError } from '../../lib/errors.ts';
import type { GatewayRequest, HandleCall } from '../gateway/values.ts';
import type { Log } from '../log.ts';
import { sendError } from './answer.ts';
import type { BodyBudget } from './body-budget.ts';
import { bodyCoding, decodeBody } from './decode-body.ts';
import { clientGone, readPieces, readWhole } from './read-body.ts';
import { NodeResponseSink, type SinkLimits } from './response-sink.ts';
import { createTurn, type Turn } from './turn.ts';

export interface AdapterLimits extends SinkLimits {
  readonly bodyIdleMs: number;
  /** After an answer that did not wait for the body: how long the rest of it may keep the connection. */
  readonly lingerMs: number;
}

export const ADAPTER_LIMITS: AdapterLimits = {
  stallMs: 60_000,
  breakMs: 1_000,
  bodyIdleMs: 30_000,
  lingerMs: 5_000,
};

export interface AdapterDeps {
  readonly handleCall: HandleCall;
  readonly bodyBudget: BodyBudget;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: AdapterLimits;
}

/** @param path and @param query the request target, split; the guard has passed it */
export type Adapt = (req: IncomingMessage, res: ServerResponse, path: string, query: string) => void;

export function createAdapter(deps: AdapterDeps): Adapt {
  const limits = deps.limits ?? ADAPTER_LIMITS;
  const { bodyBudget, clock, log } = deps;
  const turn = createTurn();

  return (req, res, path, query) => {
    const sink = new NodeResponseSink(res, limits, turn);
    const gone = new AbortController();
    // The guard has removed the one header that node:http gives as a list.
    const headers = req.headers as Record<string, string>;
    let held = 0;
    const take = (bytes: number): void => {
      // Decoding goes on for a moment after a client has left; nobody would give these bytes back.
      if (res.closed) throw clientGone();
      bodyBudget.take(bytes);
      held += bytes;
    };
    res.on('close', () => {
      bodyBudget.give(held);
      held = 0;
      if (!sink.over) gone.abort();
    });
    res.on('error', ignore);

    const request: GatewayRequest = {
      method: req.method ?? 'GET',
      path,
      query,
      headers,
      signal: gone.signal,
      receivedMonotonicMs: clock.monotonicMs(),
      readBody: (bytesMax) => readDecoded(req, headers, bytesMax, limits.bodyIdleMs, turn, take),
      streamBody: () => readPieces(req, limits.bodyIdleMs),
    };
    deps.handleCall(request, sink).then(
      () => lingerOn(req, limits.lingerMs),
      (thrown) => {
        log.error({ err: thrown }, 'a call ended in an unexpected error');
        sendError(res, asCamError(thrown));
        lingerOn(req, limits.lingerMs);
      },
    );
  };
}

/** A write to a socket that has just gone is no news: `close` has told it. */
function ignore(): void {}

async function readDecoded(
  req: IncomingMessage,
  headers: Record<string, string>,
  bytesMax: number,
  idleMs: number,
  turn: Turn,
  take: (bytes: number) => void,
): Promise<Uint8Array> {
  const coding = bodyCoding(headers['content-encoding']);
  const raw = await readWhole(req, bytesMax, idleMs, turn, take);
  if (coding === null || raw.length === 0) return raw;
  const decoded = await decodeBody(raw, coding, bytesMax, take);
  // What is forwarded is the decoded body.
  delete headers['content-encoding'];
  return decoded;
}

/**
 * A client that is still sending when the answer is out gets a moment to finish, so that it reads the answer
 * instead of a reset; then its connection is closed.
 */
export function lingerOn(req: IncomingMessage, lingerMs: number): void {
  if (req.complete || req.destroyed) return;
  req.resume();
  const patience = setTimeout(() => req.socket.destroy(), lingerMs);
  const stop = (): void => clearTimeout(patience);
  req.once('end', stop);
  req.once('close', stop);
}
