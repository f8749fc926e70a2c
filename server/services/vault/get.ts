/** The vault's keys as the operator may know them: how old, how hard, how many things they guard. No key is in it. */
import type { LeafName } from '../../../lib/config.ts';
import { CamError } from '../../../lib/errors.ts';
import type { VaultView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { ClientKeyStore } from '../clients/client-key-store.ts';

/** The view's fields and the settings they are. */
const VAULT_LEAVES = {
  autoLockMinutes: 'vault.auto_lock_minutes',
  keychain: 'vault.keychain',
} as const satisfies Record<string, LeafName>;

const KIB_PER_MIB = 1024;

export interface GetVaultDeps {
  readonly vault: Pick<Vault, 'header' | 'keyStrength' | 'rotating'>;
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly clientKeys: Pick<ClientKeyStore, 'list'>;
  readonly settings: Pick<Settings, 'config' | 'origins'>;
}

export async function getVault({ vault, accounts, clientKeys, settings }: GetVaultDeps): Promise<VaultView> {
  const guards = { accounts: (await accounts.list()).length, clientKeys: (await clientKeys.list()).length };
  const header = vault.header();
  if (!header) throw new CamError('vault_uninitialised', 'The vault has no master key yet.');
  const { vault: own } = settings.config;
  return {
    createdAtMs: header.createdAtMs,
    keySetAtMs: header.keySetAtMs ?? header.createdAtMs,
    keyStrength: vault.keyStrength(),
    dekNumber: header.dekNumber,
    dekMadeAtMs: header.dekMadeAtMs ?? header.createdAtMs,
    rotating: vault.rotating(),
    hardness: {
      memoryMib: header.kdfMemoryKib / KIB_PER_MIB,
      passes: header.kdfPasses,
      lanes: header.kdfLanes,
    },
    guards,
    autoLockMinutes: own.auto_lock_minutes,
    keychain: own.keychain,
    fixed: Object.entries(VAULT_LEAVES)
      .filter(([, leaf]) => ['environment', 'flag'].includes(settings.origins[leaf]))
      .map(([field]) => field),
  };
}
