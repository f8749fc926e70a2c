-- What providers say of their own: usage and cost by UTC day, and limits. Fetched with an account's admin key, replaced
-- by every later answer for the same day.

CREATE TABLE provider_usage (
  account_id TEXT NOT NULL,
  day_ms INTEGER NOT NULL,
  model TEXT NOT NULL,
  requests INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  cached_tokens INTEGER,
  output_tokens INTEGER NOT NULL,
  PRIMARY KEY (account_id, day_ms, model)
) STRICT, WITHOUT ROWID;

-- In nano-dollars; the model is what stands before the comma of a line item, or the whole of it.
CREATE TABLE provider_costs (
  account_id TEXT NOT NULL,
  day_ms INTEGER NOT NULL,
  model TEXT NOT NULL,
  cost INTEGER NOT NULL,
  PRIMARY KEY (account_id, day_ms, model)
) STRICT, WITHOUT ROWID;

-- One row for each account and source: when it last answered, what went wrong last, and what it said (JSON).
CREATE TABLE provider_sources (
  account_id TEXT NOT NULL,
  source TEXT NOT NULL,
  ok_at_ms INTEGER,
  error TEXT,
  error_at_ms INTEGER,
  data TEXT CHECK (data IS NULL OR json_valid(data)),
  PRIMARY KEY (account_id, source)
) STRICT, WITHOUT ROWID;
