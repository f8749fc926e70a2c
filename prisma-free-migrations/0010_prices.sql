-- Parts of usage that have a price of their own, and prices that the operator sets.

-- Part of cache_write_tokens: those kept for 12 hours, which cost more.
ALTER TABLE usage_records ADD COLUMN cache_write_12h_tokens INTEGER;
-- Searches that the provider did for the call, charged one by one.
ALTER TABLE usage_records ADD COLUMN web_searches INTEGER;

-- In nano-dollars: per million tokens, per_request for each call. A model may end with *.
CREATE TABLE own_prices (
  model TEXT NOT NULL,
  -- YYYY-MM-DD (UTC), from which it holds.
  from_day TEXT NOT NULL,
  input INTEGER NOT NULL CHECK (input >= 0),
  cached INTEGER CHECK (cached >= 0),
  cache_write INTEGER CHECK (cache_write >= 0),
  cache_write_12h INTEGER CHECK (cache_write_12h >= 0),
  output INTEGER NOT NULL CHECK (output >= 0),
  per_request INTEGER CHECK (per_request >= 0),
  set_at_ms INTEGER NOT NULL,
  PRIMARY KEY (model, from_day)
) STRICT, WITHOUT ROWID;
