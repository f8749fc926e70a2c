/**
 * The one function that decides where account traffic may go. The destination comes from the account's own row
 * and from nothing else: no client header, query or path chooses an origin. https, or a literal loopback address
 * where the operator switched that on; never our own listening port, which would be a loop. What a name resolves
 * to is judged again at every connect (`connector.ts`). See the Gate section of the vault document.
 */

import type { Account } from '../../lib/accounts/account.ts';
import { CamError } from '../../lib/errors.ts';
import type { AddressBook, AddressKind } from './address.ts';

export interface Destination {
  /** `https://api.openai.com`, never with a path. */
  readonly origin: string;
  /** What stands before `/chat/completions`: `/v1`, or empty. */
  readonly pathPrefix: string;
  /** The operator allowed loopback (and, over https, private) addresses for this account. */
  readonly local: boolean;
}

export type DestinationSource = Pick<Account, 'baseUrl' | 'allowLocal'>;

export interface Egress {
  /** Throws `base_url_refused` with a sentence that says what to change. */
  destinationOf(account: DestinationSource): Destination;
}

export interface EgressDeps {
  readonly addresses: AddressBook;
  /** Ports this server listens on, asked each time: the port may be chosen by the system. */
  readonly ownPorts: () => readonly number[];
}

const BASE_URL_MAX = 2_048;

export function createEgress({ addresses, ownPorts }: EgressDeps): Egress {
  return {
    destinationOf(account) {
      const url = parseBaseUrl(account.baseUrl);
      const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
      const kind = addresses.kindOf(host);
      requireAllowed(url, host, kind, account.allowLocal);
      if (kind === 'loopback' && ownPorts().includes(portOf(url))) {
        throw new CamError(
          'base_url_refused',
          'This base URL is Codex Account Manager itself: calls would go round in circles.',
          { param: 'baseUrl' },
        );
      }
      const path = url.pathname.replace(/\/+$/, '');
      return { origin: url.origin, pathPrefix: path, local: account.allowLocal };
    },
  };
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function parseBaseUrl(text: string): URL {
  const refuse = (message: string): never => {
    throw new CamError('base_url_refused', message, { param: 'baseUrl' });
  };
  if (text.length > BASE_URL_MAX || !URL.canParse(text)) {
    return refuse('The base URL is not a URL like https://api.openai.com/v1.');
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    return refuse('The base URL must not carry a user or password.');
  if (url.search !== '' || url.hash !== '')
    return refuse('The base URL must not carry a query or a fragment.');
  return url;
}

function requireAllowed(url: URL, host: string, kind: AddressKind, allowLocal: boolean): void {
  const refuse = (message: string): never => {
    throw new CamError('base_url_refused', message, { param: 'baseUrl' });
  };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse('The base URL must begin with https://.');
  if (kind === 'forbidden') refuse('The base URL names an address at which no API can be.');
  if (kind === 'loopback' && !allowLocal) {
    refuse('The base URL is on this machine. Switch on "allow local" for this account if that is meant.');
  }
  if (kind === 'private' && !allowLocal) {
    refuse('The base URL is a private address. Switch on "allow local" for this account if that is meant.');
  }
  if (url.protocol === 'http:' && kind !== 'loopback') {
    const hint = host === 'localhost' ? ' Write 127.0.0.1 instead of localhost.' : '';
    refuse(`Without https the key would travel unencrypted: only a loopback address may use http.${hint}`);
  }
  if (kind === 'not_an_address' && isLocalName(host)) {
    refuse('The base URL names this machine. Write its loopback address, 127.0.0.1, instead.');
  }
}

function isLocalName(host: string): boolean {
  const name = host.replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost');
}
