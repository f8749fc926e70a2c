/**
 * A backup now: the database copied as it is, sealed as it is, in a thread of its own; looked over for damage, tried
 * with the keys that are in memory, and only then given its name. The newest few are kept.
 */
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutVault } from '../../../lib/audit/deeds.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { asCamError, CamError } from '../../../lib/errors.ts';
import type { BackupMadeView } from '../../../lib/wire/moving-views.ts';
import { backupName, dropOldBackups, listBackupFiles } from '../../backup-files.ts';
import type { Copier } from '../../db/copier.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { Vault } from '../../vault/vault.ts';
import { isAccountIntact } from '../accounts/account-row.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { hex } from '../accounts/duplicates.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { keyringEntryOf } from '../clients/client-key-row.ts';
import type { ClientKeyStore } from '../clients/client-key-store.ts';
import type { BackupPlace } from './place.ts';
import { type TriedRows, tryRows } from './try-rows.ts';

export interface MakeBackupDeps {
  readonly place: BackupPlace;
  readonly vault: Pick<Vault, 'state' | 'rowMacMatches' | 'unseal'>;
  readonly vaultId: () => Promise<Uint8Array>;
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly clientKeys: Pick<ClientKeyStore, 'list'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly audit: Pick<AuditLog, 'record'>;
}

export async function makeBackup(deps: MakeBackupDeps, actor: Actor): Promise<BackupMadeView> {
  const { place, clock } = deps;
  const { folder, copier } = place;
  if (folder === null || copier === null)
    throw new CamError('conflict', 'Everything is in memory here, so there is nothing to back up.');
  if (place.running) throw new CamError('conflict', 'A backup is being made already. Try again in a moment.');
  place.running = true;
  const name = freeName(folder, clock.nowMs());
  const path = join(folder, name);
  const unfinished = `${path}.part`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const tried = await copied(deps, copier, unfinished);
    renameSync(unfinished, path);
    dropOldBackups(folder);
    place.failure = null;
    told(deps, 'backup.made', { name });
    await deps.audit.record({ ...aboutVault(actor), deed: 'backup.made', detail: { file: name } });
    const atMs = clock.nowMs();
    return { name, path, atMs, bytes: statSync(path).size, beforeConversion: false, ...tried };
  } catch (thrown) {
    discard(unfinished);
    const error = failed(thrown, folder);
    place.failure = { atMs: clock.nowMs(), message: error.message };
    told(deps, 'backup.failed', { why: error.message });
    throw error;
  } finally {
    place.running = false;
  }
}

async function copied(
  deps: MakeBackupDeps,
  copier: Copier,
  target: string,
): Promise<Pick<BackupMadeView, 'accounts' | 'clientKeys' | 'damaged' | 'triedWithKey'>> {
  const rows = await copier.copyTo(target);
  if (rows.header === null || hex(rows.header.vaultId) !== hex(await deps.vaultId()))
    throw new CamError('storage_failed', 'The copy does not hold this vault.');
  if (deps.vault.state() !== 'unlocked') {
    const accounts = rows.accounts.filter((row) => row.deleted_at_ms === null).length;
    const clientKeys = rows.clientKeys.filter((row) => row.revoked_at_ms === null).length;
    return { accounts, clientKeys, damaged: [], triedWithKey: false };
  }
  const tried = tryRows(deps.vault, rows);
  if (tried.damaged.length > 0) await refuseNewDamage(deps, tried.damaged);
  return { ...tried, damaged: tried.damaged.map(({ name }) => name), triedWithKey: true };
}

/** Damage that is here as well is copied faithfully; damage that is only in the copy makes it no copy. */
async function refuseNewDamage(deps: MakeBackupDeps, damaged: TriedRows['damaged']): Promise<void> {
  const intact = new Set([
    ...(await deps.accounts.list()).filter((row) => isAccountIntact(deps.vault, row)).map(({ id }) => id),
    ...(await deps.clientKeys.list())
      .filter((row) => keyringEntryOf(deps.vault, row).intact)
      .map(({ id }) => id),
  ]);
  const fresh = damaged.filter(({ id }) => intact.has(id)).map(({ name }) => name);
  if (fresh.length > 0)
    throw new CamError('storage_failed', `The copy differs from the original: ${fresh.join(', ')}.`);
}

/** Two in one second are told apart by a number. */
function freeName(folder: string, nowMs: number): string {
  const taken = new Set(listBackupFiles(folder).map(({ name }) => name));
  const plain = backupName(nowMs);
  for (let number = 1; ; number++) {
    const name = number === 1 ? plain : plain.replace(/\.db$/, `-${number}.db`);
    if (!taken.has(name)) return name;
  }
}

function told({ ledger, clock }: MakeBackupDeps, kind: string, data: Record<string, unknown>): void {
  ledger.event({ atMs: clock.nowMs(), kind, accountId: null, requestId: null, data });
}

function failed(thrown: unknown, folder: string): CamError {
  if (thrown instanceof CamError && thrown.code !== 'internal') return thrown;
  return new CamError(
    'storage_failed',
    `No backup could be written to ${folder}. Earlier ones are untouched.`,
    {
      cause: asCamError(thrown).cause ?? thrown,
      hint: 'Make room on the disk or check the permissions of the folder.',
    },
  );
}

/** What was in the way of the copy may be in the way of this too; the failure that counts is the first. */
function discard(unfinished: string): void {
  try {
    rmSync(unfinished, { force: true });
    rmSync(`${unfinished}-journal`, { force: true });
  } catch {
    return;
  }
}
