/**
 * The second way out, for notifications: a small JSON body that we built ourselves, to an address that an operator has
 * typed with the master key. https, or a literal loopback address where that was switched on; what a name resolves to is
 * judged at the connect, as for providers. No redirects, five seconds, and of the answer only its status matters.
 */
import { request } from 'undici';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import type { AddressBook } from './address.ts';
import type { Transport } from './transport.ts';

export interface Notification {
  /** The whole URL; it may carry a token. */
  readonly url: Secret;
  readonly allowLocal: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Notifier {
  /** Throws `target_refused` for a URL to which nothing is sent. Answers its origin, which may be shown. */
  originOf(url: Secret, allowLocal: boolean): string;
  /** Null when it was taken; else why not, in a sentence without the URL. Never rejects. */
  send(notification: Notification): Promise<string | null>;
}

export interface NotifierDeps {
  readonly addresses: AddressBook;
  readonly transport: Pick<Transport, 'dispatcherFor'>;
  /** Ports this server listens on. */
  readonly ownPorts: () => readonly number[];
}

const TOTAL_MS = 5_000;
const ANSWER_BYTES_MAX = 65_536;
const URL_MAX = 2_048;

export function createNotifier({ addresses, transport, ownPorts }: NotifierDeps): Notifier {
  function allowed(secret: Secret, allowLocal: boolean): URL {
    const text = reveal(secret);
    if (text.length > URL_MAX || !URL.canParse(text)) throw refused('That is not a URL.');
    const url = new URL(text);
    const kind = addresses.kindOf(url.hostname.replace(/^\[|\]$/g, ''));
    if (url.username !== '' || url.password !== '')
      throw refused('The URL must not carry a user or a password.');
    if (kind === 'forbidden') throw refused('Nobody listens at such an address.');
    if ((kind === 'loopback' || kind === 'private') && !allowLocal)
      throw refused('That address is on this computer or network. Switch on "allow local" if that is meant.');
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && kind === 'loopback'))
      throw refused('The URL must begin with https://; only a literal loopback address may use http.');
    if (kind === 'loopback' && ownPorts().includes(Number(url.port || '80')))
      throw refused('That is Codex Account Manager itself.');
    return url;
  }

  return {
    originOf: (url, allowLocal) => allowed(url, allowLocal).origin,
    async send({ url, allowLocal, headers, body }) {
      try {
        const to = allowed(url, allowLocal);
        const { statusCode, body: answer } = await request(to, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body,
          dispatcher: transport.dispatcherFor({ origin: to.origin, pathPrefix: '', local: allowLocal }),
          headersTimeout: TOTAL_MS,
          bodyTimeout: TOTAL_MS,
          signal: AbortSignal.timeout(TOTAL_MS),
        });
        await answer.dump({ limit: ANSWER_BYTES_MAX }).catch(() => undefined);
        return statusCode < 300 ? null : `It answered ${statusCode}.`;
      } catch (thrown) {
        return why(thrown);
      }
    },
  };
}

const refused = (message: string): CamError => new CamError('target_refused', message, { param: 'url' });

/** Of an error of the transport only its code: its text may hold the URL. */
function why(thrown: unknown): string {
  if (thrown instanceof CamError) return thrown.message;
  if (thrown instanceof Error && thrown.name === 'TimeoutError') return 'It did not answer within 5 seconds.';
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : null;
  return `It cannot be reached (${typeof code === 'string' ? code : 'error'}).`;
}
