-- Who did what to what, and when: a chain. Each row's MAC (under K_audit, which no rotation changes) covers the row
-- and the MAC of the row before; the first row's covers the vault's id. Rows are only ever added.

CREATE TABLE audit_log (
  -- 1, 2, 3 … A number that is missing is a row that was taken out.
  number INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK (json_valid(actor)),
  deed TEXT NOT NULL,
  object_kind TEXT,
  object_id TEXT,
  object_name TEXT,
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  -- Noted in `audit_waiting` first: nothing protected it until the next unlock.
  while_locked INTEGER NOT NULL CHECK (while_locked IN (0, 1)),
  times INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX audit_log_object ON audit_log (object_id, number) WHERE object_id IS NOT NULL;

-- Against mistakes of our own; whoever can write the file is met by the chain.
CREATE TRIGGER audit_log_unchanged
BEFORE UPDATE ON audit_log
BEGIN
  SELECT RAISE(ABORT, 'a row of the audit log never changes');
END;
CREATE TRIGGER audit_log_kept
BEFORE DELETE ON audit_log
BEGIN
  SELECT RAISE(ABORT, 'a row of the audit log is never taken out');
END;

-- How far the log goes, under a MAC of its own, so that rows missing at the end are noticed.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL,
  mac BLOB NOT NULL,
  seal BLOB NOT NULL
) STRICT;

-- What is to be noted while there is no key to authenticate it with. Moves into the log at the next unlock.
CREATE TABLE audit_waiting (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK (json_valid(actor)),
  deed TEXT NOT NULL,
  object_kind TEXT,
  object_id TEXT,
  object_name TEXT,
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  times INTEGER NOT NULL
) STRICT;
