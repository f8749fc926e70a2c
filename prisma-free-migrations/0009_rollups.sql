-- Sums of settled calls by hour, so that months of them are read in an instant and outlive pruning. Worked out of
-- usage_records only, never added to: an hour is written once all its calls are settled, and can be written anew.
-- NULL: there were calls, and nobody knows. The empty model is that of calls that named none.

CREATE TABLE usage_hours (
  hour_ms INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  client_key_id TEXT NOT NULL,
  model TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  requests INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  limited INTEGER NOT NULL,
  charged INTEGER NOT NULL,
  unknown_cost INTEGER NOT NULL,
  estimated INTEGER NOT NULL,
  input_tokens INTEGER,
  cached_tokens INTEGER,
  -- Input of those calls whose cached tokens are known: what the cached share is a share of.
  cached_of_tokens INTEGER,
  cache_write_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  total_tokens INTEGER,
  cost INTEGER,
  cache_saved INTEGER,
  PRIMARY KEY (hour_ms, account_id, client_key_id, model, endpoint)
) STRICT, WITHOUT ROWID;

-- The same, of all client keys, models and endpoints together: what the overview of months is read from.
CREATE TABLE usage_account_hours (
  hour_ms INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  requests INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  limited INTEGER NOT NULL,
  charged INTEGER NOT NULL,
  unknown_cost INTEGER NOT NULL,
  estimated INTEGER NOT NULL,
  input_tokens INTEGER,
  cached_tokens INTEGER,
  cached_of_tokens INTEGER,
  cache_write_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  total_tokens INTEGER,
  cost INTEGER,
  cache_saved INTEGER,
  PRIMARY KEY (hour_ms, account_id)
) STRICT, WITHOUT ROWID;

-- How long things took, as counts in buckets that grow by a tenth: quantiles cannot be added up, counts can.
CREATE TABLE usage_hour_times (
  hour_ms INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('first_token_ms', 'overhead_us')),
  bucket INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (hour_ms, kind, bucket)
) STRICT, WITHOUT ROWID;

-- How far that is: every hour that ends by `until_ms` is written, from records up to `number`. Records of calls that
-- began before `pruned_ms` may be gone, so those hours are closed.
CREATE TABLE usage_hours_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  until_ms INTEGER NOT NULL,
  number INTEGER NOT NULL,
  pruned_ms INTEGER NOT NULL
) STRICT;
