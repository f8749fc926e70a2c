/**
 * An OpenAI that never leaves this machine: a real HTTP server on 127.0.0.1 that speaks the surfaces agents
 * use, and whose keys can be scripted to fail in every way the real one is known to. Tests and demonstrations
 * run against it. Seeded, bounded, no state outside `createEmulator`.
 *
 * `POST /_emulator/keys/<key>` with `{organization?, project?, models?, script?}` makes or scripts a key from
 * another process, `GET` tells what it received, `DELETE` forgets that.
 */

import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../lib/base/time.ts';
import { systemClock } from '../clock.ts';
import { handleControl } from './control.ts';
import type { EmulatedKey, KeySettings } from './emulated-key.ts';
import { createEmulatedKey } from './emulated-key.ts';
import type { Script } from './faults.ts';
import { handle } from './handle.ts';
import type { Organisation } from './organisations.ts';
import { createOrganisation } from './organisations.ts';
import { createRandom } from './random.ts';

export interface EmulatorOptions {
  readonly port?: number;
  readonly clock?: Clock;
  readonly seed?: number;
  readonly keys?: readonly KeySettings[];
}

export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The base URL for an account: `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  readonly port: number;
  /** Makes a key, or replaces its settings; what it received is kept only when it is the same object. */
  addKey(settings: KeySettings): EmulatedKey;
  /** Throws on a key that does not exist. */
  key(key: string): EmulatedKey;
  keys(): readonly EmulatedKey[];
  script(key: string, script: Script): void;
  /** Authorization headers of calls whose key nobody knows, newest last. */
  strangers(): readonly string[];
  /** Stops listening and drops every connection, so that connects are refused, until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

const STRANGERS_KEPT = 100;
const KEYS_MAX = 1_000;

export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = options.clock ?? systemClock;
  const random = createRandom(options.seed ?? 1);
  const keys = new Map<string, EmulatedKey>();
  const organisations = new Map<string, Organisation>();
  const strangers: string[] = [];
  const closing = new AbortController();

  const addKey = (settings: KeySettings): EmulatedKey => {
    if (keys.size >= KEYS_MAX && !keys.has(settings.key)) throw new RangeError('too many emulated keys');
    const name = settings.organization ?? `org-${settings.key.slice(-8)}`;
    const organisation = organisations.get(name) ?? createOrganisation(name);
    organisations.set(name, organisation);
    const key = createEmulatedKey(settings, organisation, clock);
    keys.set(settings.key, key);
    return key;
  };
  for (const settings of options.keys ?? []) addKey(settings);

  const find = (text: string): EmulatedKey => {
    const key = keys.get(text);
    if (key === undefined) throw new RangeError('no such emulated key');
    return key;
  };

  const authenticate = (request: IncomingMessage): EmulatedKey | null => {
    const header = request.headers.authorization ?? '';
    const key = keys.get(header.replace(/^Bearer /, ''));
    if (key !== undefined) return key;
    strangers.push(header);
    if (strangers.length > STRANGERS_KEPT) strangers.shift();
    return null;
  };

  const server = createServer((request, response) => {
    const work = request.url?.startsWith('/_emulator/')
      ? handleControl(request, response, { addKey, find })
      : handle(request, response, { authenticate, clock, random, closing: closing.signal });
    work.catch(() => response.destroy());
  });
  server.keepAliveTimeout = 90_000;

  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    baseUrl: `${url}/v1`,
    port,
    addKey,
    key: find,
    keys: () => [...keys.values()],
    script: (key, script) => find(key).script(script),
    strangers: () => strangers,
    pause: stop,
    resume: () => listen(port),
    close() {
      closing.abort();
      return stop();
    },
  };
}
