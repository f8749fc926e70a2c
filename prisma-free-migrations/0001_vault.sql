-- The vault's header and the two tables whose rows grant or steer something.
-- Sealed columns hold envelopes (version, algorithm, DEK number, nonce, ciphertext, tag); `mac` covers every
-- column that grants or steers, under K_row. Times are Unix milliseconds, money is whole nano-dollars.

CREATE TABLE vault_header (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  vault_id BLOB NOT NULL CHECK (length(vault_id) = 16),
  format INTEGER NOT NULL,
  kdf_salt BLOB NOT NULL,
  kdf_memory_kib INTEGER NOT NULL,
  kdf_passes INTEGER NOT NULL,
  kdf_lanes INTEGER NOT NULL,
  dek_number INTEGER NOT NULL,
  wrapped_dek BLOB NOT NULL,
  sealed_lookup_root BLOB NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  provider TEXT NOT NULL,
  base_url TEXT NOT NULL,
  allow_local INTEGER NOT NULL CHECK (allow_local IN (0, 1)),
  organization_id TEXT,
  project_id TEXT,
  models TEXT NOT NULL CHECK (json_valid(models)),
  priority INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  limits TEXT NOT NULL CHECK (json_valid(limits)),
  price_multiplier REAL NOT NULL,
  sealed_key BLOB,
  sealed_admin_key BLOB,
  key_fingerprint BLOB,
  key_last_four TEXT,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  -- A tombstone: the secret is gone, the name stays so that lists, totals and exports agree.
  deleted_at_ms INTEGER,
  mac BLOB NOT NULL,
  CHECK (deleted_at_ms IS NOT NULL OR sealed_key IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX accounts_name ON accounts (name_key) WHERE deleted_at_ms IS NULL;

-- Learned from answers, changes often, steers nothing by itself: outside the MAC.
CREATE TABLE account_facts (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id),
  organization TEXT,
  project TEXT,
  model_ids TEXT CHECK (model_ids IS NULL OR json_valid(model_ids)),
  checked_at_ms INTEGER
) STRICT;

-- Breakers, cooldowns, marks, header limits: one JSON document an account, so that health survives a restart.
CREATE TABLE account_health (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id),
  health TEXT NOT NULL CHECK (json_valid(health)),
  updated_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE client_keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE,
  prefix TEXT NOT NULL,
  guessable INTEGER NOT NULL CHECK (guessable IN (0, 1)),
  accounts TEXT CHECK (accounts IS NULL OR json_valid(accounts)),
  models TEXT NOT NULL CHECK (json_valid(models)),
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  limits TEXT NOT NULL CHECK (json_valid(limits)),
  expires_at_ms INTEGER,
  revoked_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX client_keys_name ON client_keys (name_key) WHERE revoked_at_ms IS NULL;
