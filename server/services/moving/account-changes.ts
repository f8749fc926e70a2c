/** Which fields of an account an import would change, from what to what. Keys are told by their last four characters. */
import { lastFour, reveal, type Secret } from '../../../lib/base/secret.ts';
import type { IncomingAccount } from '../../../lib/wire/account-list.ts';
import type { FieldChange } from '../../../lib/wire/moving-views.ts';
import type { AccountRow } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { accountOf } from '../accounts/account-row.ts';
import { hex } from '../accounts/duplicates.ts';
import { sayLimits, sayList, sayYesNo } from './say-rules.ts';

export function accountChanges(
  vault: Pick<Vault, 'unseal'>,
  row: AccountRow,
  after: IncomingAccount,
  fingerprint: Uint8Array,
): readonly FieldChange[] {
  const before = accountOf(row);
  const models = (list: readonly string[]): string => sayList(list, 'all');
  const told: readonly (readonly [field: string, from: string | null, to: string | null])[] = [
    ['name', before.name, after.name],
    ['base URL', before.baseUrl, after.baseUrl],
    ['local addresses', sayYesNo(before.allowLocal), sayYesNo(after.allowLocal)],
    ['organisation', before.organizationId, after.organizationId],
    ['project', before.projectId, after.projectId],
    ['models', models(before.models), models(after.models)],
    ['priority', String(before.priority), String(after.priority)],
    ['weight', String(before.weight), String(after.weight)],
    ['enabled', sayYesNo(before.enabled), sayYesNo(after.enabled)],
    ['limits', sayLimits(before.limits), sayLimits(after.limits)],
    ['price multiplier', String(before.priceMultiplier), String(after.priceMultiplier)],
  ];
  return [
    ...keyChange(row, after.key, fingerprint),
    ...adminKeyChange(vault, row, after.adminKey),
    ...told.filter(([, from, to]) => from !== to).map(([field, from, to]) => ({ field, from, to })),
  ];
}

function keyChange(row: AccountRow, key: Secret, fingerprint: Uint8Array): FieldChange[] {
  if (row.key_fingerprint !== null && hex(row.key_fingerprint) === hex(fingerprint)) return [];
  return [{ field: 'key', from: shown(row.key_last_four), to: shown(lastFour(key)) }];
}

function adminKeyChange(vault: Pick<Vault, 'unseal'>, row: AccountRow, to: Secret | null): FieldChange[] {
  const from = adminKeyOf(vault, row);
  if ((from === null ? null : reveal(from)) === (to === null ? null : reveal(to))) return [];
  const say = (key: Secret | null): string | null => (key === null ? null : shown(lastFour(key)));
  return [{ field: 'admin key', from: say(from), to: say(to) }];
}

export function adminKeyOf(
  vault: Pick<Vault, 'unseal'>,
  { id, sealed_admin_key: sealed }: AccountRow,
): Secret | null {
  return sealed === null
    ? null
    : vault.unseal({ table: 'accounts', rowId: id, column: 'sealed_admin_key' }, sealed);
}

const shown = (four: string | null): string => (four === null ? '…' : `…${four}`);
