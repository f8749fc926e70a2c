/**
 * The dashboard's pages: the only importer of Next. Next is loaded when it is first needed (half a second, and some
 * 70 MB that a server without visitors never spends), so `/v1` answers from the first moment and a page that is
 * asked for meanwhile waits. Next gets requests that the gate has passed and answers with the headers that the gate
 * has set; it never sees an upgrade, a secret or a session.
 */
import { existsSync, readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Log } from '../log.ts';

export interface Pages {
  /** Asking loads Next if that has not begun. True once pages can be served, false when there are none. Never rejects. */
  readonly ready: Promise<boolean>;
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** True for a file that is served from the root of the site. */
  isAsset(path: string): boolean;
  close(): Promise<void>;
}

/** @param dir the folder that holds `.next`, `public` and `next.config.mjs` */
export function createNext(deps: { readonly dir: string; readonly log: Log }): Pages {
  const assets = rootAssets(deps.dir);
  let app: Promise<Loaded | null> | null = null;
  const loadedOnce = (): Promise<Loaded | null> => {
    app ??= load(deps);
    return app;
  };
  return {
    get ready() {
      return loadedOnce().then((loaded) => loaded !== null);
    },
    isAsset: (path) => assets.has(path),
    handle: (req, res) => {
      void loadedOnce()
        .then((loaded) => (loaded ? loaded.handle(req, res) : sayNotBuilt(res)))
        .catch((error) => {
          deps.log.error({ err: error }, 'a page could not be served');
          if (res.headersSent) res.destroy();
          else res.writeHead(500).end();
        });
    },
    close: async () => {
      const loaded = await app;
      await loaded?.close();
    },
  };
}

interface Loaded {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

async function load(deps: { readonly dir: string; readonly log: Log }): Promise<Loaded | null> {
  if (!existsSync(join(deps.dir, '.next', 'BUILD_ID'))) return null;
  try {
    // After the current turn, so that loading Next does not delay whoever starts us.
    await new Promise((resolve) => setImmediate(resolve));
    const { default: next } = await import('next');
    const server = next({ dev: false, dir: deps.dir, quiet: true });
    const handle = server.getRequestHandler();
    await server.prepare();
    return { handle: (req, res) => handle(req, res), close: () => server.close() };
  } catch (error) {
    deps.log.error({ err: error }, 'the dashboard could not be loaded');
    return null;
  }
}

function sayNotBuilt(res: ServerResponse): void {
  res.writeHead(503, { 'content-type': 'text/html; charset=utf-8', 'retry-after': '5' });
  res.end(
    '<!doctype html><title>Codex Account Manager</title><p>The dashboard is not built. Run <code>npm start</code>, which builds it.',
  );
}

/** Icons that Next serves from the root when they lie beside the layout. */
const APP_ICONS = ['favicon.ico', 'icon.svg', 'icon.png', 'apple-icon.png'];

function rootAssets(dir: string): ReadonlySet<string> {
  const folder = join(dir, 'public');
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const icons = APP_ICONS.filter((icon) => existsSync(join(dir, 'app', icon)));
  return new Set([...files, ...icons].map((file) => `/${file.replaceAll('\\', '/')}`));
}
