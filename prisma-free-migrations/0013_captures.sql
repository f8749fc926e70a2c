-- What calls said and were answered, only while the operator wants it: sealed, cut at a size, gone after a time.
CREATE TABLE captures (
  request_id TEXT PRIMARY KEY,
  sealed_bodies BLOB NOT NULL,
  captured_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX captures_expires ON captures (expires_at_ms);
