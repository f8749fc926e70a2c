/**
 * From path to door, after the guard has looked at every request: `/v1` to the gateway, `/admin/api/trpc` to the
 * admin API, pages and their files to Next, and a few answers of our own. What is no path of ours gets a JSON 404,
 * and one that forgot `/v1` is told the right base URL.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../../lib/base/time.ts';
import { asCamError, CamError } from '../../lib/errors.ts';
import type { VaultState } from '../../lib/wire/views.ts';
import type { HandleCall } from '../gateway/values.ts';
import type { Log } from '../log.ts';
import { type AdapterLimits, createAdapter, lingerOn } from './adapter.ts';
import { allowedHosts } from './allowed-hosts.ts';
import { sendError, sendJson } from './answer.ts';
import { createBodyBudget } from './body-budget.ts';
import { guard, guardAdmin } from './guard.ts';
import type { Bound } from './listen.ts';
import type { HandleMetrics } from './metrics.ts';
import type { Pages } from './next.ts';
import { preparePage, preparePageFile } from './page-request.ts';
import { apiPath, decodedPath, looksLikeApi, splitTarget } from './request-path.ts';
import { JSON_HEADERS } from './security-headers.ts';

export interface RouterDeps {
  readonly bound: Bound;
  /** More names for the Host header: `server.allowed_hosts`. */
  readonly allowedHosts: readonly string[];
  readonly startId: string;
  readonly version: string;
  vaultState(): VaultState;
  readonly handleCall: HandleCall;
  readonly handleAdmin: (req: IncomingMessage, res: ServerResponse) => void;
  /** `/metrics`. */
  readonly handleMetrics: HandleMetrics;
  readonly pages: Pages;
  readonly clock: Clock;
  random(bytes: number): Uint8Array;
  readonly log: Log;
  /** Request bodies in memory at once, over all calls; a quarter of the machine's memory. */
  readonly bodyBytesTotalMax: number;
  readonly limits?: AdapterLimits;
  /** Told of a call that came without `/v1`, for the Connect page. */
  readonly onMisdirected?: (path: string) => void;
}

const OUR_PATHS = ['/', '/healthz', '/readyz', '/metrics'];
const LINGER_MS = 5_000;
const ADMIN_API = '/admin/api/trpc/';

export function createRouter(deps: RouterDeps): RequestListener {
  const { bound, log } = deps;
  const allowed = allowedHosts(bound.host, bound.port, deps.allowedHosts);
  const adapt = createAdapter({
    handleCall: deps.handleCall,
    bodyBudget: createBodyBudget(deps.bodyBytesTotalMax),
    clock: deps.clock,
    log,
    ...(deps.limits ? { limits: deps.limits } : {}),
  });

  const route = (req: IncomingMessage, res: ServerResponse): void => {
    const facts = {
      method: req.method ?? '',
      url: req.url ?? '',
      rawHeaders: req.rawHeaders,
      headers: req.headers,
    };
    const { path, query } = splitTarget(facts.url);
    const call = apiPath(path);
    throwIf(guard(facts, allowed));
    throwIf(guardUpgrade(req.headers.upgrade, call));
    if (call !== null) {
      adapt(req, res, call, query);
      return;
    }
    const page = decodedPath(path);
    if (page === null) throw new CamError('invalid_request', 'This path is ambiguous.');
    if (answerOurselves(page, req, res, deps)) return;
    if (isPagePath(page) || deps.pages.isAsset(page)) {
      throwIf(guardAdmin(facts, page));
      openPageDoor(page, req, res, deps);
      return;
    }
    throw unknownPath(page, deps);
  };

  return (req, res) => {
    try {
      route(req, res);
    } catch (thrown) {
      const error = asCamError(thrown);
      if (error.kind.blame === 'us') log.error({ err: thrown }, 'a request could not be routed');
      res.on('error', () => undefined);
      sendError(res, error, req.headers['user-agent'] ?? null);
      lingerOn(req, LINGER_MS);
    }
  };
}

function throwIf(error: CamError | null): void {
  if (error) throw error;
}

/** An offer of h2c is ignored, as HTTP allows; WebSockets are declined in the way that clients understand. */
function guardUpgrade(upgrade: string | undefined, call: string | null): CamError | null {
  if (upgrade === undefined || /^h2c$/i.test(upgrade.trim())) return null;
  if (call !== null && /^(\/v1)+\/responses\/*$/.test(call)) {
    return new CamError('websocket_unsupported', 'WebSockets are not served here. Use HTTP.');
  }
  return new CamError('invalid_request', 'Upgrades are not served here.');
}

function answerOurselves(path: string, req: IncomingMessage, res: ServerResponse, deps: RouterDeps): boolean {
  if (!OUR_PATHS.includes(path)) return false;
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    throw new CamError('method_not_allowed', `${req.method} is not served here.`);
  }
  const vault = deps.vaultState();
  if (path === '/') redirect(res, '/admin');
  else if (path === '/metrics') deps.handleMetrics(req, res);
  else if (path === '/healthz') {
    sendJson(res, 200, { status: 'ok', vault, startId: deps.startId, version: deps.version });
  } else {
    const ready = vault === 'unlocked';
    sendJson(res, ready ? 200 : 503, { ready, vault });
  }
  return true;
}

function isPagePath(path: string): boolean {
  return path === '/admin' || path.startsWith('/admin/') || path.startsWith('/_next/');
}

function openPageDoor(path: string, req: IncomingMessage, res: ServerResponse, deps: RouterDeps): void {
  res.on('error', () => undefined);
  if (path.startsWith(ADMIN_API)) {
    for (let i = 0; i + 1 < JSON_HEADERS.length; i += 2) {
      res.setHeader(JSON_HEADERS[i] ?? '', JSON_HEADERS[i + 1] ?? '');
    }
    deps.handleAdmin(req, res);
    return;
  }
  const refusedFile = /^\/_next\/image(\/|$)|\.map$/.test(path);
  if (refusedFile || path.startsWith('/admin/api/')) throw unknownPath(path, deps);

  const elsewhere = pageForState(path, deps.vaultState());
  if (elsewhere !== null) {
    redirect(res, elsewhere);
    return;
  }
  if (path.startsWith('/admin')) preparePage(req, res, deps.random);
  else preparePageFile(res);
  deps.pages.handle(req, res);
}

/** Pages hold no data, but a locked vault has only one page to show. */
function pageForState(path: string, vault: VaultState): string | null {
  if (vault === 'unlocked' || !path.startsWith('/admin')) return null;
  const only = vault === 'locked' ? '/admin/unlock' : '/admin/setup';
  return path === only ? null : only;
}

function redirect(res: ServerResponse, location: string): void {
  res.writeHead(302, [
    'location',
    location,
    'cache-control',
    'no-store',
    'content-length',
    '0',
    ...JSON_HEADERS,
  ]);
  res.end();
}

function unknownPath(path: string, deps: RouterDeps): CamError {
  const misdirected = looksLikeApi(path);
  if (misdirected) deps.onMisdirected?.(path);
  return new CamError('unknown_path', `There is nothing at ${path.slice(0, 200)}.`, {
    hint: misdirected ? `The base URL is http://${shownHost(deps.bound)}/v1, with /v1 at its end.` : '',
  });
}

function shownHost(bound: Bound): string {
  return `${bound.host.includes(':') ? `[${bound.host}]` : bound.host}:${bound.port}`;
}
