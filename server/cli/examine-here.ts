/** What can be looked at without the vault: the machine and the files, by this command itself. */
import { homedir } from 'node:os';
import { type DoctorReport, inOrder, needsVault } from '../../lib/doctor/finding.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config.ts';
import { findFolders } from '../data-folder.ts';
import { examine } from '../doctor/examine.ts';
import { checkEnvironment } from '../doctor/machine.ts';
import { findRunningServer } from '../run-file.ts';
import type { CommandWorld } from './command.ts';
import { settingFlags } from './flags.ts';

export async function examineHere(
  { flags, version }: CommandWorld,
  env: NodeJS.ProcessEnv,
  why: string,
): Promise<DoctorReport> {
  const { platform } = process;
  const home = homedir();
  const folders = findFolders({ env, platform, home, workingFolder: process.cwd(), flag: flags().home });
  const { config } = loadConfig({ env, flags: settingFlags(flags()), folders });
  const serverPid = (await findRunningServer(folders.data))?.pid ?? null;
  const uid = process.getuid?.() ?? null;
  const found = await examine({ folders, config, clock: systemClock, env, platform, uid, home, serverPid });
  return {
    version,
    atMs: systemClock.nowMs(),
    findings: inOrder(found.findings),
    unchecked: [...found.unchecked, ...needsVault(why)],
  };
}

/** A server cannot see this terminal's environment, and this process lost part of it when it looked for the key. */
export function withOwnEnvironment(report: DoctorReport, env: NodeJS.ProcessEnv): DoctorReport {
  const own = checkEnvironment({ env, serverPid: null }).filter(({ severity }) => severity !== 'ok');
  if (own.length === 0) return report;
  const others = report.findings.filter(
    ({ check, severity }) => check !== 'environment' || severity !== 'ok',
  );
  const known = others.some(({ what }) => own.some((one) => one.what === what));
  return { ...report, findings: inOrder(known ? others : [...own, ...others]) };
}
