-- One row per call: opened (outcome NULL) and committed before the dial, settled exactly once. Deleted only by
-- pruning. Unknown figures are NULL, never 0.

CREATE TABLE usage_records (
  -- In the order of opening: what settlements and explanations find the row by.
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  started_at_ms INTEGER NOT NULL,
  client_key_id TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  model TEXT,
  stream INTEGER NOT NULL CHECK (stream IN (0, 1)),
  session_hash TEXT,
  parent_hash TEXT,
  user_agent TEXT,
  request_bytes INTEGER NOT NULL,
  first_account_id TEXT NOT NULL,
  reserved_tokens INTEGER NOT NULL,
  reserved_cost INTEGER NOT NULL,
  ended_at_ms INTEGER,
  outcome TEXT CHECK (outcome IN ('delivered', 'refused', 'failed', 'interrupted', 'cancelled')),
  status INTEGER,
  error_code TEXT,
  account_id TEXT,
  attempts INTEGER,
  input_tokens INTEGER,
  cached_tokens INTEGER,
  cache_write_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  audio_input_tokens INTEGER,
  audio_output_tokens INTEGER,
  image_input_tokens INTEGER,
  image_output_tokens INTEGER,
  total_tokens INTEGER,
  usage_flagged INTEGER NOT NULL DEFAULT 0,
  estimated INTEGER NOT NULL DEFAULT 0,
  service_tier TEXT,
  served_model TEXT,
  cost INTEGER,
  -- Towards money limits, where the price is unknown.
  assumed_cost INTEGER,
  prices TEXT CHECK (prices IS NULL OR json_valid(prices)),
  first_token_ms INTEGER,
  duration_ms INTEGER,
  overhead_us INTEGER,
  response_bytes INTEGER,
  reasoning_dropped INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX usage_records_started ON usage_records (started_at_ms, id);
CREATE INDEX usage_records_account ON usage_records (account_id, started_at_ms);
CREATE INDEX usage_records_client ON usage_records (client_key_id, started_at_ms);

CREATE TRIGGER usage_records_settled_once
BEFORE UPDATE ON usage_records
WHEN OLD.outcome IS NOT NULL OR NEW.outcome IS NULL
BEGIN
  SELECT RAISE(ABORT, 'a usage record is settled once and never changes again');
END;

-- Limited to columns that a settlement does not set, so that it costs a settlement nothing.
CREATE TRIGGER usage_records_opening
BEFORE UPDATE OF number, id, started_at_ms, client_key_id, endpoint, model, stream, session_hash, parent_hash,
  user_agent, request_bytes, first_account_id, reserved_tokens, reserved_cost ON usage_records
BEGIN
  SELECT RAISE(ABORT, 'what a usage record was opened with never changes');
END;

-- The plan and the attempts of a call, as JSON: read one at a time, so kept out of the row that is summed.
CREATE TABLE call_explanations (
  record INTEGER PRIMARY KEY REFERENCES usage_records (number) ON DELETE CASCADE,
  explanation TEXT NOT NULL
) STRICT;

-- What happened to accounts and to us, for people and later for alerts.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  account_id TEXT,
  request_id TEXT,
  data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE INDEX events_at ON events (at_ms);

-- Where each session lives (the caller's id is mixed into the hash) and who sealed its reasoning.
CREATE TABLE session_homes (
  session_hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  organization TEXT,
  used_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_homes_used ON session_homes (used_at_ms);
