/**
 * An account as a row and as a value, and what of the row its MAC covers: everything that grants or steers,
 * so that whoever can write the file can neither point an account at their own server nor lift a limit.
 */
import type { Account, AccountFacts, ProviderId, SealedAccount } from '../../../lib/accounts/account.ts';
import { accountNameKey } from '../../../lib/accounts/account.ts';
import { accountId } from '../../../lib/base/id.ts';
import { limitSetSchema } from '../../../lib/wire/inputs.ts';
import type { AccountRow, Bit } from '../../db/schema.ts';
import type { MacFields, Vault } from '../../vault/vault.ts';

/** Everything of a row but the MAC, which is computed last. */
export type AccountDraft = Omit<AccountRow, 'mac'>;

/** Every column but the sealed ones (which authenticate themselves), the last four, the time of change and the MAC. */
export function accountMacFields(row: AccountDraft): MacFields {
  return {
    id: row.id,
    name: row.name,
    name_key: row.name_key,
    provider: row.provider,
    base_url: row.base_url,
    allow_local: row.allow_local,
    organization_id: row.organization_id,
    project_id: row.project_id,
    models: row.models,
    priority: row.priority,
    weight: row.weight,
    enabled: row.enabled,
    limits: row.limits,
    price_multiplier: row.price_multiplier,
    key_fingerprint: row.key_fingerprint,
    created_at_ms: row.created_at_ms,
    deleted_at_ms: row.deleted_at_ms,
  };
}

export function withAccountMac(vault: Pick<Vault, 'rowMac'>, draft: AccountDraft): AccountRow {
  return { ...draft, mac: vault.rowMac('accounts', draft.id, accountMacFields(draft)) };
}

export function isAccountIntact(vault: Pick<Vault, 'rowMacMatches'>, row: AccountRow): boolean {
  return vault.rowMacMatches('accounts', row.id, accountMacFields(row), row.mac);
}

/** A row that does not verify may hold anything: what cannot be read then reads as its strictest or emptiest form. */
export function accountOf(row: AccountRow): Account {
  const limits = limitSetSchema.safeParse(json(row.limits));
  return {
    id: accountId(row.id),
    name: row.name,
    provider: providerOf(row.provider),
    baseUrl: row.base_url,
    allowLocal: row.allow_local === 1,
    organizationId: row.organization_id,
    projectId: row.project_id,
    models: strings(json(row.models)) ?? [],
    priority: row.priority,
    weight: row.weight,
    enabled: row.enabled === 1,
    limits: limits.success ? limits.data : {},
    priceMultiplier: row.price_multiplier,
    createdAtMs: row.created_at_ms,
  };
}

/** Intact: its row verifies, and its sealed columns open and hold what the row says that they hold. */
export function sealedAccountOf(
  vault: Pick<Vault, 'rowMacMatches' | 'opens'>,
  row: AccountRow,
): SealedAccount {
  return {
    ...accountOf(row),
    sealedKey: row.sealed_key ?? new Uint8Array(),
    intact: isAccountIntact(vault, row) && sealsOpen(vault, row),
  };
}

function sealsOpen(vault: Pick<Vault, 'opens'>, row: AccountRow): boolean {
  const { id: rowId, sealed_key: key, sealed_admin_key: adminKey, key_fingerprint: fingerprint } = row;
  if (key === null || !vault.opens({ table: 'accounts', rowId, column: 'sealed_key' }, key, fingerprint))
    return false;
  return adminKey === null || vault.opens({ table: 'accounts', rowId, column: 'sealed_admin_key' }, adminKey);
}

/** The columns that an Account's value decides; the rest is about its key and its history. */
export function accountColumns(account: Account) {
  return {
    id: account.id as string,
    name: account.name,
    name_key: accountNameKey(account.name),
    provider: account.provider,
    base_url: account.baseUrl,
    allow_local: bit(account.allowLocal),
    organization_id: account.organizationId,
    project_id: account.projectId,
    models: JSON.stringify(account.models),
    priority: account.priority,
    weight: account.weight,
    enabled: bit(account.enabled),
    limits: JSON.stringify(account.limits),
    price_multiplier: account.priceMultiplier,
    created_at_ms: account.createdAtMs,
  };
}

export const NOTHING_LEARNED: AccountFacts = {
  organization: null,
  project: null,
  modelIds: null,
  checkedAtMs: null,
};

export function strings(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  return value.filter((item): item is string => typeof item === 'string');
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const providerOf = (text: string): ProviderId => (text === 'openai' ? 'openai' : 'openai_compatible');

export const bit = (on: boolean): Bit => (on ? 1 : 0);
