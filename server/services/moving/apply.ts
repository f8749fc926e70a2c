/**
 * Importing: the difference is worked out again, compared with the one that a person saw, and written whole or not at
 * all. All rows are one transaction; the settings, which live in a file, are written as its last step, and put back
 * should the commit fail. The pool and the keyring hear of it afterwards.
 */
import { accountNameKey } from '../../../lib/accounts/account.ts';
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutVault } from '../../../lib/audit/deeds.ts';
import { type AccountId, accountId } from '../../../lib/base/id.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import { TRAVELLING_SETTINGS, type TravellingSetting } from '../../../lib/moving/travelling-settings.ts';
import type { ImportApplyInput } from '../../../lib/wire/moving-inputs.ts';
import type { BaseUrlTick, ImportedView, LeftOut, MoveState } from '../../../lib/wire/moving-views.ts';
import { type Settings, type SettingValues, settingValue } from '../../config.ts';
import { listAccountRows } from '../../db/accounts.ts';
import { listClientKeyRows } from '../../db/client-keys.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { Db } from '../../db/schema.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { LoginThrottle } from '../../vault/sessions.ts';
import type { Vault } from '../../vault/vault.ts';
import { NOTHING_LEARNED } from '../accounts/account-row.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Changes } from '../live/changes.ts';
import { stepUp } from '../session/try-master-key.ts';
import { type Difference, differenceOf } from './difference.ts';
import { type Incoming, readIncoming } from './incoming.ts';
import type { PreviewImportDeps } from './preview.ts';
import { type AccountWritten, writeAccounts } from './write-accounts.ts';
import { writeClientKeys } from './write-client-keys.ts';

export interface ApplyImportDeps extends Omit<PreviewImportDeps, 'accounts' | 'clientKeys'> {
  readonly accounts: Pick<AccountStore, 'facts'>;
  readonly audit: Pick<AuditLog, 'record' | 'during'>;
  readonly db: Db;
  readonly vault: PreviewImportDeps['vault'] &
    Pick<Vault, 'seal' | 'opens' | 'rowMac' | 'clientKeyDigest' | 'verify'>;
  readonly throttle: LoginThrottle;
  readonly settings: Settings;
  readonly pool: Pick<Pool, 'put'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: (bytes: number) => Uint8Array;
  readonly newId: () => string;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly reloadKeyring: () => Promise<void>;
}

export async function applyImport(
  deps: ApplyImportDeps,
  input: ImportApplyInput,
  actor: Actor,
): Promise<ImportedView> {
  // A list only adds, as adding an account does; an export may change where keys go and what client keys may do.
  if (input.source.kind === 'export')
    await stepUp(deps, input.masterKey, 'To import an export', aboutVault(actor));
  const incoming = await readIncoming(deps, input.source);
  // Asked for before: a transaction has the only connection to itself.
  const vaultId = await deps.vaultId();
  const done = await inOneTransaction(deps, actor, (db) => write({ ...deps, db }, vaultId, incoming, input));
  const facts = await deps.accounts.facts();
  for (const { id, account, keyReplaced } of done.accounts) {
    const entry = account && { account, facts: facts.get(id) ?? NOTHING_LEARNED, health: null };
    deps.pool.put(id, entry, { keyReplaced });
  }
  await deps.reloadKeyring();
  const { view } = done;
  deps.ledger.event({
    atMs: deps.clock.nowMs(),
    kind: 'import.applied',
    accountId: null,
    requestId: null,
    data: { source: input.source.kind, new: view.new, changed: view.changed, removed: view.removed },
  });
  deps.changes.made();
  return view;
}

interface Done {
  readonly accounts: readonly AccountWritten[];
  readonly settings: readonly TravellingSetting[];
  readonly view: ImportedView;
}

/** The settings are in a file: where the rows that came with them cannot be committed, they are put back. */
async function inOneTransaction(
  { audit, settings }: ApplyImportDeps,
  actor: Actor,
  work: (db: Db) => Promise<Done>,
): Promise<Done> {
  const before = new Map(TRAVELLING_SETTINGS.map((name) => [name, inFile(settings, name)]));
  let done: Done | null = null;
  // Counted while it is written; the log's row is written after that, in the same transaction.
  const detail = { added: 0, changed: 0 };
  try {
    return await audit.during(
      { ...aboutVault(actor), deed: 'vault.imported', detail },
      async (transaction) => {
        done = await work(transaction);
        detail.added = done.view.new;
        detail.changed = done.view.changed + done.view.removed;
        return done;
      },
    );
  } catch (thrown) {
    const written = (done as Done | null)?.settings ?? [];
    if (written.length > 0) settings.set(Object.fromEntries(written.map((name) => [name, before.get(name)])));
    throw thrown;
  }
}

function inFile(settings: Settings, name: TravellingSetting): unknown {
  return settings.origins[name] === 'file' ? settingValue(settings, name) : undefined;
}

async function write(
  deps: ApplyImportDeps,
  vaultId: Uint8Array,
  incoming: Incoming,
  input: ImportApplyInput,
): Promise<Done> {
  const here = {
    accounts: await listAccountRows(deps.db),
    clientKeys: await listClientKeyRows(deps.db),
    vaultId,
  };
  const difference = differenceOf(deps, here, incoming, input);
  if (difference.view.seen !== input.seen) throw outdated();
  const ticked = new Set(input.acceptBaseUrls.map(accountNameKey));
  const accepted = (tick: BaseUrlTick): boolean => ticked.has(accountNameKey(tick.name));
  const nowMs = deps.clock.nowMs();
  const idOfNew = createIds(deps.newId);
  const steps = difference.accounts.filter(({ tick }) => tick === null || accepted(tick));
  const keySteps = difference.clientKeys(accepted, idOfNew);
  const writesOf = <T>(of: readonly { readonly write: T | null }[]): T[] =>
    of.flatMap(({ write: one }) => (one === null ? [] : [one]));

  const written = await writeAccounts({ ...deps, nowMs, idOfNew }, writesOf(steps));
  const newClientKeys = await writeClientKeys({ ...deps, nowMs }, writesOf(keySteps));
  const settings = writeSettings(deps.settings, difference);
  const rows = [...steps, ...keySteps, ...difference.settings].map(({ row }) => row);
  const count = (state: MoveState): number => rows.filter((row) => row.state === state).length;
  const unticked: LeftOut[] = difference.accounts
    .filter((step) => !steps.includes(step))
    .map(({ row }) => ({ kind: 'account', name: row.name, why: 'Its base URL was not ticked.' }));
  const refused: LeftOut[] = rows
    .filter(({ state }) => state === 'refused')
    .map(({ kind, name, at, why }) => ({
      kind,
      name: at === null || at === name ? name : `${at}, ${name}`,
      why: why ?? '',
    }));
  return {
    accounts: written,
    settings,
    view: {
      new: count('new'),
      changed: count('changed'),
      removed: count('removed'),
      same: count('same'),
      leftOut: [...unticked, ...refused],
      newClientKeys,
    },
  };
}

/** The same id for the same name, before and after it is written. */
function createIds(newId: () => string): (name: string) => AccountId {
  const ids = new Map<string, AccountId>();
  return (name) => {
    const nameKey = accountNameKey(name);
    const id = ids.get(nameKey) ?? accountId(newId());
    ids.set(nameKey, id);
    return id;
  };
}

/** Answers which were written. */
function writeSettings(settings: Settings, difference: Difference): readonly TravellingSetting[] {
  const writes = difference.settings.flatMap(({ write: one }) => (one === null ? [] : [one]));
  if (writes.length === 0) return [];
  const values: SettingValues = Object.fromEntries(writes.map(({ name, value }) => [name, value]));
  settings.set(values);
  return writes.map(({ name }) => name);
}

const outdated = (): CamError =>
  new CamError('conflict', 'Something has changed since the difference was shown. Nothing was imported.', {
    hint: 'Look at the difference again.',
  });
