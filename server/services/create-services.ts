/**
 * Hands every verb exactly what it needs. The rooms come from the composition root; what is made here belongs to
 * the verbs alone: their stores, the time windows, the counter of changes.
 */

import { join } from 'node:path';
import { SERVER } from '../../lib/audit/actor.ts';
import { CamError } from '../../lib/errors.ts';
import type { AuditVerifyInput } from '../../lib/wire/audit-views.ts';
import { readVaultHeader } from '../db/vault-header.ts';
import { addAccount } from './accounts/add.ts';
import { checkKey } from './accounts/check.ts';
import { clearAccount } from './accounts/clear.ts';
import { detailAccount } from './accounts/detail.ts';
import { editAccount } from './accounts/edit.ts';
import { getAccount, listAccounts, viewOfAccount } from './accounts/list.ts';
import { pauseAccount } from './accounts/pause.ts';
import { removeAccount } from './accounts/remove.ts';
import { resetAccountUse } from './accounts/reset-use.ts';
import { switchAccount } from './accounts/switch.ts';
import { testAccount } from './accounts/test.ts';
import { deliverDue, destinationsOf } from './alerts/deliver.ts';
import { createEvaluation } from './alerts/evaluate.ts';
import { listAuditLog, pageAuditLog } from './audit/list.ts';
import { verifyAuditLog } from './audit/verify.ts';
import { listBackups } from './backups/list.ts';
import { makeBackup } from './backups/make.ts';
import { addClient } from './clients/add.ts';
import { keyringEntryOf } from './clients/client-key-row.ts';
import { editClient } from './clients/edit.ts';
import { listClients, viewOfClient } from './clients/list.ts';
import { registerGivenKey } from './clients/register-given-key.ts';
import { resetClientUse } from './clients/reset-use.ts';
import { revokeClient } from './clients/revoke.ts';
import { makeBundle } from './doctor/bundle.ts';
import { checkHealth } from './doctor/check.ts';
import { lastLogCodes } from './doctor/log-codes.ts';
import { figureVerbs } from './figure-verbs.ts';
import { refreshByTheClock } from './introspection/refresh.ts';
import { createWatch } from './live/watch.ts';
import { listModels } from './models/list.ts';
import { applyImport } from './moving/apply.ts';
import { exportVault } from './moving/export.ts';
import { previewImport } from './moving/preview.ts';
import { openPlayground } from './playground/open.ts';
import { getRequest } from './requests/get.ts';
import { drawRequests } from './requests/histogram.ts';
import { listRequests } from './requests/list.ts';
import { dryRunRouting } from './routing/dry-run.ts';
import { createReplays } from './routing/replay.ts';
import type { Services } from './services.ts';
import { endSession } from './session/end.ts';
import { checkSetupLink, initialiseVault, judgeKeyOfSetup, setUp } from './session/initialise.ts';
import { lock } from './session/lock.ts';
import { openVault } from './session/open-vault.ts';
import { sessionStatus } from './session/status.ts';
import { openWithMasterKey, unlock } from './session/unlock.ts';
import { listSettings } from './settings/list.ts';
import { rereadSettings, setSettings } from './settings/set.ts';
import { type ServiceDeps, type Shared, share } from './shared.ts';
import { getStatus } from './status/get.ts';
import { createAutoLock } from './vault/auto-lock.ts';
import { getVault } from './vault/get.ts';
import { keychainFollows, setKeychain } from './vault/keychain.ts';
import { rekey } from './vault/rekey.ts';
import { finishRotation, rotate } from './vault/rotate.ts';

const EVENTS_BUNDLED = 200;

export interface ServicesWithUpkeep extends Services {
  /** To be called every few seconds and before the end: stores how the accounts are. */
  saveHealth(): Promise<void>;
  /** To be called every few seconds: locks the vault when nobody has used it for as long as the setting says. */
  lockWhenIdle(): Promise<void>;
  /** Ends the threads that services have started. */
  closeThreads(): Promise<void>;
  /** To be called once a minute. */
  evaluateAlerts(): Promise<void>;
  deliverAlerts(): Promise<void>;
  /** To be called now and then: asks organisations what was used and charged. */
  refreshProviders(): Promise<void>;
}

export function createServices(rooms: ServiceDeps): ServicesWithUpkeep {
  const shared = share(rooms);
  const { reader, pool } = rooms;
  const replays = createReplays({ ...shared, listAccounts: () => listAccounts(shared) });
  return {
    saveHealth: shared.saveHealth,
    closeThreads: () => replays.close(),
    evaluateAlerts: createEvaluation({ ...shared, destinations: () => destinationsOf(shared) }),
    refreshProviders: async () => {
      if (shared.vault.state() === 'unlocked') await refreshByTheClock(shared);
    },
    deliverAlerts: async () => {
      if (shared.vault.state() === 'unlocked') await deliverDue(shared);
    },
    lockWhenIdle: createAutoLock({ ...shared, lock: () => lock(shared, { panic: false }, SERVER) }),
    ...doors(shared),
    status: { get: () => getStatus(shared) },
    accounts: accountVerbs(shared),
    clients: clientVerbs(shared),
    playground: { key: (input, operator) => openPlayground(shared, input, operator) },
    moving: movingVerbs(shared),
    backups: backupVerbs(shared),
    requests: {
      list: (input) => listRequests(shared, input),
      histogram: (input) => drawRequests(shared, input),
      get: (input) => getRequest(shared, input),
      recorded: (input) => reader.run('requests.recorded', input),
      bodies: async (input) => shared.captures.get((await getRequest(shared, input)).id),
      forgetBodies: async () => ({ calls: await shared.captures.forgetAll() }),
    },
    ...figureVerbs(shared),
    events: { list: ({ limit }) => reader.run('events.list', { limit }) },
    models: { list: () => listModels({ pool }) },
    routing: { dryRun: (input) => dryRunRouting(shared, input), replay: () => replays.replay() },
    settings: {
      list: () => listSettings(shared),
      set: (input, actor) => setSettings(shared, input, actor),
    },
    audit: {
      list: (input) => listAuditLog(shared, input),
      page: (input) => pageAuditLog(shared, input),
      verify: (input) => verifyAuditLog(shared, input),
    },
    doctor: doctorVerbs(shared),
    live: { watch: createWatch(shared) },
  };
}

/** Setting up, unlocking, signing in and locking; the vault's own keys. */
function doors(shared: Shared): Pick<Services, 'session' | 'local' | 'setup' | 'vault'> {
  const { sessions, vault, alone } = shared;
  const registerKey = () => registerGivenKey({ ...shared, givenKey: shared.givenClientKey });
  const open = () => openVault({ ...shared, registerGivenKey: registerKey });
  const opening = {
    ...shared,
    openVault: open,
    reload: open,
    finishRotation: async () => {
      if (vault.rotating()) await alone(() => finishRotation({ ...shared, reload: open }, SERVER));
    },
  };
  return {
    session: {
      status: (operator) => sessionStatus(shared, operator),
      unlock: (input) => unlock(opening, input),
      end: (operator) => endSession(shared, operator),
      lock: (input, actor) => lock(shared, input, actor),
      ticket: (operator) => ({ ticket: sessions.ticket(operator) }),
      keepAlive: ({ jti, via }) => via === 'in_process' || sessions.touch(jti),
    },
    local: {
      unlock: (masterKey, actor) => openWithMasterKey(opening, masterKey, actor),
      initialise: (masterKey, actor) => initialiseVault(opening, masterKey, actor, false),
      initialiseAnyway: (masterKey, actor) => initialiseVault(opening, masterKey, actor, true),
      rereadSettings: (actor) => rereadSettings(shared, actor),
    },
    setup: {
      check: (input) => checkSetupLink(shared, input),
      judge: (input) => judgeKeyOfSetup(shared, input),
      initialise: (input) => setUp(opening, input),
    },
    vault: vaultVerbs(shared, open),
  };
}

function vaultVerbs(shared: Shared, reload: () => Promise<void>): Services['vault'] {
  const view = () => getVault(shared);
  return {
    get: view,
    judge: ({ masterKey }) => shared.keyJudge.judge(masterKey),
    rekey: (input, actor) =>
      rekey({ ...shared, keychainFollows: (key) => keychainFollows(shared, key) }, input, actor),
    rotate: async ({ masterKey }, actor) => {
      await rotate({ ...shared, reload }, masterKey, actor);
      return view();
    },
    keychain: (input, actor) => setKeychain({ ...shared, view }, input, actor),
  };
}

/** Looking at everything changes nothing. */
function doctorVerbs(shared: Shared): Services['doctor'] {
  const began = { wallMs: shared.clock.nowMs(), monotonicMs: shared.clock.monotonicMs() };
  const verifyAudit = (input: AuditVerifyInput) => verifyAuditLog(shared, input);
  const check = () => checkHealth({ ...shared, began, verifyAudit });
  return {
    check,
    bundle: () =>
      makeBundle({
        settings: shared.settings,
        status: () => getStatus(shared),
        listAccounts: () => listAccounts(shared),
        listClientKeys: () => listClients(shared),
        listEvents: () => shared.reader.run('events.list', { limit: EVENTS_BUNDLED }),
        checkHealth: check,
        logCodes: () => lastLogCodes(join(shared.server.logsFolder, 'cam.log')),
      }),
  };
}

function accountVerbs(shared: Shared): Services['accounts'] {
  const changing = { ...shared, viewOf: (id: string) => viewOfAccount(shared, id) };
  return {
    list: () => listAccounts(shared),
    get: (input) => getAccount(shared, input),
    detail: (input) => detailAccount(shared, input),
    check: (input) => checkKey(shared, input),
    add: (input, actor) => addAccount(changing, input, actor),
    edit: (input, actor) => editAccount(changing, input, actor),
    remove: (input, actor) => removeAccount(shared, input, actor),
    enable: (input, actor) => switchAccount(changing, input, true, actor),
    disable: (input, actor) => switchAccount(changing, input, false, actor),
    test: (input, actor) => testAccount(shared, input, actor),
    pause: (input, actor) => pauseAccount(changing, input, true, actor),
    resume: (input, actor) => pauseAccount(changing, input, false, actor),
    clear: (input, actor) => clearAccount(changing, input, actor),
    resetUse: (input, actor) => resetAccountUse(changing, input, actor),
  };
}

function movingVerbs(shared: Shared): Services['moving'] {
  const moving = { ...shared, vaultId: () => vaultIdOf(shared), reloadKeyring: () => reloadKeyring(shared) };
  return {
    export: (input, actor) => exportVault(moving, input, actor),
    preview: (input) => previewImport(moving, input),
    import: (input, actor) => applyImport(moving, input, actor),
  };
}

function backupVerbs(shared: Shared): Services['backups'] {
  const keeping = { ...shared, place: shared.backupPlace, vaultId: () => vaultIdOf(shared) };
  return { list: () => listBackups(keeping), make: (actor) => makeBackup(keeping, actor) };
}

async function vaultIdOf({ db }: Shared): Promise<Uint8Array> {
  const header = await readVaultHeader(db);
  if (header === null) throw new CamError('vault_uninitialised', 'Nothing has been set up here yet.');
  return header.vaultId;
}

async function reloadKeyring({ clientKeys, keyring, vault }: Shared): Promise<void> {
  keyring.load((await clientKeys.list()).map((row) => keyringEntryOf(vault, row)));
}

function clientVerbs(shared: Shared): Services['clients'] {
  const changing = {
    ...shared,
    reloadKeyring: () => reloadKeyring(shared),
    viewOf: (id: string) => viewOfClient(shared, id),
  };
  return {
    list: () => listClients(shared),
    add: (input, actor) => addClient(changing, input, actor),
    edit: (input, actor) => editClient(changing, input, actor),
    resetUse: (input, actor) => resetClientUse(changing, input, actor),
    revoke: (input, actor) => revokeClient(changing, input, actor),
  };
}
