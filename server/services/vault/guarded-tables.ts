/**
 * Every table that the vault seals or signs something in, and how one of its rows moves to the newest DEK. A row
 * that does not verify is never signed again: its seals move, so that nothing is lost, and it stays quarantined.
 */
import { listTargetRows, type TargetRow, updateTargetSeals } from '../../db/alerts.ts';
import { captureRowsAfter, updateCaptureSeal } from '../../db/captures.ts';
import type { AccountSeals } from '../../db/guarded-rows.ts';
import {
  accountRowsAfter,
  clientKeyRowsAfter,
  updateAccountSeals,
  updateClientKeyMac,
  updateUseResetMac,
} from '../../db/guarded-rows.ts';
import type { AccountRow, Db } from '../../db/schema.ts';
import { listUseResets } from '../../db/use-resets.ts';
import type { Vault } from '../../vault/vault.ts';
import { accountMacFields } from '../accounts/account-row.ts';
import { targetMacFields } from '../alerts/target-store.ts';
import { placeOf } from '../captures/capture-store.ts';
import { clientKeyMacFields } from '../clients/client-key-row.ts';
import { resetMacFields, resetRowId } from '../limits/use-reset-store.ts';

export type MovingVault = Pick<Vault, 'reseal' | 'rowMac' | 'rowMacState'>;

export interface GuardedTable {
  readonly table: string;
  /** Moves the rows after this one, at most so many. Answers the last it looked at; null when there are no more. */
  move(db: Db, vault: MovingVault, after: string, limit: number): Promise<string | null>;
}

const SEALED_COLUMNS = ['sealed_key', 'sealed_admin_key'] as const;

export const GUARDED_TABLES: readonly GuardedTable[] = [
  {
    table: 'accounts',
    async move(db, vault, after, limit) {
      const rows = await accountRowsAfter(db, after, limit);
      for (const row of rows) {
        const seals = movedSeals(vault, row);
        if (Object.keys(seals).length > 0) await updateAccountSeals(db, row.id, seals);
      }
      return rows.at(-1)?.id ?? null;
    },
  },
  {
    table: 'client_keys',
    async move(db, vault, after, limit) {
      const rows = await clientKeyRowsAfter(db, after, limit);
      for (const row of rows) {
        const fields = clientKeyMacFields(row);
        if (vault.rowMacState('client_keys', row.id, fields, row.mac) !== 'older') continue;
        await updateClientKeyMac(db, row.id, vault.rowMac('client_keys', row.id, fields));
      }
      return rows.at(-1)?.id ?? null;
    },
  },
  {
    table: 'use_resets',
    /** All at once: there are at most five for each account and client key, and old ones are forgotten. */
    async move(db, vault, after) {
      if (after !== '') return null;
      for (const row of await listUseResets(db)) {
        const [id, fields] = [resetRowId(row), resetMacFields(row)];
        if (vault.rowMacState('use_resets', id, fields, row.mac) !== 'older') continue;
        await updateUseResetMac(db, { ...row, mac: vault.rowMac('use_resets', id, fields) });
      }
      return null;
    },
  },
  {
    table: 'captures',
    async move(db, vault, after, limit) {
      const rows = await captureRowsAfter(db, after, limit);
      for (const row of rows) {
        const moved = vault.reseal(placeOf(row.request_id), row.sealed_bodies);
        if (moved !== null) await updateCaptureSeal(db, row.request_id, moved);
      }
      return rows.at(-1)?.request_id ?? null;
    },
  },
  {
    table: 'notification_targets',
    /** All at once: there are few. */
    async move(db, vault, after) {
      if (after !== '') return null;
      for (const row of await listTargetRows(db)) {
        const moved = movedTarget(vault, row);
        if (Object.keys(moved).length > 0) await updateTargetSeals(db, row.id, moved);
      }
      return null;
    },
  },
];

function movedTarget(vault: MovingVault, row: TargetRow): Parameters<typeof updateTargetSeals>[2] {
  const place = { table: 'notification_targets', rowId: row.id } as const;
  const url = vault.reseal({ ...place, column: 'sealed_url' }, row.sealed_url);
  const secret =
    row.sealed_secret === null
      ? null
      : vault.reseal({ ...place, column: 'sealed_secret' }, row.sealed_secret);
  const fields = targetMacFields(row);
  const older = vault.rowMacState('notification_targets', row.id, fields, row.mac) === 'older';
  return {
    ...(url === null ? {} : { sealed_url: url }),
    ...(secret === null ? {} : { sealed_secret: secret }),
    ...(older ? { mac: vault.rowMac('notification_targets', row.id, fields) } : {}),
  };
}

function movedSeals(vault: MovingVault, row: AccountRow): AccountSeals {
  const seals: AccountSeals = {};
  for (const column of SEALED_COLUMNS) {
    const sealed = row[column];
    const moved = sealed && vault.reseal({ table: 'accounts', rowId: row.id, column }, sealed);
    if (moved) seals[column] = moved;
  }
  const fields = accountMacFields(row);
  const older = vault.rowMacState('accounts', row.id, fields, row.mac) === 'older';
  return older ? { ...seals, mac: vault.rowMac('accounts', row.id, fields) } : seals;
}
