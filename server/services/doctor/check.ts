/** The whole examination, from inside the program that serves: the machine, and what the open vault can tell. */
import { homedir } from 'node:os';
import type { Clock } from '../../../lib/base/time.ts';
import { DAY_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import { type DoctorReport, type Finding, inOrder, needsVault } from '../../../lib/doctor/finding.ts';
import type { AuditVerdictView, AuditVerifyInput } from '../../../lib/wire/audit-views.ts';
import type { Settings } from '../../config.ts';
import { readPragmas } from '../../db/examine.ts';
import type { Reader } from '../../db/reader.ts';
import type { Db } from '../../db/schema.ts';
import { checkPragmas, checkTotals } from '../../doctor/database.ts';
import { examine } from '../../doctor/examine.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { ClientKeyStore } from '../clients/client-key-store.ts';
import type { ServerFacts } from '../status/get.ts';
import { checkAudit, checkClientKeys, checkMasterKey, checkRows } from './vault-checks.ts';

export interface DoctorDeps {
  readonly db: Db;
  readonly reader: Pick<Reader, 'run'>;
  readonly vault: Pick<Vault, 'state' | 'rowMacMatches' | 'opens' | 'keyStrength'>;
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly clientKeys: Pick<ClientKeyStore, 'list'>;
  readonly verifyAudit: (input: AuditVerifyInput) => Promise<AuditVerdictView>;
  readonly settings: Pick<Settings, 'config'>;
  readonly clock: Clock;
  /** Both clocks when this process began. */
  readonly began: { readonly wallMs: number; readonly monotonicMs: number };
  readonly version: string;
  readonly server: ServerFacts;
}

export async function checkHealth(deps: DoctorDeps): Promise<DoctorReport> {
  const { server, clock, settings } = deps;
  const folders = { data: server.dataFolder, config: server.configFolder, logs: server.logsFolder };
  const machine = await examine(
    {
      folders,
      config: settings.config,
      clock,
      env: process.env,
      platform: process.platform,
      uid: process.getuid?.() ?? null,
      home: homedir(),
      serverPid: server.origin() === null ? null : server.pid,
    },
    () => deps.reader.run('doctor.database', {}),
  );
  const open = deps.vault.state() === 'unlocked';
  const findings = [
    ...machine.findings,
    ...checkPragmas(await readPragmas(deps.db)),
    ...checkTotals(await deps.reader.run('usage.wrong', { sinceMs: clock.nowMs() - TOTALS_LOOKED_AT_MS })),
    ...checkJump(clock, deps.began),
    ...(open ? await openChecks(deps) : []),
  ];
  return {
    version: deps.version,
    atMs: clock.nowMs(),
    findings: inOrder(findings),
    unchecked: [...machine.unchecked, ...(open ? [] : needsVault('The vault is locked.'))],
  };
}

async function openChecks(deps: DoctorDeps): Promise<Finding[]> {
  const clientKeys = await deps.clientKeys.list();
  return [
    ...checkRows(deps.vault, await deps.accounts.list(), clientKeys),
    ...checkAudit(await deps.verifyAudit({})),
    ...checkClientKeys(deps.vault, clientKeys, deps.clock.nowMs()),
    ...checkMasterKey(deps.vault.keyStrength()),
  ];
}

/** All that a month and the one before it are made of. */
const TOTALS_LOOKED_AT_MS = 62 * DAY_MS;
const JUMP_MS = 2 * MINUTE_MS;

/** Backwards only: the monotonic clock stands still while a computer sleeps, which looks like a jump ahead. */
function checkJump(clock: Clock, began: DoctorDeps['began']): Finding[] {
  const backMs = clock.monotonicMs() - began.monotonicMs - (clock.nowMs() - began.wallMs);
  if (backMs < JUMP_MS) return [];
  return [
    {
      check: 'clock',
      severity: 'warn',
      what: `The clock was put back by ${Math.round(backMs / MINUTE_MS)} minutes since the start.`,
      why: 'Calls since then may count in a day or a month that had ended.',
      mend: 'timedatectl set-ntp true',
    },
  ];
}
