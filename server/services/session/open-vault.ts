/**
 * What follows an unlock: everything that the vault guards is read, its MACs are checked, and the rooms that
 * serve calls are filled. It may run again at any time and then replaces what was there.
 */
import { accountId } from '../../../lib/base/id.ts';
import type { Clock } from '../../../lib/base/time.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { ClientKeyring } from '../../vault/client-keyring.ts';
import type { Vault } from '../../vault/vault.ts';
import { NOTHING_LEARNED, sealedAccountOf } from '../accounts/account-row.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { keyringEntryOf } from '../clients/client-key-row.ts';
import type { ClientKeyStore } from '../clients/client-key-store.ts';
import type { UseResetStore } from '../limits/use-reset-store.ts';
import type { Changes } from '../live/changes.ts';

export interface OpenVaultDeps {
  readonly accounts: Pick<AccountStore, 'list' | 'facts' | 'health'>;
  readonly clientKeys: Pick<ClientKeyStore, 'list'>;
  readonly vault: Pick<Vault, 'rowMacMatches' | 'opens'>;
  readonly pool: Pick<Pool, 'load'>;
  readonly keyring: Pick<ClientKeyring, 'load'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly useResets: Pick<UseResetStore, 'apply'>;
  /** Registers `CAM_CLIENT_KEY`, if it was given. */
  readonly registerGivenKey: () => Promise<void>;
}

export async function openVault(deps: OpenVaultDeps): Promise<void> {
  const [rows, facts, health] = [
    await deps.accounts.list(),
    await deps.accounts.facts(),
    await deps.accounts.health(),
  ];
  const entries = rows.map((row) => ({
    account: sealedAccountOf(deps.vault, row),
    facts: facts.get(row.id) ?? NOTHING_LEARNED,
    health: health.get(row.id) ?? null,
  }));
  deps.pool.load(entries);
  for (const { account } of entries) {
    if (account.intact) continue;
    deps.ledger.event({
      atMs: deps.clock.nowMs(),
      kind: 'account.quarantined',
      accountId: accountId(account.id),
      requestId: null,
      data: { name: account.name },
    });
  }
  await deps.registerGivenKey();
  await deps.useResets.apply();
  deps.keyring.load((await deps.clientKeys.list()).map((row) => keyringEntryOf(deps.vault, row)));
  deps.changes.made();
}
