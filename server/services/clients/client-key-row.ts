/**
 * A client key as a row and as a value, and what of the row its MAC covers: all of it but the name's form. Columns
 * that came later are covered once they say something, so that older rows stay what they were signed as.
 */

import { accountNameKey } from '../../../lib/accounts/account.ts';
import { accountId, clientKeyId } from '../../../lib/base/id.ts';
import { CLIENT_SCOPES, type ClientKey } from '../../../lib/clients/client-key.ts';
import { clientLimitsSchema } from '../../../lib/wire/inputs.ts';
import type { ClientKeyRow } from '../../db/schema.ts';
import type { KeyringEntry } from '../../vault/client-keyring.ts';
import type { MacFields, Vault } from '../../vault/vault.ts';
import { bit, json, strings } from '../accounts/account-row.ts';

export function clientKeyMacFields(row: Omit<ClientKeyRow, 'mac'>): MacFields {
  return {
    id: row.id,
    name: row.name,
    digest: row.digest,
    prefix: row.prefix,
    guessable: row.guessable,
    accounts: row.accounts,
    models: row.models,
    scopes: row.scopes,
    limits: row.limits,
    expires_at_ms: row.expires_at_ms,
    revoked_at_ms: row.revoked_at_ms,
    created_at_ms: row.created_at_ms,
    ...(row.service_tiers === null ? {} : { service_tiers: row.service_tiers }),
    ...(row.reasoning_efforts === null ? {} : { reasoning_efforts: row.reasoning_efforts }),
  };
}

export function clientKeyRow(vault: Pick<Vault, 'rowMac'>, key: ClientKey, digest: Uint8Array): ClientKeyRow {
  const draft = {
    id: key.id as string,
    name: key.name,
    name_key: accountNameKey(key.name),
    digest,
    prefix: key.prefix,
    guessable: bit(key.guessable),
    accounts: key.accounts === null ? null : JSON.stringify(key.accounts),
    models: JSON.stringify(key.models),
    scopes: JSON.stringify(key.scopes),
    limits: JSON.stringify(key.limits),
    service_tiers: listOrNull(key.serviceTiers),
    reasoning_efforts: listOrNull(key.reasoningEfforts),
    expires_at_ms: key.expiresAtMs,
    revoked_at_ms: key.revokedAtMs,
    created_at_ms: key.createdAtMs,
  };
  return { ...draft, mac: vault.rowMac('client_keys', key.id, clientKeyMacFields(draft)) };
}

const listOrNull = (list: readonly string[] | null): string | null =>
  list === null ? null : JSON.stringify(list);

/** What cannot be read grants nothing: no account, no scope, no tier; limits that cannot be read are damage. */
export function keyringEntryOf(vault: Pick<Vault, 'rowMacMatches'>, row: ClientKeyRow): KeyringEntry {
  const limits = clientLimitsSchema.safeParse(json(row.limits));
  const scopes = strings(json(row.scopes)) ?? [];
  return {
    clientKey: {
      id: clientKeyId(row.id),
      name: row.name,
      prefix: row.prefix,
      guessable: row.guessable === 1,
      accounts: listed(row.accounts)?.map(accountId) ?? null,
      models: strings(json(row.models)) ?? [],
      scopes: CLIENT_SCOPES.filter((scope) => scopes.includes(scope)),
      limits: limits.success ? limits.data : {},
      serviceTiers: listed(row.service_tiers),
      reasoningEfforts: listed(row.reasoning_efforts),
      expiresAtMs: row.expires_at_ms,
      revokedAtMs: row.revoked_at_ms,
      createdAtMs: row.created_at_ms,
    },
    digest: row.digest,
    intact: limits.success && vault.rowMacMatches('client_keys', row.id, clientKeyMacFields(row), row.mac),
  };
}

const listed = (text: string | null): string[] | null => (text === null ? null : (strings(json(text)) ?? []));
