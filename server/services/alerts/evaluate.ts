/** Looks whether somebody should know of something, writes down what is new and what has passed, and has it sent. */
import { compareAlerts } from '../../../lib/alerts/condition.ts';
import { conditionsOf } from '../../../lib/alerts/rules.ts';
import { DAY_MS } from '../../../lib/base/time.ts';
import {
  endAlert,
  insertAlert,
  insertDelivery,
  latestAlerts,
  type Moment,
  pruneAlerts,
} from '../../db/alerts.ts';
import type { Db } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Changes } from '../live/changes.ts';
import type { ForecastDeps } from '../usage/forecast.ts';
import { alertFacts } from './facts.ts';

export interface EvaluateDeps extends ForecastDeps {
  readonly db: Db;
  readonly vault: Pick<Vault, 'state'>;
  readonly changes: Pick<Changes, 'made'>;
  /** Where alerts go: ids of targets, `command`, `desktop`. */
  readonly destinations: () => Promise<readonly string[]>;
}

/** Longer than any period in which an alert is told once. */
const LOOKED_BACK_MS = 40 * DAY_MS;
const KEPT_MS = 400 * DAY_MS;

export function createEvaluation(deps: EvaluateDeps): () => Promise<void> {
  const coolingSince = new Map<string, number>();
  return async () => {
    if (deps.vault.state() !== 'unlocked') return;
    const facts = await alertFacts(deps, coolingSince);
    const nowMs = Math.round(facts.nowMs);
    const conditions = conditionsOf(facts, deps.settings.config);
    const { raise, end } = compareAlerts(
      conditions,
      await latestAlerts(deps.db, nowMs - LOOKED_BACK_MS),
      nowMs,
    );
    if (raise.length === 0 && end.length === 0) return;
    const destinations = await deps.destinations();
    await deps.db.transaction().execute(async (transaction) => {
      const send = async (id: number, moment: Moment): Promise<void> => {
        for (const target of destinations) await insertDelivery(transaction, id, target, moment, nowMs);
      };
      for (const condition of raise) await send(await insertAlert(transaction, condition, nowMs), 'raised');
      for (const id of end) {
        await endAlert(transaction, id, nowMs);
        await send(id, 'ended');
      }
      await pruneAlerts(transaction, nowMs - KEPT_MS);
    });
    deps.changes.made();
  };
}
