/** Makes the diagnostics bundle: field by field, from views that hold no secret, without a word that a person typed. */
import { arch, availableParallelism, platform, release, totalmem } from 'node:os';
import { DEFAULT_BASE_URL } from '../../../lib/accounts/account.ts';
import type { BundledAccount, BundledClientKey, DiagnosticsBundle } from '../../../lib/doctor/bundle.ts';
import type { DoctorReport } from '../../../lib/doctor/finding.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { ClientKeyView, EventView, StatusView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import { bundledSettings } from './bundled-settings.ts';
import type { LogCode } from './log-codes.ts';

export interface BundleDeps {
  readonly settings: Pick<Settings, 'config' | 'origins'>;
  readonly status: () => StatusView;
  readonly listAccounts: () => Promise<readonly AccountView[]>;
  readonly listClientKeys: () => Promise<readonly ClientKeyView[]>;
  readonly listEvents: () => Promise<readonly EventView[]>;
  readonly checkHealth: () => Promise<DoctorReport>;
  readonly logCodes: () => readonly LogCode[];
}

const MIB = 1024 * 1024;

export async function makeBundle(deps: BundleDeps): Promise<DiagnosticsBundle> {
  const status = deps.status();
  const report = await deps.checkHealth();
  return {
    bundle: 1,
    madeAt: new Date(status.nowMs).toISOString(),
    program: {
      version: status.version,
      node: process.versions.node,
      openssl: process.versions.openssl ?? '',
      platform: platform(),
      arch: arch(),
      osRelease: release(),
      processors: availableParallelism(),
      memoryMib: Math.round(totalmem() / MIB),
      heapUsedMib: Math.round(process.memoryUsage().heapUsed / MIB),
    },
    server: {
      inProcess: status.runningInProcess,
      upSeconds: Math.round((status.nowMs - status.startedAtMs) / 1_000),
      vault: status.vault,
      network: status.network,
      inFlight: status.inFlight,
      queued: status.queued,
      callsPerSecond: status.callsPerSecond,
    },
    configuration: bundledSettings(deps.settings),
    accounts: bundledAccounts(await deps.listAccounts()),
    clientKeys: (await deps.listClientKeys()).map(bundledClientKey),
    events: counted(await deps.listEvents()),
    findings: report.findings.map(({ check, severity }) => ({ check, severity })),
    log: deps.logCodes(),
  };
}

function bundledAccounts(accounts: readonly AccountView[]): BundledAccount[] {
  const addresses = [...new Set(accounts.map(({ baseUrl }) => baseUrl))].filter(
    (one) => one !== DEFAULT_BASE_URL,
  );
  return accounts.map((account, at) => ({
    name: `account ${at + 1}`,
    provider: account.provider,
    address:
      account.baseUrl === DEFAULT_BASE_URL ? 'default' : `address ${addresses.indexOf(account.baseUrl) + 1}`,
    local: account.allowLocal,
    enabled: account.enabled,
    state: account.state.word,
    priority: account.priority,
    weight: account.weight,
    limits: Object.entries(account.limits).flatMap(([window, amounts]) =>
      Object.keys(amounts ?? {}).map((kind) => `${window} ${kind}`),
    ),
    modelPatterns: account.models.length,
    modelsKnown: account.learned.modelIds?.length ?? null,
    marks: account.marks.length,
    sharesLimitsWith: account.sharesLimitsWith.length,
    inFlight: account.inFlight,
    requestsToday: account.today.requests,
    limitedToday: account.today.limited,
    p95Ms: account.p95Ms,
  }));
}

const bundledClientKey = (key: ClientKeyView, at: number): BundledClientKey => ({
  name: `client key ${at + 1}`,
  guessable: key.guessable,
  revoked: key.revokedAtMs !== null,
  expires: key.expiresAtMs !== null,
  intact: key.intact,
  scopes: key.scopes,
  accounts: key.accounts?.length ?? null,
  modelPatterns: key.models.length,
  limits: key.limitUse.length,
  requestsToday: key.today.requests,
});

/** Kinds are words of ours. */
function counted(events: readonly EventView[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
