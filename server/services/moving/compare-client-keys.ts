/**
 * The client keys of an export beside those that are here. Their values are in no export: what is stored is a digest
 * under a key of this vault alone. Back in the vault that made the export a digest is recognised and the key works as
 * before; in another vault it means nothing, and the key is refused, or gets a new value under the same rules.
 */
import { accountNameKey } from '../../../lib/accounts/account.ts';
import type { AccountId } from '../../../lib/base/id.ts';
import type { ClientKey } from '../../../lib/clients/client-key.ts';
import type { ExportedClientKey, ReadRow } from '../../../lib/wire/export-document.ts';
import type { FieldChange, MoveRow } from '../../../lib/wire/moving-views.ts';
import type { ClientKeyRow } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { hex } from '../accounts/duplicates.ts';
import { keyringEntryOf } from '../clients/client-key-row.ts';
import { sayLimits, sayList, sayTime } from './say-rules.ts';

/** What a key may do and until when: everything of it that an import can bring. */
export type ClientKeyRules = Omit<ClientKey, 'id' | 'prefix' | 'guessable' | 'createdAtMs'>;

export type ClientKeyWrite =
  /** With the digest of the file: the value that clients have goes on working. */
  | { readonly kind: 'insert'; readonly incoming: ExportedClientKey; readonly rules: ClientKeyRules }
  /** With a value that nobody has yet. */
  | { readonly kind: 'mint'; readonly rules: ClientKeyRules }
  | { readonly kind: 'replace'; readonly before: ClientKeyRow; readonly rules: ClientKeyRules }
  | { readonly kind: 'revoke'; readonly before: ClientKeyRow };

export interface ClientKeyStep {
  readonly row: MoveRow;
  readonly write: ClientKeyWrite | null;
}

export interface CompareClientKeysOptions {
  readonly sameVault: boolean;
  readonly mode: 'merge' | 'replace';
  readonly newClientKeys: boolean;
  /** The account of this name as it will be after the import; null where there is none. */
  readonly accountIdOf: (name: string) => AccountId | null;
  readonly accountNameOf: (id: AccountId) => string;
}

type Deps = { readonly vault: Pick<Vault, 'rowMacMatches'> };

export function compareClientKeys(
  deps: Deps,
  here: readonly ClientKeyRow[],
  incoming: readonly ReadRow<ExportedClientKey>[],
  options: CompareClientKeysOptions,
): readonly ClientKeyStep[] {
  const digests = new Set(incoming.flatMap((row) => ('value' in row ? [row.value.digest] : [])));
  const names = new Set(incoming.map(({ name }) => accountNameKey(name)));
  const gone =
    options.mode === 'replace' && options.sameVault
      ? here.filter(
          (row) => row.revoked_at_ms === null && !digests.has(hex(row.digest)) && !names.has(row.name_key),
        )
      : [];
  const taken = new Set<string>();
  const seen = new Set<string>();
  return [
    ...incoming.flatMap((read) => stepOf({ deps, here, gone, options, taken, seen }, read)),
    ...gone.map(revocation),
  ];
}

interface World {
  readonly deps: Deps;
  readonly here: readonly ClientKeyRow[];
  readonly gone: readonly ClientKeyRow[];
  readonly options: CompareClientKeysOptions;
  /** Names of living keys that an earlier row has taken. */
  readonly taken: Set<string>;
  readonly seen: Set<string>;
}

function stepOf(world: World, read: ReadRow<ExportedClientKey>): readonly ClientKeyStep[] {
  const { options, here } = world;
  const row = { kind: 'client_key', name: read.name, at: read.at, changes: [], why: null } as const;
  const refused = (why: string): ClientKeyStep[] => [{ row: { ...row, state: 'refused', why }, write: null }];
  if ('why' in read) return refused(read.why);
  const incoming = read.value;
  // A revoked value of another vault could never be presented here.
  if (!options.sameVault && incoming.revokedAtMs !== null) return [];
  if (world.seen.has(incoming.digest)) return refused('The file has this client key twice.');
  world.seen.add(incoming.digest);

  const before = options.sameVault ? here.find(({ digest }) => hex(digest) === incoming.digest) : undefined;
  if (!options.sameVault && !options.newClientKeys) return refused(NOT_IN_FILE);
  const living = incoming.revokedAtMs === null;
  if (living && nameTaken(world, incoming.name, before?.id))
    return refused('There is a client key of this name already. It stays as it is.');
  const rules = rulesOf(incoming, options);
  if (typeof rules === 'string') return refused(rules);
  if (living) world.taken.add(accountNameKey(incoming.name));
  if (!options.sameVault) {
    const why = 'It gets a new value, shown once after the import.';
    return [{ row: { ...row, state: 'new', why }, write: { kind: 'mint', rules } }];
  }
  if (before === undefined) {
    const why = living ? null : 'It is revoked, and stays revoked.';
    return [{ row: { ...row, state: 'new', why }, write: { kind: 'insert', incoming, rules } }];
  }
  const entry = keyringEntryOf(world.deps.vault, before);
  if (!entry.intact) return refused('It was changed in the database by something else. Revoke it first.');
  if (before.revoked_at_ms !== null && living)
    return refused('It was revoked here, and a revoked value stays revoked.');
  const changes = rulesChanges(entry.clientKey, rules, options);
  return changes.length === 0 || before.revoked_at_ms !== null
    ? [{ row: { ...row, state: 'same' }, write: null }]
    : [{ row: { ...row, state: 'changed', changes }, write: { kind: 'replace', before, rules } }];
}

const NOT_IN_FILE =
  'Its value is in no export: another vault can only tell that it is not one of its own. Make a new one, or ask for new values under the same rules.';

function nameTaken({ here, gone, taken }: World, name: string, own: string | undefined): boolean {
  const nameKey = accountNameKey(name);
  if (taken.has(nameKey)) return true;
  return here.some(
    (row) => row.name_key === nameKey && row.revoked_at_ms === null && row.id !== own && !gone.includes(row),
  );
}

/** A sentence where the key is tied to an account that will not be here: tied to fewer is not what it was. */
function rulesOf(incoming: ExportedClientKey, options: CompareClientKeysOptions): ClientKeyRules | string {
  const accounts: AccountId[] = [];
  for (const name of incoming.accounts ?? []) {
    const id = options.accountIdOf(name);
    if (id === null)
      return `It is tied to the account ${name}, which is not here and not among those brought.`;
    accounts.push(id);
  }
  const { name, models, scopes, limits, serviceTiers, reasoningEfforts, expiresAtMs, revokedAtMs } = incoming;
  return {
    name,
    accounts: incoming.accounts === null ? null : accounts,
    models,
    scopes,
    limits,
    serviceTiers,
    reasoningEfforts,
    expiresAtMs,
    revokedAtMs,
  };
}

function rulesChanges(
  before: ClientKeyRules,
  after: ClientKeyRules,
  { accountNameOf }: CompareClientKeysOptions,
): FieldChange[] {
  const accounts = ({ accounts: ids }: ClientKeyRules): string =>
    ids === null ? 'all' : ids.length === 0 ? 'none' : ids.map(accountNameOf).join(', ');
  const told: readonly (readonly [string, (rules: ClientKeyRules) => string])[] = [
    ['name', ({ name }) => name],
    ['accounts', accounts],
    ['models', ({ models }) => sayList(models, 'all')],
    ['scopes', ({ scopes }) => sayList(scopes, 'none')],
    ['limits', ({ limits }) => sayLimits(limits)],
    [
      'service tiers',
      ({ serviceTiers }) => (serviceTiers?.length === 0 ? 'none' : sayList(serviceTiers, 'all')),
    ],
    [
      'reasoning efforts',
      ({ reasoningEfforts }) => (reasoningEfforts?.length === 0 ? 'none' : sayList(reasoningEfforts, 'all')),
    ],
    ['expires', ({ expiresAtMs }) => sayTime(expiresAtMs, 'never')],
    ['revoked', ({ revokedAtMs }) => sayTime(revokedAtMs, 'no')],
  ];
  return told
    .map(([field, say]) => ({ field, from: say(before), to: say(after) }))
    .filter(({ from, to }) => from !== to);
}

function revocation(before: ClientKeyRow): ClientKeyStep {
  const why = 'It is not in the file: it is revoked for good.';
  return {
    row: { kind: 'client_key', name: before.name, at: null, state: 'removed', changes: [], why },
    write: { kind: 'revoke', before },
  };
}
