/** What an import would do. Nothing is written; the file is opened and forgotten again. */
import type { ImportPreviewInput } from '../../../lib/wire/moving-inputs.ts';
import type { DifferenceView } from '../../../lib/wire/moving-views.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { ClientKeyStore } from '../clients/client-key-store.ts';
import { type DifferenceDeps, differenceOf } from './difference.ts';
import { type ReadIncomingDeps, readIncoming } from './incoming.ts';

export interface PreviewImportDeps extends DifferenceDeps, ReadIncomingDeps {
  readonly vault: DifferenceDeps['vault'] & ReadIncomingDeps['vault'];
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly clientKeys: Pick<ClientKeyStore, 'list'>;
  readonly vaultId: () => Promise<Uint8Array>;
}

export async function previewImport(
  deps: PreviewImportDeps,
  input: ImportPreviewInput,
): Promise<DifferenceView> {
  const incoming = await readIncoming(deps, input.source);
  const here = {
    accounts: await deps.accounts.list(),
    clientKeys: await deps.clientKeys.list(),
    vaultId: await deps.vaultId(),
  };
  return differenceOf(deps, here, incoming, input).view;
}
