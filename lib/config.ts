/**
 * The one configuration schema. Every setting is a leaf of this table: its place in the TOML file, its type
 * and default, the environment variable and flag that override it, whether it can change while running, and
 * one line that says what it does. `docs/configuration.md` and the Settings page are made from it.
 *
 * Names are the TOML names everywhere, also in code: one word per idea. Durations carry their unit last.
 * The master key and client key values are not settings: they are secrets and have sources of their own.
 */
import { z } from 'zod';
import { STRATEGIES } from './routing/plan.ts';

export interface Leaf<T extends z.ZodType = z.ZodType> {
  readonly schema: T;
  readonly doc: string;
  /** Environment variable that overrides the file; the flag is its lower-case form without the prefix. */
  readonly env?: string;
  /** False when a change only takes effect at the next start. */
  readonly live: boolean;
}

const leaf = <T extends z.ZodType>(
  schema: T,
  doc: string,
  more: { env?: string; live?: boolean } = {},
): Leaf<T> => ({
  schema,
  doc,
  live: more.live ?? true,
  ...(more.env ? { env: more.env } : {}),
});

const ms = (min: number, max: number, fallback: number) =>
  z.number().int().min(min).max(max).default(fallback);
const count = (min: number, max: number, fallback: number) =>
  z.number().int().min(min).max(max).default(fallback);

/** A name or address as a Host header carries it, with or without a port. */
const HOST_NAME = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?$/i;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const LEAVES = {
  'server.host': leaf(
    z.string().min(1).default('127.0.0.1'),
    'Address to listen on. With 127.0.0.1 the server also listens on ::1.',
    { env: 'CAM_HOST', live: false },
  ),
  'server.port': leaf(count(0, 65_535, 8080), 'Port to listen on; 0 takes a free one.', {
    env: 'CAM_PORT',
    live: false,
  }),
  'server.allowed_hosts': leaf(
    z.array(z.string().regex(HOST_NAME, 'must be host or host:port, without http://')).default([]),
    'More names that the Host header may carry (host or host:port), for WSL and containers.',
    { env: 'CAM_ALLOWED_HOSTS', live: false },
  ),
  'server.expose': leaf(
    z.boolean().default(false),
    'Allow a listening address that other computers can reach. Traffic is then unencrypted on your network.',
    { env: 'CAM_EXPOSE', live: false },
  ),
  'server.connections_max': leaf(count(16, 65_536, 2048), 'Open client connections at most.', {
    live: false,
  }),
  'server.in_flight_max': leaf(
    count(1, 65_536, 1200),
    'Calls under way at most, over all clients; more are refused.',
  ),
  'server.body_bytes_max': leaf(
    count(1024, 1_073_741_824, 134_217_728),
    'Largest JSON body of a call; a larger one is refused.',
  ),
  'log.level': leaf(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'Least serious log line that is written.',
    { env: 'CAM_LOG_LEVEL' },
  ),
  'routing.strategy': leaf(
    z.enum(STRATEGIES).default('least_utilized'),
    'Who serves a call that belongs nowhere yet.',
  ),
  'routing.affinity': leaf(
    z.enum(['prefer', 'wait', 'off']).default('prefer'),
    'Where a session goes on: on the account that holds its prompt cache, even if it has to wait for it, or anywhere; then long sessions cost much more.',
  ),
  'routing.affinity_wait_ms': leaf(
    ms(0, 60_000, 60_000),
    'Longest wait for it where sessions wait for their account.',
  ),
  'routing.reasoning_failover': leaf(
    z.enum(['strip', 'refuse']).default('strip'),
    'When encrypted reasoning has to leave its organisation: remove it and go on, or refuse the call.',
  ),
  'routing.reserve': leaf(
    z.number().min(0).max(0.9).default(0.1),
    'Share of every limit kept back for conversations that are already on an account.',
  ),
  'routing.attempts_max': leaf(
    count(1, 10, 3),
    'Upstream calls for one client call at most; the client sees one answer.',
  ),
  'routing.wait_max_ms': leaf(
    ms(0, 300_000, 30_000),
    'Longest waiting between attempts of one call, in total.',
  ),
  'routing.queue_ms': leaf(
    ms(0, 300_000, 0),
    'How long a call may wait for a free account before it is refused; 0 refuses at once.',
  ),
  'routing.queue_max': leaf(
    count(1, 10_000, 256),
    'Calls that may wait for an account at once; more are refused.',
  ),
  'routing.in_flight_per_account': leaf(
    count(1, 10_000, 1_200),
    'Calls under way on one account at most; more go to the others.',
  ),
  'routing.ramp_step_ms': leaf(
    ms(0, 10_000, 250),
    'When calls move to another account together, or return to one: first one, then one more this often; 0 for all at once.',
  ),
  'routing.ramp_ms': leaf(ms(0, 60_000, 10_000), 'How long calls are held back like that.'),
  'breaker.failures': leaf(count(1, 100, 5), 'Failures within the window that open the breaker.'),
  'breaker.window_ms': leaf(ms(1_000, 600_000, 30_000), 'Window in which failures are counted.'),
  'breaker.open_ms': leaf(
    ms(1_000, 600_000, 15_000),
    'How long an open breaker keeps calls away before one probe.',
  ),
  'breaker.open_max_ms': leaf(
    ms(1_000, 3_600_000, 300_000),
    'Longest that a breaker stays open while others serve.',
  ),
  'breaker.open_alone_max_ms': leaf(
    ms(1_000, 600_000, 20_000),
    'Longest that a breaker stays open while it is the only obstacle to serving.',
  ),
  'cooldown.guess_ms': leaf(
    ms(100, 60_000, 1_000),
    'First guess when a provider says 429 without a wait; doubles.',
  ),
  'cooldown.guess_max_ms': leaf(
    ms(1_000, 600_000, 20_000),
    'Largest such guess; then the account is tried again.',
  ),
  'upstream.connect_ms': leaf(ms(100, 120_000, 10_000), 'Time to connect to a provider.', { live: false }),
  'upstream.first_byte_ms': leaf(ms(1_000, 3_600_000, 600_000), 'Time until the first byte of an answer.'),
  'upstream.first_byte_flex_ms': leaf(
    ms(1_000, 3_600_000, 1_200_000),
    'The same for calls with service_tier "flex".',
  ),
  'upstream.idle_ms': leaf(ms(1_000, 3_600_000, 900_000), 'Longest silence inside an answer.'),
  'upstream.total_ms': leaf(ms(1_000, 14_400_000, 3_600_000), 'Longest answer altogether.'),
  'upstream.proxy': leaf(
    z.string().nullable().default(null),
    'Outbound proxy for provider traffic; without it HTTPS_PROXY and NO_PROXY are honoured.',
    { live: false },
  ),
  'limits.mode': leaf(
    z.enum(['expected', 'strict']).default('expected'),
    'Reserve what a call is expected to use, or the most it could.',
  ),
  'limits.unknown_price': leaf(
    z.enum(['assume', 'refuse', 'allow']).default('assume'),
    'Calls to a model without a known price, towards a money limit.',
  ),
  'limits.time_zone': leaf(
    z.string().refine(isTimeZone, 'must be an IANA time zone, e.g. Europe/Berlin').default('UTC'),
    'Time zone (IANA name) in which days and months begin.',
  ),
  'vault.auto_lock_minutes': leaf(
    count(0, 1_440, 0),
    'Minutes without a call and without an operator after which the vault locks itself; 0 for never.',
  ),
  'vault.keychain': leaf(
    z.boolean().default(false),
    'Unlock at the start with the master key that the keychain of the operating system holds.',
    { env: 'CAM_KEYCHAIN' },
  ),
  'backup.every_hours': leaf(
    count(0, 8_760, 24),
    'Hours between backups that the server makes by itself; 0 makes none. The newest 7 are kept.',
  ),
  'alerts.limit_shares': leaf(
    z.array(z.number().min(0.01).max(1)).max(5).default([0.75, 0.9, 1]),
    'Shares of any limit at which an alert is raised, once in its period; an empty list for none.',
  ),
  'alerts.forecast': leaf(
    z.boolean().default(true),
    'Raise an alert when a limit is likely to be reached before its period ends.',
  ),
  'alerts.cooling_minutes': leaf(
    count(0, 1_440, 15),
    'Raise an alert when calls were kept from an account for so many minutes; 0 for never.',
  ),
  'alerts.error_share': leaf(
    z.number().min(0).max(1).default(0.2),
    'Raise an alert when this share of the calls of the last 15 minutes failed; 0 for never.',
  ),
  'alerts.unusual_factor': leaf(
    z.number().min(0).max(1_000).default(2),
    'Raise an alert when today costs so many times the dearest of the last 14 days; 0 for never.',
  ),
  'alerts.desktop': leaf(
    z.boolean().default(false),
    'Show alerts as notifications of the desktop that the server runs on.',
  ),
  'alerts.command': leaf(
    z
      .array(z.string().min(1).max(4_096))
      .max(32)
      .refine(
        ([program]) => program === undefined || /^(\/|[A-Za-z]:[\\/])/.test(program),
        'must begin with an absolute path',
      )
      .default([]),
    'Program to run for each alert, as a list of arguments; it gets the alert as JSON on its standard input.',
  ),
  'introspection.every_minutes': leaf(
    count(0, 10_080, 60),
    'Minutes between questions to organisations with an admin key about use and cost; 0 asks only by hand.',
  ),
  'capture.enabled': leaf(
    z.boolean().default(false),
    'Keep what calls say and are answered, sealed, for a while. Off unless you look for something.',
  ),
  'capture.hours': leaf(count(1, 720, 24), 'After that it is deleted.'),
  'capture.body_bytes_max': leaf(
    count(1_024, 4_194_304, 262_144),
    'How much of each prompt and answer is kept; the rest is cut off.',
  ),
  'retention.days': leaf(
    count(0, 36_500, 400),
    'Days that single calls are kept; 0 keeps them for ever. Hourly totals stay.',
  ),
  'session.idle_minutes': leaf(
    count(5, 480, 60),
    'Minutes without use after which a sign-in to /admin ends.',
  ),
  'session.absolute_hours': leaf(count(1, 24, 12), 'Hours after which a sign-in ends in any case.'),
} as const satisfies Record<string, Leaf>;

export type LeafName = keyof typeof LEAVES;

type Sections = { [K in LeafName]: K extends `${infer S}.${string}` ? S : never }[LeafName];
type Section<S extends string> = {
  readonly [K in LeafName as K extends `${S}.${infer Rest}` ? Rest : never]: z.output<
    (typeof LEAVES)[K]['schema']
  >;
};

/** The effective configuration, e.g. `config.routing.attempts_max`. */
export type Config = { readonly [S in Sections]: Section<S> };

/** The configuration with every default. */
export function defaultConfig(): Config {
  const result: Record<string, Record<string, unknown>> = {};
  for (const [name, { schema }] of Object.entries(LEAVES)) {
    const [section = '', key = ''] = name.split('.');
    result[section] = { ...result[section], [key]: schema.parse(undefined) };
  }
  return result as unknown as Config;
}
