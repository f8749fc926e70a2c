/**
 * Another master key for the same vault: what it seals stays sealed as it is, only the data key is wrapped anew.
 * The new header opened with the new key before it was stored, it is stored in one transaction, and then every
 * sign-in ends, that of whoever asked included: signing in again proves that the new key is really at hand.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutVault } from '../../../lib/audit/deeds.ts';
import { reveal, type Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import type { VaultRekeyInput } from '../../../lib/wire/inputs.ts';
import type { Sessions } from '../../vault/sessions.ts';
import type { Vault } from '../../vault/vault.ts';
import { type AcceptKeyDeps, acceptMasterKey } from '../session/master-key-rules.ts';
import { type StepUpDeps, withStepUp } from '../session/try-master-key.ts';
import type { HeaderStore } from './header-store.ts';
import type { OneAtATime } from './one-at-a-time.ts';

export interface RekeyDeps extends AcceptKeyDeps, Omit<StepUpDeps, 'vault'> {
  readonly vault: Pick<Vault, 'rekey'>;
  readonly sessions: Pick<Sessions, 'endAll'>;
  readonly headers: HeaderStore;
  readonly alone: OneAtATime;
  /** Keeps the operating system's keychain up to date where it is in use. Never throws. */
  readonly keychainFollows: (masterKey: Secret) => Promise<void>;
}

export async function rekey(deps: RekeyDeps, input: VaultRekeyInput, actor: Actor): Promise<void> {
  const { masterKey, newMasterKey } = input;
  refuseSameKey(masterKey, newMasterKey);
  const strength = await acceptMasterKey(deps, newMasterKey, input.acceptGuessable);
  await deps.alone(async () => {
    const about = aboutVault(actor);
    const change = await withStepUp(deps, 'To change the master key', about, () =>
      deps.vault.rekey(masterKey, newMasterKey, strength),
    );
    await deps.headers.save(change, { deed: { ...about, deed: 'vault.rekeyed', detail: {} } });
  });
  deps.sessions.endAll();
  await deps.keychainFollows(newMasterKey);
}

/** A change to the same key would look done, and what was to be left behind would go on opening the vault. */
function refuseSameKey(one: Secret, other: Secret): void {
  if (reveal(one).normalize('NFC') !== reveal(other).normalize('NFC')) return;
  throw new CamError('invalid_request', 'The new master key is the one in use.', { param: 'newMasterKey' });
}
