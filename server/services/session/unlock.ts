/**
 * Signing in with the master key. A locked vault is unlocked by it and its contents are loaded; with an
 * unlocked one the key is only checked. Either way the caller gets a sign-in of its own.
 */
import type { Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import type { UnlockInput } from '../../../lib/wire/inputs.ts';
import type { LoginThrottle, Sessions, SignIn } from '../../vault/sessions.ts';
import type { Vault, VaultHeader } from '../../vault/vault.ts';
import { throttled, wrongMasterKey } from './try-master-key.ts';

export interface OpenWithDeps {
  readonly vault: Pick<Vault, 'state' | 'unlock' | 'verify' | 'lock'>;
  readonly throttle: LoginThrottle;
  readonly saveHeader: (header: VaultHeader) => Promise<void>;
  /** Loads what the vault guards; see `open-vault.ts`. */
  readonly openVault: () => Promise<void>;
}

/** Leaves the vault unlocked and its contents loaded, or throws and leaves it as it was. */
export function openWithMasterKey(deps: OpenWithDeps, masterKey: Secret): Promise<void> {
  return throttled(deps.throttle, async () => {
    const state = deps.vault.state();
    if (state === 'uninitialised') {
      throw new CamError(
        'vault_uninitialised',
        'Nothing has been set up here yet, so there is nothing to unlock.',
      );
    }
    if (state === 'unlocked') {
      if (!(await deps.vault.verify(masterKey))) throw wrongMasterKey();
      return;
    }
    const costlier = await deps.vault.unlock(masterKey);
    try {
      if (costlier !== null) await deps.saveHeader(costlier);
      await deps.openVault();
    } catch (thrown) {
      deps.vault.lock();
      throw thrown;
    }
  });
}

export interface UnlockDeps extends OpenWithDeps {
  readonly sessions: Pick<Sessions, 'signIn'>;
}

export async function unlock(deps: UnlockDeps, input: UnlockInput): Promise<SignIn> {
  await openWithMasterKey(deps, input.masterKey);
  return deps.sessions.signIn(input.want);
}
