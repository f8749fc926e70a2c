/**
 * Keeping the master key in the operating system's keychain, or no longer: opt-in, with the key typed again, because
 * from then on whoever is this user can open the vault.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutVault } from '../../../lib/audit/deeds.ts';
import type { Secret } from '../../../lib/base/secret.ts';
import type { VaultKeychainInput } from '../../../lib/wire/inputs.ts';
import type { VaultView } from '../../../lib/wire/views.ts';
import type { Keychain } from '../../keychain.ts';
import { type StepUpDeps, stepUp } from '../session/try-master-key.ts';
import { type ChangeSettingsDeps, changeSettings } from '../settings/set.ts';

export interface KeychainDeps extends StepUpDeps, ChangeSettingsDeps {
  readonly audit: StepUpDeps['audit'] & ChangeSettingsDeps['audit'];
  readonly view: () => Promise<VaultView>;
  readonly keychain: Pick<Keychain, 'write' | 'remove'>;
  /** Something that whoever watches this server should read. */
  readonly note: (text: string) => void;
}

/** Throws `keychain_unavailable`; the setting is then as it was. */
export async function setKeychain(
  deps: KeychainDeps,
  input: VaultKeychainInput,
  actor: Actor,
): Promise<VaultView> {
  if (input.on) {
    await stepUp(deps, input.masterKey, 'To put the master key into the keychain', aboutVault(actor));
    if (input.masterKey) await deps.keychain.write(input.masterKey);
  }
  await changeSettings(deps, { 'vault.keychain': input.on }, actor);
  if (!input.on) await deps.keychain.remove();
  return deps.view();
}

/** After a change of the master key. An entry with the old one would stop the next start, so it must not stay. */
export async function keychainFollows(
  deps: Pick<KeychainDeps, 'keychain' | 'settings' | 'note'>,
  masterKey: Secret,
): Promise<void> {
  if (!deps.settings.config.vault.keychain) return;
  try {
    await deps.keychain.write(masterKey);
  } catch {
    deps.note('The keychain still holds the old master key: run `cam keychain on` again.');
    await deps.keychain.remove().catch(() => {});
  }
}
