/** The tables as Kysely knows them: one interface a table, the columns as `prisma-free-migrations` made them. */
import type { Generated, Kysely, Selectable } from 'kysely';
import type { Outcome } from '../../lib/metering/ledger.ts';

/** SQLite's booleans. */
export type Bit = 0 | 1;

export interface VaultHeaderTable {
  id: number;
  vault_id: Uint8Array;
  format: number;
  kdf_salt: Uint8Array;
  kdf_memory_kib: number;
  kdf_passes: number;
  kdf_lanes: number;
  dek_number: number;
  wrapped_dek: Uint8Array;
  sealed_lookup_root: Uint8Array;
  created_at_ms: number;
  next_wrapped_dek: Uint8Array | null;
  strength_mark: Uint8Array | null;
  key_set_at_ms: number | null;
  dek_made_at_ms: number | null;
}

export interface AccountsTable {
  id: string;
  name: string;
  name_key: string;
  provider: string;
  base_url: string;
  allow_local: Bit;
  organization_id: string | null;
  project_id: string | null;
  /** JSON */
  models: string;
  priority: number;
  weight: number;
  enabled: Bit;
  /** JSON */
  limits: string;
  price_multiplier: number;
  sealed_key: Uint8Array | null;
  sealed_admin_key: Uint8Array | null;
  key_fingerprint: Uint8Array | null;
  key_last_four: string | null;
  created_at_ms: number;
  updated_at_ms: number;
  deleted_at_ms: number | null;
  mac: Uint8Array;
}

export interface AccountFactsTable {
  account_id: string;
  organization: string | null;
  project: string | null;
  /** JSON */
  model_ids: string | null;
  checked_at_ms: number | null;
}

export interface AccountHealthTable {
  account_id: string;
  /** JSON */
  health: string;
  updated_at_ms: number;
}

export interface ClientKeysTable {
  id: string;
  name: string;
  name_key: string;
  digest: Uint8Array;
  prefix: string;
  guessable: Bit;
  /** JSON */
  accounts: string | null;
  /** JSON */
  models: string;
  /** JSON */
  scopes: string;
  /** JSON */
  limits: string;
  /** JSON; null for every tier. */
  service_tiers: string | null;
  /** JSON; null for every effort. */
  reasoning_efforts: string | null;
  expires_at_ms: number | null;
  revoked_at_ms: number | null;
  created_at_ms: number;
  mac: Uint8Array;
}

export interface UsageRecordsTable {
  number: Generated<number>;
  id: string;
  started_at_ms: number;
  client_key_id: string;
  endpoint: string;
  model: string | null;
  stream: Bit;
  session_hash: string | null;
  parent_hash: string | null;
  user_agent: string | null;
  request_bytes: number;
  /** Empty of a call whose client left before any account was chosen. */
  first_account_id: string;
  reserved_tokens: number;
  reserved_cost: number;
  ended_at_ms: number | null;
  outcome: Outcome | null;
  status: number | null;
  error_code: string | null;
  account_id: string | null;
  attempts: number | null;
  input_tokens: number | null;
  cached_tokens: number | null;
  cache_write_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  audio_input_tokens: number | null;
  audio_output_tokens: number | null;
  image_input_tokens: number | null;
  image_output_tokens: number | null;
  total_tokens: number | null;
  usage_flagged: Generated<Bit>;
  estimated: Generated<Bit>;
  service_tier: string | null;
  served_model: string | null;
  cost: number | null;
  assumed_cost: number | null;
  /** JSON */
  prices: string | null;
  first_token_ms: number | null;
  duration_ms: number | null;
  overhead_us: number | null;
  response_bytes: number | null;
  reasoning_dropped: Generated<Bit>;
  cache_write_12h_tokens: number | null;
  web_searches: number | null;
}

export interface OwnPricesTable {
  model: string;
  from_day: string;
  input: number;
  cached: number | null;
  cache_write: number | null;
  cache_write_12h: number | null;
  output: number;
  per_request: number | null;
  set_at_ms: number;
}

export interface CallExplanationsTable {
  /** `usage_records.number` */
  record: number;
  /** JSON: `{"plan": RoutePlan | null, "attempts": Attempt[]}` */
  explanation: string;
}

export interface EventsTable {
  id: Generated<number>;
  at_ms: number;
  kind: string;
  account_id: string | null;
  request_id: string | null;
  /** JSON */
  data: string;
}

export interface SessionHomesTable {
  session_hash: string;
  account_id: string;
  organization: string | null;
  used_at_ms: number;
  mixed: Generated<Bit>;
}

export interface ObjectOwnersTable {
  object_hash: string;
  kind: string;
  account_id: string;
  organization: string | null;
  project: string | null;
  made_at_ms: number;
  used_at_ms: number;
}

export interface UseResetsTable {
  holder_id: string;
  limit_window: string;
  counted_since_ms: number;
  mac: Uint8Array;
}

export interface AuditLogTable {
  number: number;
  at_ms: number;
  /** JSON */
  actor: string;
  deed: string;
  object_kind: string | null;
  object_id: string | null;
  object_name: string | null;
  /** JSON */
  detail: string;
  while_locked: Bit;
  times: number;
  mac: Uint8Array;
}

export interface AuditHeadTable {
  id: number;
  number: number;
  mac: Uint8Array;
  seal: Uint8Array;
}

export interface AuditWaitingTable {
  id: Generated<number>;
  at_ms: number;
  /** JSON */
  actor: string;
  deed: string;
  object_kind: string | null;
  object_id: string | null;
  object_name: string | null;
  /** JSON */
  detail: string;
  times: number;
}

export interface UsageHoursTable {
  hour_ms: number;
  account_id: string;
  client_key_id: string;
  /** Empty where the calls named none. */
  model: string;
  endpoint: string;
  requests: number;
  delivered: number;
  cancelled: number;
  moved: number;
  limited: number;
  charged: number;
  unknown_cost: number;
  estimated: number;
  input_tokens: number | null;
  cached_tokens: number | null;
  cached_of_tokens: number | null;
  cache_write_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  total_tokens: number | null;
  cost: number | null;
  cache_saved: number | null;
}

export interface UsageHoursStateTable {
  id: number;
  until_ms: number;
  number: number;
  pruned_ms: number;
}

export interface AlertsTable {
  id: Generated<number>;
  key: string;
  kind: string;
  severity: 'warn' | 'bad';
  text: string;
  account_id: string | null;
  client_key_id: string | null;
  raised_at_ms: number;
  ended_at_ms: number | null;
}

export interface NotificationTargetsTable {
  id: string;
  name: string;
  name_key: string;
  format: 'json' | 'slack';
  origin: string;
  allow_local: Bit;
  sealed_url: Uint8Array;
  sealed_secret: Uint8Array | null;
  created_at_ms: number;
  mac: Uint8Array;
}

export interface AlertDeliveriesTable {
  id: Generated<number>;
  alert_id: number;
  target: string;
  moment: 'raised' | 'ended';
  tries: number;
  next_at_ms: number | null;
  delivered_at_ms: number | null;
  last_error: string | null;
}

export interface ProviderUsageTable {
  account_id: string;
  day_ms: number;
  model: string;
  requests: number;
  input_tokens: number | null;
  cached_tokens: number | null;
  output_tokens: number | null;
}

export interface ProviderCostsTable {
  account_id: string;
  day_ms: number;
  model: string;
  cost: number;
}

export interface ProviderSourcesTable {
  account_id: string;
  source: string;
  ok_at_ms: number | null;
  error: string | null;
  error_at_ms: number | null;
  /** JSON */
  data: string | null;
}

export interface CapturesTable {
  request_id: string;
  sealed_bodies: Uint8Array;
  captured_at_ms: number;
  expires_at_ms: number;
}

export interface Schema {
  captures: CapturesTable;
  provider_usage: ProviderUsageTable;
  provider_costs: ProviderCostsTable;
  provider_sources: ProviderSourcesTable;
  alerts: AlertsTable;
  notification_targets: NotificationTargetsTable;
  alert_deliveries: AlertDeliveriesTable;
  vault_header: VaultHeaderTable;
  accounts: AccountsTable;
  account_facts: AccountFactsTable;
  account_health: AccountHealthTable;
  client_keys: ClientKeysTable;
  usage_records: UsageRecordsTable;
  call_explanations: CallExplanationsTable;
  events: EventsTable;
  session_homes: SessionHomesTable;
  usage_hours: UsageHoursTable;
  usage_hours_state: UsageHoursStateTable;
  own_prices: OwnPricesTable;
  use_resets: UseResetsTable;
  object_owners: ObjectOwnersTable;
  audit_log: AuditLogTable;
  audit_head: AuditHeadTable;
  audit_waiting: AuditWaitingTable;
}

export type Db = Kysely<Schema>;
export type AccountRow = Selectable<AccountsTable>;
export type AccountFactsRow = Selectable<AccountFactsTable>;
export type AccountHealthRow = Selectable<AccountHealthTable>;
export type ClientKeyRow = Selectable<ClientKeysTable>;
export type UseResetRow = Selectable<UseResetsTable>;
