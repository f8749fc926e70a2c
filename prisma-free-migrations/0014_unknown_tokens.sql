-- Images, speech and transcriptions are reported by requests only: how many tokens they took is not known, which is not none.

CREATE TABLE provider_usage_next (
  account_id TEXT NOT NULL,
  day_ms INTEGER NOT NULL,
  model TEXT NOT NULL,
  requests INTEGER NOT NULL,
  input_tokens INTEGER,
  cached_tokens INTEGER,
  output_tokens INTEGER,
  PRIMARY KEY (account_id, day_ms, model)
) STRICT, WITHOUT ROWID;

INSERT INTO provider_usage_next
SELECT account_id, day_ms, model, requests, input_tokens, cached_tokens, output_tokens FROM provider_usage;

DROP TABLE provider_usage;

ALTER TABLE provider_usage_next RENAME TO provider_usage;
