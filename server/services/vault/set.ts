/** Settings of the vault that need no proof: what they change only ever locks it. */
import type { Actor } from '../../../lib/audit/actor.ts';
import type { VaultSetInput } from '../../../lib/wire/inputs.ts';
import type { VaultView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Changes } from '../live/changes.ts';

export interface SetVaultDeps {
  readonly settings: Settings;
  readonly changes: Pick<Changes, 'made'>;
  readonly audit: Pick<AuditLog, 'during'>;
  readonly view: () => Promise<VaultView>;
}

export async function setVault(deps: SetVaultDeps, input: VaultSetInput, actor: Actor): Promise<VaultView> {
  const { autoLockMinutes } = input;
  if (autoLockMinutes !== undefined)
    await changeVaultSetting(deps, actor, 'auto_lock_minutes', autoLockMinutes);
  return deps.view();
}

/** In the file and in the audit log, or in neither. */
export async function changeVaultSetting(
  { settings, changes, audit }: Omit<SetVaultDeps, 'view'>,
  actor: Actor,
  name: 'auto_lock_minutes' | 'keychain',
  value: number | boolean,
): Promise<void> {
  const changed = [`vault.${name}: ${settings.config.vault[name]} → ${value}`];
  await audit.during(
    {
      actor,
      objectKind: 'setting',
      objectId: null,
      objectName: 'vault',
      deed: 'settings.changed',
      detail: { changed },
    },
    () => settings.set({ [`vault.${name}`]: value }),
  );
  changes.made();
}
