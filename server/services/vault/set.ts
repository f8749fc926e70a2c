/** Settings of the vault that need no proof: what they change only ever locks it. */
import type { VaultSetInput } from '../../../lib/wire/inputs.ts';
import type { VaultView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import type { Changes } from '../live/changes.ts';

export interface SetVaultDeps {
  readonly settings: Settings;
  readonly changes: Pick<Changes, 'made'>;
  readonly view: () => Promise<VaultView>;
}

export async function setVault(deps: SetVaultDeps, { autoLockMinutes }: VaultSetInput): Promise<VaultView> {
  if (autoLockMinutes !== undefined) {
    deps.settings.set({ 'vault.auto_lock_minutes': autoLockMinutes });
    deps.changes.made();
  }
  return deps.view();
}
