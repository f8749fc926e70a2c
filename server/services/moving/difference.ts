/**
 * What an import would do, all of it at once: shown before anything is written, and worked out again in the
 * transaction that writes, so that what a person saw is what happens.
 */
import { createHash } from 'node:crypto';
import { accountNameKey } from '../../../lib/accounts/account.ts';
import { type AccountId, accountId } from '../../../lib/base/id.ts';
import type { BaseUrlTick, DifferenceView } from '../../../lib/wire/moving-views.ts';
import type { Settings } from '../../config.ts';
import type { AccountRow, ClientKeyRow } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { hex } from '../accounts/duplicates.ts';
import { type AccountStep, type CompareAccountsDeps, compareAccounts } from './compare-accounts.ts';
import { type ClientKeyStep, compareClientKeys } from './compare-client-keys.ts';
import { compareSettings, type SettingStep } from './compare-settings.ts';
import type { Incoming } from './incoming.ts';

export interface DifferenceDeps extends CompareAccountsDeps {
  readonly vault: CompareAccountsDeps['vault'] & Pick<Vault, 'rowMacMatches'>;
  readonly settings: Pick<Settings, 'config' | 'origins'>;
}

/** What is here now. */
export interface Here {
  readonly accounts: readonly AccountRow[];
  readonly clientKeys: readonly ClientKeyRow[];
  readonly vaultId: Uint8Array;
}

export interface Wish {
  readonly mode: 'merge' | 'replace';
  readonly newClientKeys: boolean;
}

export interface Difference {
  readonly view: DifferenceView;
  readonly accounts: readonly AccountStep[];
  readonly settings: readonly SettingStep[];
  /** Client keys hang on the accounts that will be there, and those on what was ticked. */
  clientKeys(
    accepted: (tick: BaseUrlTick) => boolean,
    idOfNew: (name: string) => AccountId,
  ): readonly ClientKeyStep[];
}

export function differenceOf(deps: DifferenceDeps, here: Here, incoming: Incoming, wish: Wish): Difference {
  // A list names accounts to add and says nothing of the rest.
  const mode = incoming.source === 'list' ? 'merge' : wish.mode;
  const sameVault = incoming.vaultId === hex(here.vaultId);
  const accounts = compareAccounts(deps, here.accounts, incoming.accounts, { source: incoming.source, mode });
  const settings = compareSettings(
    deps.settings,
    incoming.settings,
    incoming.source === 'list' ? 'merge' : mode,
  );
  const clientKeys: Difference['clientKeys'] = (accepted, idOfNew) => {
    const names = namesAfter(here.accounts, accounts, accepted, idOfNew);
    return compareClientKeys(deps, here.clientKeys, incoming.clientKeys, {
      sameVault,
      mode,
      newClientKeys: wish.newClientKeys,
      accountIdOf: (name) => names.idOf.get(accountNameKey(name)) ?? null,
      accountNameOf: (id) => names.nameOf.get(id) ?? 'a removed account',
    });
  };
  // Which id a new account will have is decided when it is written; here it only has to be one.
  const all = clientKeys(
    () => true,
    (name) => accountId(accountNameKey(name)),
  );
  const shown = {
    source: incoming.source,
    mode,
    madeBy: incoming.madeBy,
    madeAtMs: incoming.madeAtMs,
    sameVault,
    rows: [...accounts, ...all, ...settings].map(({ row }) => row),
    baseUrls: accounts.flatMap(({ tick }) => (tick === null ? [] : [tick])),
  };
  const seen = createHash('sha256')
    .update(JSON.stringify([shown, wish.newClientKeys, hex(incoming.digest)]))
    .digest('base64url');
  return { view: { ...shown, seen }, accounts, settings, clientKeys };
}

interface Names {
  readonly idOf: ReadonlyMap<string, AccountId>;
  readonly nameOf: ReadonlyMap<string, string>;
}

/** The accounts by name as they will be after the import. */
function namesAfter(
  here: readonly AccountRow[],
  steps: readonly AccountStep[],
  accepted: (tick: BaseUrlTick) => boolean,
  idOfNew: (name: string) => AccountId,
): Names {
  const idOf = new Map<string, AccountId>();
  const nameOf = new Map<string, string>();
  for (const row of here) idOf.set(row.name_key, accountId(row.id));
  for (const { write, tick } of steps) {
    if (write === null || (tick !== null && !accepted(tick))) continue;
    if (write.kind !== 'insert') idOf.delete(write.before.name_key);
    if (write.kind === 'remove') continue;
    const { name } = write.incoming;
    idOf.set(accountNameKey(name), write.kind === 'insert' ? idOfNew(name) : accountId(write.before.id));
  }
  for (const row of here) nameOf.set(row.id, row.name);
  return { idOf, nameOf };
}
