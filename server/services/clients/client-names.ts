/** What calls are booked under, by the id in the ledger: every client key, the revoked ones too, and the dashboard. */
import { PLAYGROUND_ID, PLAYGROUND_NAME } from '../../../lib/clients/playground.ts';
import type { ClientKeyring } from '../../vault/client-keyring.ts';

export function clientNames(keyring: Pick<ClientKeyring, 'list'>): Map<string, string> {
  const names = new Map<string, string>([[PLAYGROUND_ID, PLAYGROUND_NAME]]);
  for (const { clientKey } of keyring.list()) names.set(clientKey.id, clientKey.name);
  return names;
}
