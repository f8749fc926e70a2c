-- Who keeps the objects that providers store for clients, and who sealed what. The caller's id is mixed into the
-- hash, so that one client key never finds another's objects.

CREATE TABLE object_owners (
  object_hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL,
  organization TEXT,
  project TEXT,
  made_at_ms INTEGER NOT NULL,
  used_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- What pruning looks for.
CREATE INDEX object_owners_used ON object_owners (kind, used_at_ms);

-- Whether a session carries reasoning of more than one organisation.
ALTER TABLE session_homes ADD COLUMN mixed INTEGER NOT NULL DEFAULT 0 CHECK (mixed IN (0, 1));
