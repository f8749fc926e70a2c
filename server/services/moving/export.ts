/**
 * Exporting: accounts with their keys, client keys as what they are (digests and rules), and the settings that may
 * travel, as one age file. It is the one place where keys leave the vault other than to their own provider, so the
 * master key is needed in the same request. A row that was changed from outside is left out and named: whatever else
 * it says is not ours.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutVault } from '../../../lib/audit/deeds.ts';
import { reveal } from '../../../lib/base/secret.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import { IMPORT_BYTES_MAX } from '../../../lib/moving/sizes.ts';
import { TRAVELLING_SETTINGS } from '../../../lib/moving/travelling-settings.ts';
import { EXPORT_FORMAT, EXPORT_VERSION } from '../../../lib/wire/export-document.ts';
import type { ExportInput } from '../../../lib/wire/moving-inputs.ts';
import type { ExportView, LeftOut } from '../../../lib/wire/moving-views.ts';
import { type Settings, settingValue } from '../../config.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { AccountRow, ClientKeyRow } from '../../db/schema.ts';
import type { AgeFiles } from '../../vault/age.ts';
import type { LoginThrottle } from '../../vault/sessions.ts';
import type { Vault } from '../../vault/vault.ts';
import { accountOf, isAccountIntact } from '../accounts/account-row.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { hex } from '../accounts/duplicates.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { keyringEntryOf } from '../clients/client-key-row.ts';
import type { ClientKeyStore } from '../clients/client-key-store.ts';
import { stepUp } from '../session/try-master-key.ts';
import { adminKeyOf } from './account-changes.ts';

export interface ExportDeps {
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly clientKeys: Pick<ClientKeyStore, 'list'>;
  readonly vault: Pick<Vault, 'unseal' | 'verify' | 'rowMacMatches'>;
  readonly vaultId: () => Promise<Uint8Array>;
  readonly throttle: LoginThrottle;
  readonly age: Pick<AgeFiles, 'encrypt'>;
  readonly settings: Pick<Settings, 'config' | 'origins'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly version: string;
}

export async function exportVault(deps: ExportDeps, input: ExportInput, actor: Actor): Promise<ExportView> {
  await stepUp(deps, input.masterKey, 'To export the keys of the accounts', aboutVault(actor));
  refuseMasterKey(input);
  const rows = await deps.accounts.list();
  const intact = rows.filter((row) => isAccountIntact(deps.vault, row));
  const keys = (await deps.clientKeys.list()).map((row) => ({ row, ...keyringEntryOf(deps.vault, row) }));
  const intactKeys = keys.filter((entry) => entry.intact);
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  const settings = TRAVELLING_SETTINGS.filter((name) => deps.settings.origins[name] !== 'default');
  const document = {
    format: EXPORT_FORMAT,
    version: EXPORT_VERSION,
    madeBy: deps.version,
    madeAtMs: deps.clock.nowMs(),
    vaultId: hex(await deps.vaultId()),
    accounts: intact.map((row) => exportedAccount(deps.vault, row)),
    clientKeys: intactKeys.map(({ row, clientKey }) => exportedClientKey(row, clientKey, names)),
    settings: Object.fromEntries(settings.map((name) => [name, settingValue(deps.settings, name)])),
  };
  const file = await encrypted(deps.age, document, input);
  const counts = { accounts: intact.length, clientKeys: intactKeys.length, settings: settings.length };
  // Before anybody has the file: an export that is not noted is none.
  const { accounts, clientKeys } = counts;
  await deps.audit.record({ ...aboutVault(actor), deed: 'vault.exported', detail: { accounts, clientKeys } });
  deps.ledger.event({
    atMs: deps.clock.nowMs(),
    kind: 'vault.exported',
    accountId: null,
    requestId: null,
    data: { ...counts, to: input.passphrase ? 'passphrase' : 'recipients' },
  });
  const day = new Date(deps.clock.nowMs()).toISOString().slice(0, 10);
  return {
    file: Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('base64'),
    name: `cam-export-${day}.age`,
    ...counts,
    leftOut: [
      ...rows.filter((row) => !intact.includes(row)).map(({ name }) => leftOut('account', name)),
      ...keys.filter((entry) => !entry.intact).map(({ row }) => leftOut('client_key', row.name)),
    ],
  };
}

const leftOut = (kind: LeftOut['kind'], name: string): LeftOut => ({
  kind,
  name,
  why: 'It was changed in the database by something else.',
});

function exportedAccount(vault: ExportDeps['vault'], row: AccountRow) {
  const { provider: _, createdAtMs: __, ...value } = accountOf(row);
  const adminKey = adminKeyOf(vault, row);
  const place = { table: 'accounts', rowId: row.id, column: 'sealed_key' } as const;
  return {
    ...value,
    key: reveal(vault.unseal(place, row.sealed_key ?? new Uint8Array())),
    adminKey: adminKey === null ? null : reveal(adminKey),
  };
}

/** Accounts by name, because ids mean nothing elsewhere; one that was removed cannot be named and is no right any more. */
function exportedClientKey(
  row: ClientKeyRow,
  { id, ...clientKey }: ReturnType<typeof keyringEntryOf>['clientKey'],
  names: ReadonlyMap<string, string>,
) {
  const accounts = clientKey.accounts?.flatMap((account) => names.get(account) ?? []) ?? null;
  return { ...clientKey, id, accounts, digest: hex(row.digest) };
}

async function encrypted(
  age: ExportDeps['age'],
  document: unknown,
  { passphrase, recipients }: ExportInput,
): Promise<Uint8Array> {
  const plain = new TextEncoder().encode(JSON.stringify(document));
  const file = await age.encrypt(plain, passphrase ? { passphrase } : { recipients: recipients ?? [] });
  if (file.length <= IMPORT_BYTES_MAX) return file;
  throw new CamError('import_too_large', 'The export would be larger than any import may be (720 KiB).', {
    hint: 'Use `cam backup`, which has no such bound.',
  });
}

/** Whoever gets the file and guesses its passphrase would else have the vault as well. */
function refuseMasterKey({ masterKey, passphrase }: ExportInput): void {
  if (!masterKey || !passphrase) return;
  if (reveal(masterKey) !== reveal(passphrase)) return;
  throw new CamError('invalid_request', 'The passphrase of an export is not the master key.', {
    param: 'passphrase',
    hint: 'Choose another one: the file goes places where the master key should not.',
  });
}
