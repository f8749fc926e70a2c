/** The vault's keys as the operator may know them: how old, how hard, how many things they guard. No key is in it. */
import { CamError } from '../../../lib/errors.ts';
import type { VaultView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { ClientKeyStore } from '../clients/client-key-store.ts';

const KIB_PER_MIB = 1024;

export interface GetVaultDeps {
  readonly vault: Pick<Vault, 'header' | 'keyStrength' | 'rotating'>;
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly clientKeys: Pick<ClientKeyStore, 'list'>;
  readonly settings: Pick<Settings, 'config' | 'decidedBy'>;
}

export async function getVault({ vault, accounts, clientKeys, settings }: GetVaultDeps): Promise<VaultView> {
  const guards = { accounts: (await accounts.list()).length, clientKeys: (await clientKeys.list()).length };
  const header = vault.header();
  if (!header) throw new CamError('vault_uninitialised', 'The vault has no master key yet.');
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
    keychain: settings.config.vault.keychain,
    keychainDecidedBy: settings.decidedBy('vault.keychain'),
  };
}
