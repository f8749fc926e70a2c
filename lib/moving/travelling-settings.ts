/**
 * The settings that an export carries and an import may change: how calls are spread, waited for and limited. The
 * list names what travels, so that a new setting stays at home until somebody thinks about it. Never on it: where
 * this program listens and who may reach it, where its traffic goes (`upstream.proxy`), anything that starts a
 * process or calls an address, and what belongs to one machine (sign-ins, logs, backups).
 */
import type { LeafName } from '../config.ts';

export const TRAVELLING_SETTINGS = [
  'routing.strategy',
  'routing.affinity',
  'routing.affinity_wait_ms',
  'routing.reasoning_failover',
  'routing.reserve',
  'routing.attempts_max',
  'routing.wait_max_ms',
  'routing.queue_ms',
  'routing.queue_max',
  'routing.in_flight_per_account',
  'routing.ramp_step_ms',
  'routing.ramp_ms',
  'breaker.failures',
  'breaker.window_ms',
  'breaker.open_ms',
  'breaker.open_max_ms',
  'breaker.open_alone_max_ms',
  'cooldown.guess_ms',
  'cooldown.guess_max_ms',
  'upstream.connect_ms',
  'upstream.first_byte_ms',
  'upstream.first_byte_flex_ms',
  'upstream.idle_ms',
  'upstream.total_ms',
  'limits.mode',
  'limits.unknown_price',
  'limits.time_zone',
] as const satisfies readonly LeafName[];

export type TravellingSetting = (typeof TRAVELLING_SETTINGS)[number];

export function travels(name: string): name is TravellingSetting {
  return (TRAVELLING_SETTINGS as readonly string[]).includes(name);
}
