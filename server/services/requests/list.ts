/** A page of the calls, filtered and searched; a search that cannot be understood says why and finds nothing. */
import { CamError } from '../../../lib/errors.ts';
import { parseSearch } from '../../../lib/requests/search.ts';
import type { RequestListInput } from '../../../lib/wire/inputs.ts';
import type { RequestListView } from '../../../lib/wire/views.ts';
import type { Reader } from '../../db/reader.ts';
import type { Names } from '../../db/request-search.ts';
import type { RequestFilter } from '../../db/requests.ts';
import type { ClientKeyring } from '../../vault/client-keyring.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { clientNames } from '../clients/client-names.ts';

export interface ListRequestsDeps {
  readonly reader: Pick<Reader, 'run'>;
  readonly accounts: Pick<AccountStore, 'names'>;
  readonly keyring: Pick<ClientKeyring, 'list'>;
}

export async function listRequests(
  deps: ListRequestsDeps,
  { search, ...input }: RequestListInput,
): Promise<RequestListView> {
  return deps.reader.run('requests.list', { ...input, ...(await searched(deps, search)) });
}

/** A search as the database is asked it. Throws `invalid_request` with all that is wrong with it. */
export async function searched(
  deps: ListRequestsDeps,
  text: string | undefined,
): Promise<Pick<RequestFilter, 'search'>> {
  const { terms, faults } = parseSearch(text ?? '');
  if (faults.length > 0) throw new CamError('invalid_request', faults.join(' '), { param: 'search' });
  return terms.length === 0 ? {} : { search: { terms, names: await namesOf(deps) } };
}

async function namesOf({ accounts, keyring }: ListRequestsDeps): Promise<Names> {
  const named = [...(await accounts.names())].map(([id, { name }]) => [id, name] as const);
  return { accounts: Object.fromEntries(named), clients: Object.fromEntries(clientNames(keyring)) };
}
