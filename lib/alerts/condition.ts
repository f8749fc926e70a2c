/** Conditions that somebody should know of, each with a key by which it is known again. */

export const ALERT_KINDS = [
  'limit_used',
  'limit_forecast',
  'account_out',
  'account_cooling',
  'error_rate',
  'unusual_spend',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface Condition {
  /** Of a limit with the beginning of its period in it, so that it is told once in each. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: 'warn' | 'bad';
  /** A sentence: what is so, about whom, and what follows. */
  readonly text: string;
  readonly accountId: string | null;
  readonly clientKeyId: string | null;
  /** Told once in its period, also when it ceases and comes again. */
  readonly oncePerPeriod: boolean;
  /** It holds, but beside a graver one about the same it is not worth raising. */
  readonly quiet?: boolean;
}

/** An alert as stored. */
export interface StoredAlert {
  readonly id: number;
  readonly key: string;
  readonly endedAtMs: number | null;
}

export interface Comparison {
  readonly raise: readonly Condition[];
  /** Ids of alerts whose condition holds no more. */
  readonly end: readonly number[];
}

/** One that flaps is not told each time. */
const QUIET_AFTER_END_MS = 15 * 60_000;

/** @param latest of each key the newest alert */
export function compareAlerts(
  conditions: readonly Condition[],
  latest: readonly StoredAlert[],
  nowMs: number,
): Comparison {
  const known = new Map(latest.map((alert) => [alert.key, alert]));
  const holding = new Set(conditions.map(({ key }) => key));
  return {
    raise: conditions.filter(({ key, oncePerPeriod, quiet }) => {
      if (quiet) return false;
      const last = known.get(key);
      if (last === undefined) return true;
      if (last.endedAtMs === null || oncePerPeriod) return false;
      return nowMs - last.endedAtMs >= QUIET_AFTER_END_MS;
    }),
    end: latest.filter(({ key, endedAtMs }) => endedAtMs === null && !holding.has(key)).map(({ id }) => id),
  };
}
