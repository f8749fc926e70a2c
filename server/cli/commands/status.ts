/**
 * `cam status [--line]`: is it serving, where, and with how much. Asks for no master key. `--json`: StatusReport.
 */
import { DASH, formatCount, formatMoney, formatSpan } from '../../../lib/format.ts';
import { saySessionSource } from '../../../lib/routing/plan-words.ts';
import type { StatusView, VaultState } from '../../../lib/wire/views.ts';
import { backupsIn, listBackupFiles } from '../../backup-files.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { type Fact, orDash, printFacts } from '../table.ts';

/** What `cam status --json` prints. `details` is null without a sign-in to the running server. */
export interface StatusReport {
  readonly running: boolean;
  readonly vault: VaultState | null;
  readonly endpoint: string | null;
  readonly adminUrl: string | null;
  readonly dataFolder: string;
  readonly version: string;
  /** Null when there is none. */
  readonly lastBackupAtMs: number | null;
  readonly details: StatusView | null;
}

export const addStatus: CommandModule = (command, world) => {
  command
    .option('--line', 'one line, for a prompt or a status bar')
    .action(async (flags: { readonly line?: boolean }) => {
      const report = await readStatus(world);
      if (world.flags().json) world.terminal.json(report);
      else if (flags.line) world.terminal.out(await lineOf(world, report));
      else showStatus(world, report);
    });
};

/** e.g. `● 2 live $18.57 ▲1`: what is not known is left out. */
async function lineOf({ terminal, connectIfRunning }: CommandWorld, report: StatusReport): Promise<string> {
  if (!report.running) return terminal.paint('dim', '○ not running');
  if (report.vault !== 'unlocked') return terminal.paint('warn', `◐ ${vaultText(report.vault)}`);
  const { connection } = await connectIfRunning();
  if (report.details === null || connection === null) return terminal.paint('ok', '● running');
  const [{ today }, alerts] = await Promise.all([
    connection.open.usage.summary.query({ range: '1h' }),
    connection.open.alerts.list.query({ limit: 200 }),
  ]);
  const open = alerts.filter(({ endedAtMs }) => endedAtMs === null);
  const bad = report.details.network !== 'ok';
  return [
    bad ? terminal.paint('bad', '✕ no network') : terminal.paint('ok', '●'),
    `${formatCount(report.details.inFlight)} live`,
    formatMoney(today.cost),
    ...(open.length === 0 ? [] : [terminal.paint('warn', `▲${formatCount(open.length)}`)]),
  ].join(' ');
}

export async function readStatus({ connectIfRunning, version }: CommandWorld): Promise<StatusReport> {
  const { connection, dataFolder } = await connectIfRunning();
  const lastBackupAtMs = listBackupFiles(backupsIn(dataFolder))[0]?.atMs ?? null;
  if (connection === null) {
    return {
      running: false,
      vault: null,
      endpoint: null,
      adminUrl: null,
      dataFolder,
      version,
      lastBackupAtMs,
      details: null,
    };
  }
  const status = await connection.open.session.status.query();
  return {
    running: true,
    vault: status.vault,
    endpoint: `${connection.origin}/v1`,
    adminUrl: `${connection.origin}/admin`,
    dataFolder,
    version: status.version,
    lastBackupAtMs,
    details: status.signedIn ? await connection.open.status.get.query() : null,
  };
}

export function showStatus({ terminal }: CommandWorld, report: StatusReport): void {
  if (!report.running) {
    printFacts(terminal, [
      ['server', { text: 'not running', style: 'dim' }],
      ['data', report.dataFolder],
      ...backupFact(report),
    ]);
    terminal.hint('cam proxy starts it');
    return;
  }
  const { details } = report;
  const unlocked = report.vault === 'unlocked';
  printFacts(terminal, [...whereFacts(report, unlocked), ...(details ? detailFacts(details) : [])]);
  if (report.vault === 'locked') terminal.hint('cam unlock, or the admin page, unlocks it');
  if (report.vault === 'uninitialised') terminal.hint('open the set-up link that the server printed');
  if (unlocked && !details) terminal.hint('cam unlock signs in and shows more');
}

function whereFacts(report: StatusReport, unlocked: boolean): Fact[] {
  return [
    ['server', { text: unlocked ? 'running' : 'running, not serving', style: unlocked ? 'ok' : 'warn' }],
    ['vault', vaultText(report.vault)],
    ['endpoint', report.endpoint ?? DASH],
    ['admin', report.adminUrl ?? DASH],
    ['data', report.dataFolder],
    ...backupFact(report),
  ];
}

/** Nothing where nothing is set up: there is nothing to be lost yet. */
function backupFact({ lastBackupAtMs, running, vault }: StatusReport): Fact[] {
  if (lastBackupAtMs === null && (!running || vault === 'uninitialised')) return [];
  return [['backup', orDash(lastBackupAtMs, (at) => `${formatSpan(Date.now() - at)} ago`)]];
}

function detailFacts(details: StatusView): Fact[] {
  return [
    ['accounts', formatCount(details.accounts)],
    ['client keys', formatCount(details.clientKeys)],
    ['live calls', liveText(details)],
    ['network', details.network === 'ok' ? 'ok' : { text: 'unreachable', style: 'bad' }],
    ['strategy', details.strategy.replace('_', ' ')],
    ...details.sessionSources.map(
      ({ source, calls }, at) =>
        [at === 0 ? 'session keys' : '', `${formatCount(calls)} by ${saySessionSource(source)}`] as const,
    ),
  ];
}

function liveText({ inFlight, queued, callsPerSecond }: StatusView): string {
  const waiting = queued === 0 ? '' : `, ${formatCount(queued)} waiting for an account`;
  return `${formatCount(inFlight)}, ${callsPerSecond.toFixed(1)} a second${waiting}`;
}

function vaultText(state: VaultState | null): string {
  return state === 'uninitialised' ? 'not set up yet' : (state ?? 'unknown');
}
