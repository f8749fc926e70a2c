/** Alerts, where they are sent, and what became of each sending. Rows go in and out as they are stored. */
import { type Selectable, sql } from 'kysely';
import type { Condition, StoredAlert } from '../../lib/alerts/condition.ts';
import type { AlertDeliveriesTable, AlertsTable, Db, NotificationTargetsTable } from './schema.ts';

export type AlertRow = Selectable<AlertsTable>;
export type TargetRow = Selectable<NotificationTargetsTable>;
export type DeliveryRow = Selectable<AlertDeliveriesTable>;
export type Moment = DeliveryRow['moment'];

/** Of each key the newest alert, of those that began since then or have not ended. */
export async function latestAlerts(db: Db, sinceMs: number): Promise<readonly StoredAlert[]> {
  const { rows } = await sql<{ id: number; key: string; ended_at_ms: number | null }>`
    SELECT id, key, ended_at_ms FROM alerts AS alert
    WHERE (ended_at_ms IS NULL OR raised_at_ms >= ${sinceMs})
      AND id = (SELECT max(id) FROM alerts WHERE key = alert.key)`.execute(db);
  return rows.map(({ id, key, ended_at_ms: endedAtMs }) => ({ id, key, endedAtMs }));
}

export async function insertAlert(db: Db, condition: Condition, nowMs: number): Promise<number> {
  const { key, kind, severity, text, accountId, clientKeyId } = condition;
  const row = { key, kind, severity, text, account_id: accountId, client_key_id: clientKeyId };
  const { id } = await db
    .insertInto('alerts')
    .values({ ...row, raised_at_ms: nowMs, ended_at_ms: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function endAlert(db: Db, id: number, nowMs: number): Promise<void> {
  await db.updateTable('alerts').set({ ended_at_ms: nowMs }).where('id', '=', id).execute();
}

/** Those that hold first, then the newest. */
export function listAlertRows(db: Db, { limit }: { readonly limit: number }): Promise<AlertRow[]> {
  return db
    .selectFrom('alerts')
    .selectAll()
    .orderBy(sql`ended_at_ms IS NOT NULL`)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export function getAlertRow(db: Db, id: number): Promise<AlertRow | undefined> {
  return db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function pruneAlerts(db: Db, beforeMs: number): Promise<void> {
  await db.deleteFrom('alerts').where('ended_at_ms', '<', beforeMs).execute();
}

export function listTargetRows(db: Db): Promise<TargetRow[]> {
  return db.selectFrom('notification_targets').selectAll().orderBy('created_at_ms').orderBy('id').execute();
}

export async function insertTargetRow(db: Db, row: TargetRow): Promise<void> {
  await db.insertInto('notification_targets').values(row).execute();
}

/** Also what was still to be sent there. */
export async function deleteTargetRow(db: Db, id: string): Promise<void> {
  await db.deleteFrom('notification_targets').where('id', '=', id).execute();
  await db
    .deleteFrom('alert_deliveries')
    .where('target', '=', id)
    .where('next_at_ms', 'is not', null)
    .execute();
}

export async function updateTargetSeals(
  db: Db,
  id: string,
  seals: Partial<Pick<TargetRow, 'sealed_url' | 'sealed_secret' | 'mac'>>,
): Promise<void> {
  await db.updateTable('notification_targets').set(seals).where('id', '=', id).execute();
}

export async function insertDelivery(
  db: Db,
  alertId: number,
  target: string,
  moment: Moment,
  nowMs: number,
): Promise<void> {
  await db
    .insertInto('alert_deliveries')
    .values({
      alert_id: alertId,
      target,
      moment,
      tries: 0,
      next_at_ms: nowMs,
      delivered_at_ms: null,
      last_error: null,
    })
    .execute();
}

export function dueDeliveries(db: Db, nowMs: number, limit: number): Promise<DeliveryRow[]> {
  return db
    .selectFrom('alert_deliveries')
    .selectAll()
    .where('next_at_ms', '<=', nowMs)
    .orderBy('next_at_ms')
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function updateDelivery(
  db: Db,
  id: number,
  change: Pick<DeliveryRow, 'tries' | 'next_at_ms' | 'delivered_at_ms' | 'last_error'>,
): Promise<void> {
  await db.updateTable('alert_deliveries').set(change).where('id', '=', id).execute();
}

export function deliveriesOf(db: Db, alertIds: readonly number[]): Promise<DeliveryRow[]> {
  if (alertIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('alert_deliveries')
    .selectAll()
    .where('alert_id', 'in', alertIds)
    .orderBy('id')
    .execute();
}
