-- Changing the master key and the data key (DEK).

-- While a rotation is under way there are two DEKs: the one of `dek_number` and the next, wrapped beside it.
ALTER TABLE vault_header ADD COLUMN next_wrapped_dek BLOB;
-- How guessable the master key was found when it was chosen, as an HMAC: a copy of the file does not tell it.
ALTER TABLE vault_header ADD COLUMN strength_mark BLOB;
-- NULL: since the vault exists.
ALTER TABLE vault_header ADD COLUMN key_set_at_ms INTEGER;
ALTER TABLE vault_header ADD COLUMN dek_made_at_ms INTEGER;

-- Nothing is stored that no DEK of ours opens: whoever sealed a secret before a rotation ended and comes to store
-- it afterwards is refused, and the secret is not lost. Bytes 3 to 6 of an envelope are its DEK's number.
CREATE TRIGGER accounts_sealed_insert BEFORE INSERT ON accounts
WHEN EXISTS (
  SELECT 1 FROM vault_header AS header
  WHERE (NEW.sealed_key IS NOT NULL
      AND substr(NEW.sealed_key, 3, 4) <> unhex(printf('%08x', header.dek_number))
      AND substr(NEW.sealed_key, 3, 4) <> unhex(printf('%08x', header.dek_number + (header.next_wrapped_dek IS NOT NULL))))
    OR (NEW.sealed_admin_key IS NOT NULL
      AND substr(NEW.sealed_admin_key, 3, 4) <> unhex(printf('%08x', header.dek_number))
      AND substr(NEW.sealed_admin_key, 3, 4) <> unhex(printf('%08x', header.dek_number + (header.next_wrapped_dek IS NOT NULL))))
)
BEGIN
  SELECT RAISE(ABORT, 'sealed under a data key that is no longer in use');
END;
CREATE TRIGGER accounts_sealed_update BEFORE UPDATE OF sealed_key, sealed_admin_key ON accounts
WHEN EXISTS (
  SELECT 1 FROM vault_header AS header
  WHERE (NEW.sealed_key IS NOT NULL
      AND substr(NEW.sealed_key, 3, 4) <> unhex(printf('%08x', header.dek_number))
      AND substr(NEW.sealed_key, 3, 4) <> unhex(printf('%08x', header.dek_number + (header.next_wrapped_dek IS NOT NULL))))
    OR (NEW.sealed_admin_key IS NOT NULL
      AND substr(NEW.sealed_admin_key, 3, 4) <> unhex(printf('%08x', header.dek_number))
      AND substr(NEW.sealed_admin_key, 3, 4) <> unhex(printf('%08x', header.dek_number + (header.next_wrapped_dek IS NOT NULL))))
)
BEGIN
  SELECT RAISE(ABORT, 'sealed under a data key that is no longer in use');
END;
