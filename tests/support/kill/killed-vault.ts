/**
 * Kills a process that changes the keys of its vault, and looks at what it left: exactly one of the two master keys
 * opens it, and every secret is what it was. The database is copied before it is looked at, so that the next process
 * goes on from precisely what the kill left.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { systemClock } from '../../../server/clock.ts';
import { openDatabase } from '../../../server/db/open-database.ts';
import { createRig } from '../../server/services/rig.ts';
import { createFastKdf } from '../../server/vault/fast-kdf.ts';

export const MASTER_KEYS = [
  new Secret('the first of two keys'),
  new Secret('the other of two keys'),
] as const;
const CHILD = fileURLToPath(new URL('./changing-child.ts', import.meta.url));
const CLIENT_KEY = 'a client key that has to survive';
/** More than one batch of a rotation. */
const ACCOUNTS = 60;
const LONGEST_LIFE_MS = 250;

export const keyOfAccount = (name: string): string => `sk-proj-${name}-0123456789abcdef`;

export interface KillReport {
  readonly kills: number;
  /** Kills that met a rotation half-way. */
  readonly midRotation: number;
  /** Secrets looked at, over all kills. */
  readonly secrets: number;
  readonly rekeys: number;
  /** What was not as promised; empty is the promise. */
  readonly faults: readonly string[];
}

export async function killWhileChanging(
  kills: number,
  tell: (report: KillReport) => void = () => {},
): Promise<KillReport> {
  const home = mkdtempSync(join(tmpdir(), 'cam-kill-vault-'));
  const file = join(home, 'cam.db');
  let report: KillReport = { kills: 0, midRotation: 0, secrets: 0, rekeys: 0, faults: [] };
  let lastOpener = 0;
  try {
    await prepare(file);
    while (report.kills < kills) {
      await changeAndKill(file);
      const found = await inspect(file, join(home, 'copy'));
      report = {
        kills: report.kills + 1,
        midRotation: report.midRotation + (found.midRotation ? 1 : 0),
        secrets: report.secrets + found.secrets,
        rekeys: report.rekeys + (found.opener === lastOpener ? 0 : 1),
        faults: [...report.faults, ...found.faults.map((fault) => `kill ${report.kills + 1}: ${fault}`)],
      };
      lastOpener = found.opener;
      tell(report);
    }
    return report;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function openOn(file: string) {
  const database = await openDatabase({ file, version: '0.0.0', clock: systemClock });
  return createRig({ database, kdf: createFastKdf() });
}

async function prepare(file: string): Promise<void> {
  const rig = await openOn(file);
  const { services } = rig;
  await services.local.initialise(MASTER_KEYS[0]);
  for (let n = 0; n < ACCOUNTS; n++) {
    const name = `account-${n}`;
    await services.accounts.add({ name, key: new Secret(keyOfAccount(name)), check: false });
  }
  await services.clients.add({ name: 'client', value: new Secret(CLIENT_KEY.replaceAll(' ', '-')) });
  await services.clients.resetUse({ ref: 'client', masterKey: MASTER_KEYS[0] });
  await rig.close();
}

async function changeAndKill(file: string): Promise<void> {
  const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'close');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await Promise.race([once(child.stdout, 'data'), gone]);
  await wait(Math.random() * LONGEST_LIFE_MS);
  child.kill('SIGKILL');
  await gone;
  if (child.exitCode !== null) throw new Error(`the process ended by itself: ${said}`);
}

interface Found {
  readonly midRotation: boolean;
  readonly secrets: number;
  readonly opener: number;
  readonly faults: readonly string[];
}

async function inspect(file: string, folder: string): Promise<Found> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const end of ['', '-wal']) {
    if (existsSync(file + end)) copyFileSync(file + end, join(folder, `cam.db${end}`));
  }
  const rig = await openOn(join(folder, 'cam.db'));
  const { services, vault } = rig;
  const faults: string[] = [];
  const midRotation = vault.rotating();
  const opens = [await vault.verify(MASTER_KEYS[0]), await vault.verify(MASTER_KEYS[1])];
  if (opens[0] === opens[1]) faults.push(`${opens[0] ? 'both' : 'none'} of the two master keys opens it`);
  const opener = opens[0] ? 0 : 1;
  await services.local.unlock(MASTER_KEYS[opener]);
  if (vault.rotating()) faults.push('the rotation was not finished by the next unlock');
  const rows = await rig.database.db.selectFrom('accounts').selectAll().execute();
  const { dek_number } = await rig.database.db
    .selectFrom('vault_header')
    .selectAll()
    .executeTakeFirstOrThrow();
  for (const row of rows) faults.push(...faultsOf(rig, row, dek_number));
  const verdict = rig.keyring.check(new Secret(CLIENT_KEY.replaceAll(' ', '-')), rig.clock.nowMs());
  if (verdict.kind !== 'caller') faults.push(`the client key is ${verdict.kind}`);
  if (rows.length < ACCOUNTS) faults.push(`${ACCOUNTS - rows.length} accounts are gone`);
  await rig.close();
  return { midRotation, secrets: rows.length, opener, faults };
}

type Rig = Awaited<ReturnType<typeof openOn>>;

function faultsOf(
  { vault, pool }: Rig,
  row: { readonly id: string; readonly name: string; readonly sealed_key: Uint8Array | null },
  dekNumber: number,
): string[] {
  const place = { table: 'accounts', rowId: row.id, column: 'sealed_key' } as const;
  const sealed = row.sealed_key ?? new Uint8Array();
  if (!vault.opens(place, sealed)) return [`${row.name} does not open`];
  const faults: string[] = [];
  if (reveal(vault.unseal(place, sealed)) !== keyOfAccount(row.name))
    faults.push(`${row.name} has another key`);
  if (Buffer.from(sealed).readUInt32BE(2) !== dekNumber)
    faults.push(`${row.name} is sealed under an old data key`);
  const intact = pool.snapshot().some((each) => each.account.id === row.id && each.intact);
  if (!intact) faults.push(`${row.name} is quarantined`);
  return faults;
}
