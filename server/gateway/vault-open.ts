/** Before anything else: without the vault there are no keys, neither to check nor to spend. */
import { CamError } from '../../lib/errors.ts';
import type { VaultState } from '../../lib/wire/views.ts';

export function requireUnlocked(state: VaultState, headers: Readonly<Record<string, string>>): void {
  if (state === 'unlocked') return;
  const admin = `http://${headers.host ?? '127.0.0.1:8080'}/admin`;
  if (state === 'uninitialised') {
    throw new CamError(
      'vault_uninitialised',
      'Codex Account Manager is not set up yet: open the set-up link that it printed when it started.',
    );
  }
  throw new CamError(
    'vault_locked',
    `Codex Account Manager is locked: unlock it at ${admin}/unlock or with "cam unlock".`,
  );
}
