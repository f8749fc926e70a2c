/** Alerts, those that hold first, with what became of sending them. */
import type { AlertListInput, AlertView, DeliveryView } from '../../../lib/wire/alert-views.ts';
import { type DeliveryRow, deliveriesOf, listTargetRows } from '../../db/alerts.ts';
import type { Reader } from '../../db/reader.ts';
import type { Db } from '../../db/schema.ts';

export interface ListAlertsDeps {
  readonly db: Db;
  readonly reader: Pick<Reader, 'run'>;
}

export async function listAlerts(
  { db, reader }: ListAlertsDeps,
  { limit }: AlertListInput,
): Promise<AlertView[]> {
  const rows = await reader.run('alerts.list', { limit });
  const names = new Map((await listTargetRows(db)).map(({ id, name }) => [id, name]));
  const deliveries = Map.groupBy(
    await deliveriesOf(
      db,
      rows.map(({ id }) => id),
    ),
    ({ alert_id: alertId }) => alertId,
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    severity: row.severity,
    text: row.text,
    accountId: row.account_id,
    clientKeyId: row.client_key_id,
    raisedAtMs: row.raised_at_ms,
    endedAtMs: row.ended_at_ms,
    deliveries: (deliveries.get(row.id) ?? []).map((one) => deliveryView(one, names)),
  }));
}

function deliveryView(row: DeliveryRow, names: ReadonlyMap<string, string>): DeliveryView {
  return {
    target: names.get(row.target) ?? row.target,
    moment: row.moment,
    tries: row.tries,
    nextAtMs: row.next_at_ms,
    deliveredAtMs: row.delivered_at_ms,
    lastError: row.last_error,
  };
}
