-- What a client key may ask for beside models, and from when on a window's use counts.
-- NULL is every tier and every effort. Covered by the row's MAC as soon as one is set, so that rows from before
-- stay what they were signed as.

ALTER TABLE client_keys ADD COLUMN service_tiers TEXT
  CHECK (service_tiers IS NULL OR json_valid(service_tiers));
ALTER TABLE client_keys ADD COLUMN reasoning_efforts TEXT
  CHECK (reasoning_efforts IS NULL OR json_valid(reasoning_efforts));

-- A reset stores no figure: calls that began before this moment do not count in that window any more.
-- `holder_id` is an account or a client key; `mac` covers the row under K_row.
CREATE TABLE use_resets (
  holder_id TEXT NOT NULL,
  limit_window TEXT NOT NULL CHECK (limit_window IN ('hour', 'five_hours', 'day', 'week', 'month')),
  counted_since_ms INTEGER NOT NULL,
  mac BLOB NOT NULL,
  PRIMARY KEY (holder_id, limit_window)
) STRICT;
