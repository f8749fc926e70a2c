/**
 * What each setting is called where people read, in which unit they think of it, and what its choices are called.
 * What it does is said once, in `lib/config`; this file is what the browser may carry of it.
 */
import type { LeafName } from '../config.ts';

export type SettingUnit = 's' | 'min' | 'h' | 'days' | '%' | 'KiB' | 'MiB' | '×';

export interface SettingWords {
  readonly title: string;
  /** Shown behind the number; the stored value is `factorOf(unit)` times what is shown. */
  readonly unit?: SettingUnit;
  /** Words for the values of a choice; without them the value itself is shown. */
  readonly choices?: Readonly<Record<string, string>>;
}

export const SETTING_WORDS: Readonly<Record<LeafName, SettingWords>> = {
  'server.host': { title: 'Listening address' },
  'server.port': { title: 'Port' },
  'server.allowed_hosts': { title: 'More host names' },
  'server.expose': { title: 'Reachable from other computers' },
  'server.connections_max': { title: 'Client connections' },
  'server.in_flight_max': { title: 'Calls under way, all clients' },
  'server.body_bytes_max': { title: 'Largest request', unit: 'MiB' },
  'log.level': { title: 'Log level' },
  'routing.strategy': {
    title: 'Strategy',
    choices: {
      least_utilized: 'Least used',
      round_robin: 'Round robin',
      priority: 'Priority',
      sticky: 'Sticky',
    },
  },
  'routing.affinity': {
    title: 'Keep a session on its account',
    choices: { prefer: 'Prefer', wait: 'Wait for it', off: 'Off' },
  },
  'routing.affinity_wait_ms': { title: 'Wait for the own account', unit: 's' },
  'routing.reasoning_failover': {
    title: 'Encrypted reasoning of another organisation',
    choices: { strip: 'Take out', refuse: 'Do not move' },
  },
  'routing.reserve': { title: 'Keep back for sessions already there', unit: '%' },
  'routing.attempts_max': { title: 'Tries for one call' },
  'routing.wait_max_ms': { title: 'Waiting between tries', unit: 's' },
  'routing.queue_ms': { title: 'Wait when every account is busy', unit: 's' },
  'routing.queue_max': { title: 'Calls that may wait' },
  'routing.in_flight_per_account': { title: 'Calls under way on one account' },
  'routing.ramp_step_ms': { title: 'One more call on a new account every', unit: 's' },
  'routing.ramp_ms': { title: 'Slow start lasts', unit: 's' },
  'breaker.failures': { title: 'Failures that open the breaker' },
  'breaker.window_ms': { title: 'Counted over', unit: 's' },
  'breaker.open_ms': { title: 'First rest', unit: 's' },
  'breaker.open_max_ms': { title: 'Longest rest', unit: 's' },
  'breaker.open_alone_max_ms': { title: 'Longest rest of the last account', unit: 's' },
  'cooldown.guess_ms': { title: 'First guess after a 429', unit: 's' },
  'cooldown.guess_max_ms': { title: 'Largest guess', unit: 's' },
  'upstream.connect_ms': { title: 'Connecting', unit: 's' },
  'upstream.first_byte_ms': { title: 'First byte of an answer', unit: 's' },
  'upstream.first_byte_flex_ms': { title: 'First byte on the flex tier', unit: 's' },
  'upstream.idle_ms': { title: 'Silence inside an answer', unit: 's' },
  'upstream.total_ms': { title: 'A whole answer', unit: 's' },
  'upstream.proxy': { title: 'Outbound proxy' },
  'limits.mode': {
    title: 'What a call reserves',
    choices: { expected: 'Usual use', strict: 'Most possible' },
  },
  'limits.unknown_price': {
    title: 'Models without a price',
    choices: { assume: 'Assume the dearest', refuse: 'Refuse', allow: 'Let pass' },
  },
  'limits.time_zone': { title: 'Time zone of days and months' },
  'vault.auto_lock_minutes': { title: 'Lock when nobody uses it', unit: 'min' },
  'vault.keychain': { title: 'Unlock from the keychain' },
  'backup.every_hours': { title: 'Back up every', unit: 'h' },
  'alerts.limit_shares': { title: 'A limit is used up so far', unit: '%' },
  'alerts.forecast': { title: 'The forecast passes a limit' },
  'alerts.cooling_minutes': { title: 'An account is kept from calls for', unit: 'min' },
  'alerts.error_share': { title: 'Calls fail', unit: '%' },
  'alerts.unusual_factor': { title: 'A day is unusually dear', unit: '×' },
  'alerts.desktop': { title: 'Desktop notification' },
  'alerts.command': { title: 'Program' },
  'introspection.every_minutes': { title: 'Ask organisations every', unit: 'min' },
  'capture.enabled': { title: 'Prompts and answers' },
  'capture.hours': { title: 'Prompts and answers are kept for', unit: 'h' },
  'capture.body_bytes_max': { title: 'Of each at most', unit: 'KiB' },
  'retention.days': { title: 'Single calls', unit: 'days' },
  'session.idle_minutes': { title: 'Sign-in ends after idling', unit: 'min' },
  'session.absolute_hours': { title: 'Sign-in ends in any case after', unit: 'h' },
};

const FACTORS: Readonly<Record<SettingUnit, number>> = {
  s: 1_000,
  min: 1,
  h: 1,
  days: 1,
  '%': 0.01,
  KiB: 1_024,
  MiB: 1_048_576,
  '×': 1,
};

export const factorOf = (unit: SettingUnit | undefined): number => (unit === undefined ? 1 : FACTORS[unit]);

/** As shown, e.g. 15 for 15000 ms; rounded so that 0.07 of a share reads 7, not 7.000000000000001. */
export function shownNumber(value: number, unit: SettingUnit | undefined): number {
  return Number((value / factorOf(unit)).toPrecision(12));
}

/** What is stored for a shown number. */
export function storedNumber(shown: number, unit: SettingUnit | undefined): number {
  return Number((shown * factorOf(unit)).toPrecision(12));
}

const nothing = 'none';

/** A value in words, e.g. `15 s`, `On`, `Wait for it`, `75 %, 90 %`. */
export function sayValue(name: string, value: unknown): string {
  const words = isSetting(name) ? SETTING_WORDS[name] : undefined;
  if (value === null || value === undefined || value === '') return nothing;
  if (typeof value === 'boolean') return value ? 'On' : 'Off';
  if (typeof value === 'number') {
    const unit = words?.unit;
    return `${shownNumber(value, unit)}${unit === undefined ? '' : ` ${unit}`}`;
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? nothing : value.map((one) => sayValue(name, one)).join(', ');
  }
  return words?.choices?.[String(value)] ?? String(value);
}

export const isSetting = (name: string): name is LeafName => Object.hasOwn(SETTING_WORDS, name);
