/**
 * The part of an examination that needs neither the master key nor a server: files, machine, versions, ages, and
 * the database as a file. It opens nothing for writing, so it may run beside a server.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DoctorReport, Finding } from '../../lib/doctor/finding.ts';
import { shippedOverrides } from '../../lib/metering/price-overrides.ts';
import { backupsFolder } from '../db/backup.ts';
import { type DatabaseFacts, examineDatabaseFile } from '../db/examine.ts';
import { checkBackups, checkPrices } from './age.ts';
import { checkClock, checkDatabase } from './database.ts';
import { checkDisk, checkEnvironment, checkNetwork } from './machine.ts';
import { checkPermissions } from './permissions.ts';
import { checkPort } from './port.ts';
import type { Surroundings } from './surroundings.ts';
import { checkVersions, installedVersions } from './versions.ts';

export type Examination = Pick<DoctorReport, 'findings' | 'unchecked'>;

/** The package's folder: two levels up from the sources, one from the bundle. */
const PACKAGE_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../' : '../', import.meta.url),
);

/** @param read the facts of the database, where somebody has it open already */
export async function examine(
  around: Surroundings,
  read?: () => Promise<DatabaseFacts>,
): Promise<Examination> {
  const nowMs = around.clock.nowMs();
  const file = join(around.folders.data, 'cam.db');
  const permissions = checkPermissions(around);
  // Opening makes files beside it, as open to others as it is itself: that is mended first.
  const open = permissions.some(({ severity, what }) => severity === 'bad' && what.includes(file));
  const { facts, ...looked } = open ? EXPOSED : await look(file, read);
  const pricesAtMs = Date.parse(shippedOverrides.version);
  const versions = {
    node: process.versions.node,
    sqlite: facts?.sqliteVersion ?? null,
    packages: installedVersions(PACKAGE_FOLDER),
  };
  return {
    findings: [
      ...permissions,
      ...checkEnvironment(around),
      ...checkDisk(around),
      ...checkClock(nowMs, facts ?? NO_ROWS, pricesAtMs),
      ...(facts ? checkDatabase(facts) : []),
      ...looked.findings,
      ...checkNetwork(around),
      ...checkPort(around),
      ...checkVersions(versions, nowMs),
      ...checkPrices(pricesAtMs, nowMs),
      ...checkBackups(backupsFolder(file), nowMs),
    ],
    unchecked: looked.unchecked,
  };
}

const NO_ROWS = { newestAtMs: null, newestIn: null };

interface Looked extends Examination {
  readonly facts: DatabaseFacts | null;
}

const EXPOSED: Looked = {
  facts: null,
  findings: [],
  unchecked: [{ check: 'database', why: 'Others can reach it, which is mended first.' }],
};

async function look(file: string, read?: () => Promise<DatabaseFacts>): Promise<Looked> {
  if (read === undefined && !existsSync(file)) {
    return { facts: null, findings: [], unchecked: [{ check: 'database', why: 'There is none yet.' }] };
  }
  try {
    const facts = await (read ?? (() => examineDatabaseFile(file)))();
    return { facts, findings: [], unchecked: [] };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'for a reason unknown';
    return { facts: null, findings: [unreadable(file, why)], unchecked: [] };
  }
}

const unreadable = (file: string, why: string): Finding => ({
  check: 'database',
  severity: 'bad',
  what: `The database ${file} cannot be read: ${why}.`,
  why: 'Without it there are no accounts.',
  mend: 'cam restore --help',
});
