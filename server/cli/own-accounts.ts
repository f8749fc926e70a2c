/** The accounts that there are, as a simulation takes them. */
import { CamError } from '../../lib/errors.ts';
import { type OwnAccounts, ownAccounts } from '../../lib/routing/simulate/own-pool.ts';
import type { Connection } from './connection.ts';

export async function readOwnAccounts(connection: Connection): Promise<OwnAccounts> {
  const own = ownAccounts(await connection.call((api) => api.accounts.list.query()));
  if (own !== null) return own;
  throw new CamError('no_account', 'There is no account that could serve.', {
    hint: 'Enable one, or let accounts be made up with --accounts.',
  });
}
