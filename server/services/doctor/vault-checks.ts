/** What only an unlocked vault can tell: whether rows are what we wrote, and which keys others could guess. */
import type { KeyStrength } from '../../../lib/base/key-strength.ts';
import { type Finding, ok } from '../../../lib/doctor/finding.ts';
import type { AuditVerdictView } from '../../../lib/wire/audit-views.ts';
import type { AccountRow, ClientKeyRow } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { sealedAccountOf } from '../accounts/account-row.ts';
import { keyringEntryOf } from '../clients/client-key-row.ts';

type MacVault = Pick<Vault, 'rowMacMatches'>;
type SealVault = Pick<Vault, 'rowMacMatches' | 'opens'>;

export function checkRows(
  vault: SealVault,
  accounts: readonly AccountRow[],
  clientKeys: readonly ClientKeyRow[],
): Finding[] {
  const changed = accounts.filter((row) => !sealedAccountOf(vault, row).intact);
  const damaged = clientKeys.filter((row) => !keyringEntryOf(vault, row).intact);
  const found = [
    ...changed.map((row) =>
      rowChanged('account', row.name, 'Its key goes nowhere until then.', 'cam remove'),
    ),
    ...damaged.map((row) =>
      rowChanged('client key', row.name, 'It is refused until then.', 'cam keys revoke'),
    ),
  ];
  if (found.length > 0) return found;
  return [ok('rows', 'Every account and client key is as this program wrote it.')];
}

const rowChanged = (what: string, name: string, meanwhile: string, command: string): Finding => ({
  check: 'rows',
  severity: 'bad',
  what: `The ${what} ${name} was changed in the database by something else.`,
  why: `Somebody could write to the file. ${meanwhile}`,
  mend: `${command} ${JSON.stringify(name)}`,
});

export function checkAudit({ intact, rows, breaks }: AuditVerdictView): Finding[] {
  if (intact) return [ok('audit log', `${rows} rows of the audit log are as they were written.`)];
  return [
    {
      check: 'audit log',
      severity: 'bad',
      what: `The audit log is not what was written. ${breaks[0]?.message ?? ''}`.trim(),
      why: 'Somebody could write to the file, and what they did may not be in the log.',
      mend: 'cam audit verify',
    },
  ];
}

export function checkClientKeys(
  vault: MacVault,
  clientKeys: readonly ClientKeyRow[],
  nowMs: number,
): Finding[] {
  const guessable = clientKeys
    .map((row) => keyringEntryOf(vault, row).clientKey)
    .filter(
      ({ revokedAtMs, expiresAtMs }) => revokedAtMs === null && (expiresAtMs === null || expiresAtMs > nowMs),
    )
    .filter((key) => key.guessable);
  if (guessable.length === 0) return [ok('client keys', 'Nobody can guess a client key.')];
  return guessable.map(({ name }) => ({
    check: 'client keys',
    severity: 'warn',
    what: `The value of the client key ${name} was chosen by hand.`,
    why: 'Whatever runs on this computer can guess it and spend on your accounts.',
    mend: `cam keys add ${JSON.stringify(`${name} 2`)} && cam keys revoke ${JSON.stringify(name)}`,
  }));
}

/** Null: nobody wrote down how hard it is to guess. */
/** @param strength when it was chosen; null where nobody wrote that down */
export function checkMasterKey(strength: KeyStrength | null): Finding[] {
  if (strength === null) return [];
  if (strength !== 'guessable')
    return [ok('master key', 'The master key was hard to guess when it was chosen.')];
  return [
    {
      check: 'master key',
      severity: 'warn',
      what: 'The master key is easy to guess.',
      why: 'Whoever has a copy of the database can try keys for as long as they like.',
      mend: 'cam rekey',
    },
  ];
}
