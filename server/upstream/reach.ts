/**
 * Can anything be reached? One DNS look-up and one TCP connect per provider, side by side, each bounded: how the
 * pool finds out that this machine's network is back. Nothing is sent.
 */
import { connect } from 'node:net';
import type { ResolveAll } from './resolve.ts';

export type Reach = (baseUrls: readonly string[]) => Promise<boolean>;

const TIMEOUT_MS = 1_500;
const TARGETS_MAX = 3;

/** @param proxy all traffic goes there, so it is what has to be reached; null for none */
export function createReach({
  resolve,
  proxy,
}: {
  readonly resolve: ResolveAll;
  readonly proxy: string | null;
}): Reach {
  return async (baseUrls) => {
    const targets = [...new Set(proxy === null ? baseUrls : [proxy])].slice(0, TARGETS_MAX);
    const found = await Promise.all(targets.map((target) => reachable(target, resolve)));
    return found.includes(true);
  };
}

async function reachable(target: string, resolve: ResolveAll): Promise<boolean> {
  if (!URL.canParse(target)) return false;
  const url = new URL(target);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const address = await new Promise<string | null>((done) => {
    resolve(host, (error, found) => done(error ? null : (found[0]?.address ?? null)));
  });
  if (address === null) return false;
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  return new Promise((done) => {
    const socket = connect({ host: address, port, timeout: TIMEOUT_MS });
    const finish = (reached: boolean): void => {
      socket.destroy();
      done(reached);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    // A refusal travelled here and back: the network works.
    socket.once('error', (error) => finish(Reflect.get(error, 'code') === 'ECONNREFUSED'));
  });
}
