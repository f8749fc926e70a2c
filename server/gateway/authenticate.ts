/** First step: who is calling. Takes a request, gives the Caller; 401 with what to do about it otherwise. */

import { Secret } from '../../lib/base/secret.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { CamError } from '../../lib/errors.ts';
import type { ClientKeyring } from '../vault/client-keyring.ts';
import type { PlaygroundKeys } from '../vault/playground-keys.ts';
import type { GatewayRequest } from './values.ts';

const MAKE_ONE = 'Make one on the Connect page of /admin or with "cam keys add NAME".';

export interface KnownKeys {
  readonly keyring: Pick<ClientKeyring, 'check' | 'list'>;
  readonly playground: Pick<PlaygroundKeys, 'check'>;
}

export function authenticate(
  headers: GatewayRequest['headers'],
  { keyring, playground }: KnownKeys,
  nowMs: number,
): Caller {
  const presented = presentedKey(headers);
  if (presented === null) throw missingKey(headers, keyring);
  const key = new Secret(presented);
  const verdict = keyring.check(key, nowMs);
  if (verdict.kind === 'caller') return verdict.caller;
  const page = playground.check(key, headers);
  if (page !== null) return page;
  switch (verdict.kind) {
    case 'none_exist':
      throw new CamError('no_client_key_yet', `No client key exists yet. ${MAKE_ONE}`);
    case 'unknown':
      throw new CamError('invalid_client_key', `This client key is not known here. ${MAKE_ONE}`);
    case 'revoked':
      throw new CamError('client_key_revoked', `The client key "${verdict.name}" was revoked. ${MAKE_ONE}`);
    case 'expired':
      throw new CamError('client_key_expired', `The client key "${verdict.name}" has expired. ${MAKE_ONE}`);
    case 'damaged':
      throw new CamError(
        'client_key_damaged',
        `The client key "${verdict.name}" was changed from outside and is refused. ${MAKE_ONE}`,
      );
  }
}

export function requireInference({ scopes }: Caller): void {
  if (scopes.includes('inference')) return;
  throw new CamError('scope_missing', 'This client key may not make calls: it lacks the scope "inference".');
}

/** `Authorization: Bearer` as OpenAI's clients send it, else `x-api-key` or `api-key`. */
function presentedKey(headers: GatewayRequest['headers']): string | null {
  const authorization = headers.authorization;
  if (authorization !== undefined) {
    const match = /^Bearer +(\S+) *$/i.exec(authorization);
    return match?.[1] ?? null;
  }
  return headers['x-api-key'] ?? headers['api-key'] ?? null;
}

function missingKey(headers: GatewayRequest['headers'], keyring: Pick<ClientKeyring, 'list'>): CamError {
  if (keyring.list().length === 0) {
    return new CamError('no_client_key_yet', `No client key exists yet. ${MAKE_ONE}`);
  }
  if (headers.authorization !== undefined) {
    return new CamError('missing_client_key', 'The Authorization header is not of the form "Bearer KEY".');
  }
  const codex = headers.originator?.startsWith('codex') ?? false;
  const hint = codex
    ? 'Codex sent none: export CODEX_API_KEY, or set env_key in the provider block of ~/.codex/config.toml.'
    : 'Send it as "Authorization: Bearer KEY".';
  return new CamError('missing_client_key', `This call carries no client key. ${hint}`);
}
