/**
 * The accounts of a file beside those that are here: what would be new, changed, removed, what is the same, and what
 * is refused, with the reason. Nothing is written here; `write-accounts.ts` does what these steps say.
 *
 * An account is recognised by its id, else by its name. Ids of a file are used for nothing else: what is new gets an
 * id of its own, so that a file cannot point at something here.
 */
import { accountNameKey, DEFAULT_BASE_URL } from '../../../lib/accounts/account.ts';
import { asCamError } from '../../../lib/errors.ts';
import type { IncomingAccount } from '../../../lib/wire/account-list.ts';
import type { ReadRow } from '../../../lib/wire/export-document.ts';
import type { BaseUrlTick, FieldChange, MoveRow } from '../../../lib/wire/moving-views.ts';
import type { AccountRow } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { accountOf, isAccountIntact } from '../accounts/account-row.ts';
import { type CheckDestination, plainBaseUrl } from '../accounts/destination.ts';
import { hex } from '../accounts/duplicates.ts';
import { accountChanges } from './account-changes.ts';

export type AccountWrite =
  | { readonly kind: 'insert'; readonly incoming: IncomingAccount }
  | { readonly kind: 'replace'; readonly before: AccountRow; readonly incoming: IncomingAccount }
  | { readonly kind: 'remove'; readonly before: AccountRow };

export interface AccountStep {
  readonly row: MoveRow;
  /** What has to be ticked before it is written. */
  readonly tick: BaseUrlTick | null;
  readonly write: AccountWrite | null;
}

export interface CompareAccountsDeps {
  readonly vault: Pick<Vault, 'rowMacMatches' | 'accountKeyFingerprint' | 'unseal'>;
  readonly checkDestination: CheckDestination;
}

export interface CompareOptions {
  readonly source: 'export' | 'list';
  readonly mode: 'merge' | 'replace';
}

export function compareAccounts(
  deps: CompareAccountsDeps,
  here: readonly AccountRow[],
  incoming: readonly ReadRow<IncomingAccount>[],
  options: CompareOptions,
): readonly AccountStep[] {
  const matches = incoming.map((row) => matchOf(here, row));
  const inFile = new Set(matches.map((row) => row?.id));
  const gone = options.mode === 'replace' ? here.filter(({ id }) => !inFile.has(id)) : [];
  const staying = here.filter((row) => !gone.includes(row));
  const world = { deps, staying, options, taken: new Set<string>(), uses: new Map<string, string>() };
  for (const row of staying) if (!inFile.has(row.id)) world.uses.set(standingUse(row), row.name);
  return [
    ...incoming.map((row, at) => stepOf(world, row, matches[at] ?? null)),
    ...gone.map((before) => removal(before)),
  ];
}

interface World {
  readonly deps: CompareAccountsDeps;
  readonly staying: readonly AccountRow[];
  readonly options: CompareOptions;
  /** Names and ids that an earlier row of the file has taken. */
  readonly taken: Set<string>;
  /** Which account a key belongs to, at one place and for one organisation and project. */
  readonly uses: Map<string, string>;
}

function matchOf(here: readonly AccountRow[], row: ReadRow<IncomingAccount>): AccountRow | null {
  const id = 'value' in row ? row.value.id : null;
  const nameKey = accountNameKey(row.name);
  return here.find((one) => one.id === id) ?? here.find((one) => one.name_key === nameKey) ?? null;
}

function stepOf(world: World, read: ReadRow<IncomingAccount>, before: AccountRow | null): AccountStep {
  const row = { kind: 'account', name: read.name, at: read.at, changes: [] } as const;
  const refused = (why: string): AccountStep => {
    if (before) world.uses.set(standingUse(before), before.name);
    return { row: { ...row, state: 'refused', why }, tick: null, write: null };
  };
  if ('why' in read) return refused(read.why);
  const incoming = { ...read.value, baseUrl: plainBaseUrl(read.value.baseUrl) };
  const twice = takeOnce(world.taken, [accountNameKey(incoming.name), before?.id]);
  if (twice) return refused('The file has an account of this name twice.');
  const obstacle = obstacleTo(world, incoming, before);
  if (obstacle !== null) return refused(obstacle);

  const fingerprint = world.deps.vault.accountKeyFingerprint(incoming.key);
  const use = keyUse(fingerprint, incoming);
  const owner = world.uses.get(use);
  if (owner !== undefined) return refused(`Its key is in use already: it is the key of ${owner}.`);
  const changes = before ? accountChanges(world.deps.vault, before, incoming, fingerprint) : [];
  if (before && changes.length > 0 && world.options.source === 'list')
    return refused(
      `There is an account called ${before.name} already, with other settings. A list only adds.`,
    );
  world.uses.set(use, incoming.name);
  if (before === null) return addition(row, incoming);
  if (changes.length === 0) return { row: { ...row, state: 'same', why: null }, tick: null, write: null };
  return change(row, before, incoming, changes);
}

/** What stands in the way of this account being here at all. */
function obstacleTo(
  { deps, staying }: World,
  incoming: IncomingAccount,
  before: AccountRow | null,
): string | null {
  if (before && !isAccountIntact(deps.vault, before))
    return 'It is quarantined here: its row was changed by something else. Remove it first.';
  const nameKey = accountNameKey(incoming.name);
  const other = staying.find((one) => one.name_key === nameKey && one.id !== before?.id);
  if (other) return `There is another account called ${other.name} already.`;
  try {
    deps.checkDestination(incoming);
    return null;
  } catch (thrown) {
    return asCamError(thrown).message;
  }
}

type Known = Pick<MoveRow, 'kind' | 'name' | 'at'>;

function addition(row: Known, incoming: IncomingAccount): AccountStep {
  const { name, baseUrl: to, allowLocal } = incoming;
  // The address that every account has when none is named is not new to anybody.
  const needsTick = to !== DEFAULT_BASE_URL || allowLocal;
  return {
    row: {
      ...row,
      state: 'new',
      changes: [],
      why: incoming.enabled ? null : 'It stays disabled, as it was.',
    },
    tick: needsTick ? { name, from: null, to, allowLocal } : null,
    write: { kind: 'insert', incoming },
  };
}

function change(
  row: Known,
  before: AccountRow,
  incoming: IncomingAccount,
  changes: readonly FieldChange[],
): AccountStep {
  const { name, baseUrl: to, allowLocal } = incoming;
  const was = accountOf(before);
  const needsTick = to !== was.baseUrl || (allowLocal && !was.allowLocal);
  return {
    row: { ...row, state: 'changed', changes, why: null },
    tick: needsTick ? { name, from: was.baseUrl, to, allowLocal } : null,
    write: { kind: 'replace', before, incoming },
  };
}

function removal(before: AccountRow): AccountStep {
  const why = 'It is not in the file: its key is deleted for good.';
  return {
    row: { kind: 'account', name: before.name, at: null, state: 'removed', changes: [], why },
    tick: null,
    write: { kind: 'remove', before },
  };
}

/** Takes all of them; true when one was taken before. */
function takeOnce(taken: Set<string>, names: readonly (string | undefined)[]): boolean {
  const known = names.filter((name) => name !== undefined);
  const twice = known.some((name) => taken.has(name));
  for (const name of known) taken.add(name);
  return twice;
}

function standingUse(row: AccountRow): string {
  const { baseUrl, organizationId, projectId } = accountOf(row);
  return keyUse(row.key_fingerprint ?? new Uint8Array(), { baseUrl, organizationId, projectId });
}

function keyUse(
  fingerprint: Uint8Array,
  place: Pick<IncomingAccount, 'baseUrl' | 'organizationId' | 'projectId'>,
): string {
  return JSON.stringify([hex(fingerprint), place.baseUrl, place.organizationId, place.projectId]);
}
