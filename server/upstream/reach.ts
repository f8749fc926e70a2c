/**
 * Can anything be reached? To each provider side by side a name look-up, a TCP connect and a TLS handshake, each
 * bounded: how the pool finds out whether this machine's network is there. Nothing is sent.
 *
 * A provider counts as reached when it has proved its name. That something answers at its address says little: the
 * sign-in page of a Wi-Fi does, and a VPN that has dropped refuses everything.
 */
import type { LookupAddress } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ResolveAll } from './resolve.ts';

export type Reach = (baseUrls: readonly string[]) => Promise<boolean>;

/** Long enough for a slow line: three times there and back. */
const TIMEOUT_MS = 5_000;
const TARGETS_MAX = 3;

/** @param proxy all traffic goes there, so it is what has to be reached; null for none */
export function createReach({
  resolve,
  proxy,
}: {
  readonly resolve: ResolveAll;
  readonly proxy: string | null;
}): Reach {
  const lookUp = createLookUp(resolve);
  return (baseUrls) => {
    const targets = [...new Set(proxy === null ? baseUrls : [proxy])].slice(0, TARGETS_MAX);
    return firstReached(targets.map((target) => reachable(target, lookUp, proxy === null)));
  };
}

/** True with the first that is reached; false when none is. */
async function firstReached(answers: readonly Promise<boolean>[]): Promise<boolean> {
  return Promise.any(
    answers.map(async (answer) => {
      if (!(await answer)) throw new RangeError('not reached');
    }),
  ).then(
    () => true,
    () => false,
  );
}

/** Nothing found is an empty list. */
type LookUp = (host: string) => Promise<readonly LookupAddress[]>;

/** A look-up cannot be called off and holds a thread: while one is under way, others for its name share it. */
function createLookUp(resolve: ResolveAll): LookUp {
  const underWay = new Map<string, ReturnType<LookUp>>();
  return (host) => {
    const known = underWay.get(host);
    if (known) return known;
    const found = new Promise<readonly LookupAddress[]>((done) => {
      resolve(host, (error, addresses) => done(error ? [] : addresses));
    }).finally(() => underWay.delete(host));
    underWay.set(host, found);
    return found;
  };
}

function reachable(target: string, lookUp: LookUp, proveName: boolean): Promise<boolean> {
  if (!URL.canParse(target)) return Promise.resolve(false);
  const url = new URL(target);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:' && proveName;
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  return new Promise((done) => {
    let socket: Socket | null = null;
    let over = false;
    const finish = (reached: boolean): void => {
      if (over) return;
      over = true;
      clearTimeout(timeout);
      socket?.destroy();
      done(reached);
    };
    const timeout = setTimeout(() => finish(false), TIMEOUT_MS);
    void lookUp(host).then((found) => {
      if (over) return;
      if (found.length === 0) return finish(false);
      const where = { host, port, lookup: answering(found) };
      socket = secure ? connectTls({ ...where, servername: isIP(host) ? '' : host }) : connectTcp(where);
      socket.once(secure ? 'secureConnect' : 'connect', () => finish(true));
      // Where there is no name to prove, a refusal travelled here and back: the network works.
      socket.on('error', (error) => finish(!secure && Reflect.get(error, 'code') === 'ECONNREFUSED'));
    });
  });
}

/** All addresses, so that a line without IPv6 is tried by IPv4 as in a real connect. */
function answering(found: readonly LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = found;
    if (options.all === true || first === undefined) done(null, [...found]);
    else done(null, first.address, first.family);
  };
}
