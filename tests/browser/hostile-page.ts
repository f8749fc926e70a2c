/**
 * A web page that wants into the server next door, and the server it comes from, which keeps what browsers send it.
 * Every way that a page has to make a browser send a request is one of `TRICKS`; each says what it could learn.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostileSite extends AsyncDisposable {
  readonly port: number;
  readonly received: readonly IncomingHttpHeaders[];
}

/** Serves the same empty page under every path: cookies go by host and path, not by port. */
export async function openHostileSite(): Promise<HostileSite> {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((req, res) => {
    received.push(req.headers);
    res.writeHead(200, { 'content-type': 'text/html' });
    res.end('<!doctype html><title>Nice page</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface Loot {
  readonly trick: string;
  /** What the page could read; null when the browser or the server kept it from it. */
  readonly learned: string | null;
}

export interface Target {
  readonly origin: string;
  readonly clientKey: string;
  readonly accountId: string;
}

/** Runs inside the page, so it uses nothing from outside itself. */
export async function tryEverything({ origin, clientKey, accountId }: Target): Promise<Loot[]> {
  const api = `${origin}/admin/api/trpc`;
  const call = JSON.stringify({ model: 'gpt-5.5', input: 'spend my money' });
  const removal = JSON.stringify({ ref: accountId, confirm: true });
  const json = { 'content-type': 'application/json' };
  const key = { authorization: `Bearer ${clientKey}` };

  const read = async (url: string, init: RequestInit): Promise<string | null> => {
    const answer = await fetch(url, init);
    const text = await answer.text();
    return answer.type === 'opaque' && text === '' ? null : `${answer.status} ${text}`;
  };
  const element = (
    tag: 'script' | 'img' | 'link' | 'iframe' | 'object',
    url: string,
  ): Promise<string | null> =>
    new Promise((resolve) => {
      const made = document.createElement(tag);
      if (made instanceof HTMLLinkElement) {
        made.rel = 'stylesheet';
        made.href = url;
      } else if (made instanceof HTMLObjectElement) made.data = url;
      else made.src = url;
      const patience = setTimeout(() => resolve(null), 1_500);
      const done = (loaded: string | null) => () => {
        clearTimeout(patience);
        resolve(loaded);
      };
      made.addEventListener('error', done(null));
      made.addEventListener(
        'load',
        // A frame says "load" for the browser's own error page too; what counts is what can be read of it.
        tag === 'iframe' ? () => done(frameText(made as HTMLIFrameElement))() : done('loaded'),
      );
      document.body.append(made);
    });
  const frameText = (frame: HTMLIFrameElement): string | null => {
    try {
      return frame.contentDocument?.body.textContent || null;
    } catch {
      return null;
    }
  };
  const submit = (url: string, encoding: string, name: string, value: string): null => {
    const frame = document.createElement('iframe');
    frame.name = `frame-${document.forms.length}`;
    const form = document.createElement('form');
    Object.assign(form, { action: url, method: 'POST', enctype: encoding, target: frame.name });
    const field = document.createElement('input');
    Object.assign(field, { name, value });
    form.append(field);
    document.body.append(frame, form);
    form.submit();
    return null;
  };
  const opens = (make: () => EventSource | WebSocket): Promise<string | null> =>
    new Promise((resolve) => {
      const made = make();
      made.onmessage = (event) => resolve(String(event.data));
      made.onopen = () => resolve('open');
      made.onerror = () => resolve(null);
      setTimeout(() => resolve(null), 1_500);
    });
  const stored = (): string | null => {
    const found = Object.keys(localStorage).filter((name) => name.startsWith('cam'));
    return found.length > 0 || document.cookie.includes('cam_session') ? `${found} ${document.cookie}` : null;
  };
  const popup = async (): Promise<string | null> => {
    const opened = window.open(`${origin}/admin`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    try {
      return opened?.document.body?.textContent || opened?.location.href.replace('about:blank', '') || null;
    } catch {
      return null;
    }
  };

  const tricks: Record<string, () => Promise<string | null> | string | null> = {
    'read the models with a client key': () => read(`${origin}/v1/models`, { headers: key }),
    'read the models without asking leave': () => read(`${origin}/v1/models`, { mode: 'no-cors' }),
    'make a call with a client key': () =>
      read(`${origin}/v1/responses`, { method: 'POST', headers: { ...json, ...key }, body: call }),
    'make a call that needs no preflight': () =>
      read(`${origin}/v1/responses`, { method: 'POST', mode: 'no-cors', body: call }),
    'put the key into the address': () =>
      read(`${origin}/v1/responses?api_key=${clientKey}`, { method: 'POST', mode: 'no-cors', body: call }),
    'make a call by beacon': () => {
      navigator.sendBeacon(`${origin}/v1/chat/completions`, new Blob([call], { type: 'text/plain' }));
      return null;
    },
    'list accounts with the cookie': () => read(`${api}/accounts.list`, { credentials: 'include' }),
    'list accounts without asking leave': () =>
      read(`${api}/accounts.list`, { credentials: 'include', mode: 'no-cors' }),
    'remove an account with JSON': () =>
      read(`${api}/accounts.remove`, {
        method: 'POST',
        credentials: 'include',
        headers: { ...json, 'x-cam-origin-key': 'guessed' },
        body: removal,
      }),
    'remove an account as text': () =>
      read(`${api}/accounts.remove`, {
        method: 'POST',
        credentials: 'include',
        mode: 'no-cors',
        body: removal,
      }),
    'lock by beacon': () => {
      navigator.sendBeacon(`${api}/session.lock`, new Blob(['{}'], { type: 'text/plain' }));
      return null;
    },
    'lock by a form': () => submit(`${api}/session.lock`, 'text/plain', '{"panic":true,"x":"', '"}'),
    'remove an account by a form': () =>
      submit(`${api}/accounts.remove`, 'application/x-www-form-urlencoded', 'ref', accountId),
    'upload a file by a form': () => submit(`${origin}/v1/files`, 'multipart/form-data', 'file', 'x'),
    'guess the master key': () =>
      read(`${api}/session.unlock`, { method: 'POST', mode: 'no-cors', body: '{"masterKey":"guessed"}' }),
    'frame the dashboard': () => element('iframe', `${origin}/admin`),
    'embed the dashboard': () => element('object', `${origin}/admin`),
    'load the models as a script': () => element('script', `${origin}/v1/models`),
    'load accounts as a script': () => element('script', `${api}/accounts.list?callback=steal`),
    'load a page as a style sheet': () => element('link', `${origin}/admin/unlock`),
    'load the health as a picture': () => element('img', `${origin}/healthz`),
    'read the health': () => read(`${origin}/healthz`, {}),
    'watch the live stream': () =>
      opens(() => new EventSource(`${api}/live.watch`, { withCredentials: true })),
    'open a WebSocket to the API': () =>
      opens(() => new WebSocket(`${origin.replace('http', 'ws')}/v1/responses`)),
    'open a WebSocket to the dashboard': () =>
      opens(() => new WebSocket(`${origin.replace('http', 'ws')}/admin`)),
    'open the dashboard in a window': popup,
    'read what the dashboard stored': stored,
  };
  const loot: Loot[] = [];
  for (const [trick, attempt] of Object.entries(tricks)) {
    let learned: string | null = null;
    try {
      learned = await attempt();
    } catch {
      // Kept from it: that is the point.
    }
    loot.push({ trick, learned });
  }
  return loot;
}
