-- What somebody should know of: raised once for as long as its condition holds, or once in a limit's period.
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  -- The condition: the same one has the same key.
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('warn', 'bad')),
  text TEXT NOT NULL,
  account_id TEXT,
  client_key_id TEXT,
  raised_at_ms INTEGER NOT NULL,
  -- NULL while its condition holds.
  ended_at_ms INTEGER
) STRICT;
CREATE INDEX alerts_key ON alerts (key, id);
CREATE INDEX alerts_raised ON alerts (raised_at_ms);

-- Where alerts are sent. The URL is sealed, because of some services it is all that keeps others out; `mac` covers the row.
CREATE TABLE notification_targets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  format TEXT NOT NULL CHECK (format IN ('json', 'slack')),
  -- For people: of the URL only its origin.
  origin TEXT NOT NULL,
  allow_local INTEGER NOT NULL CHECK (allow_local IN (0, 1)),
  sealed_url BLOB NOT NULL,
  sealed_secret BLOB,
  created_at_ms INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;

-- One for each alert, what of it (raised, ended), and each place it goes to.
CREATE TABLE alert_deliveries (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  -- A target's id, or `command`, or `desktop`.
  target TEXT NOT NULL,
  moment TEXT NOT NULL CHECK (moment IN ('raised', 'ended')),
  tries INTEGER NOT NULL DEFAULT 0,
  -- NULL once it is done with: delivered, or given up.
  next_at_ms INTEGER,
  delivered_at_ms INTEGER,
  last_error TEXT
) STRICT;
CREATE INDEX alert_deliveries_next ON alert_deliveries (next_at_ms) WHERE next_at_ms IS NOT NULL;
CREATE INDEX alert_deliveries_alert ON alert_deliveries (alert_id);
