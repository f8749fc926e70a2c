/** Sends what is due: to targets, the command and the desktop; again after a failure, later each time, and then no more. */
import { type Clock, HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { AlertPrograms } from '../../alert-programs.ts';
import type { Settings } from '../../config.ts';
import {
  type AlertRow,
  type DeliveryRow,
  dueDeliveries,
  getAlertRow,
  listTargetRows,
  updateDelivery,
} from '../../db/alerts.ts';
import type { Db } from '../../db/schema.ts';
import { jsonBody, type Message, type SendDeps, sendTo } from './send.ts';

export interface DeliverDeps extends SendDeps {
  readonly db: Db;
  readonly programs: AlertPrograms;
  readonly settings: Pick<Settings, 'config'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export const COMMAND = 'command';
export const DESKTOP = 'desktop';
const AT_ONCE = 20;
/** After the first failure, the second, … ; then it is given up. About a day in all. */
const RETRY_AFTER_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS];

/** Where alerts go just now. */
export async function destinationsOf({
  db,
  settings,
}: Pick<DeliverDeps, 'db' | 'settings'>): Promise<string[]> {
  const { command, desktop } = settings.config.alerts;
  const targets = (await listTargetRows(db)).map(({ id }) => id);
  return [...targets, ...(command.length > 0 ? [COMMAND] : []), ...(desktop ? [DESKTOP] : [])];
}

export async function deliverDue(deps: DeliverDeps): Promise<void> {
  for (const delivery of await dueDeliveries(deps.db, deps.clock.nowMs(), AT_ONCE)) {
    const alert = await getAlertRow(deps.db, delivery.alert_id);
    if (alert === undefined) continue;
    const error = await sendOne(deps, delivery, messageOf(alert, delivery));
    await updateDelivery(deps.db, delivery.id, after(delivery, error, Math.round(deps.clock.nowMs())));
  }
}

function messageOf(alert: AlertRow, { moment }: DeliveryRow): Message {
  const { id, kind, severity, text, raised_at_ms: raisedAtMs, ended_at_ms: endedAtMs } = alert;
  return {
    id,
    kind,
    severity,
    text,
    moment,
    atMs: moment === 'raised' ? raisedAtMs : (endedAtMs ?? raisedAtMs),
  };
}

async function sendOne(deps: DeliverDeps, { target }: DeliveryRow, message: Message): Promise<string | null> {
  const { settings, programs, db } = deps;
  if (target === COMMAND) return programs.run(settings.config.alerts.command, jsonBody(message));
  if (target === DESKTOP) {
    const title =
      message.moment === 'ended' ? 'Over' : message.severity === 'bad' ? 'Needs you' : 'Good to know';
    return programs.notify(`Codex Account Manager: ${title}`, message.text);
  }
  const row = (await listTargetRows(db)).find(({ id }) => id === target);
  return row === undefined ? 'It was removed.' : sendTo(deps, row, message);
}

function after(
  { tries }: DeliveryRow,
  error: string | null,
  nowMs: number,
): Pick<DeliveryRow, 'tries' | 'next_at_ms' | 'delivered_at_ms' | 'last_error'> {
  if (error === null) return { tries: tries + 1, next_at_ms: null, delivered_at_ms: nowMs, last_error: null };
  const waitMs = RETRY_AFTER_MS[tries];
  return {
    tries: tries + 1,
    next_at_ms: waitMs === undefined ? null : nowMs + waitMs,
    delivered_at_ms: null,
    last_error: error,
  };
}
