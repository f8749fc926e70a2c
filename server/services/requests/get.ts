/** One call with its plan and its attempts: from the ledger, or from memory where no account could take it. */
import { CamError } from '../../../lib/errors.ts';
import type { RefusedCall } from '../../../lib/routing/refused-call.ts';
import type { RequestGetInput } from '../../../lib/wire/inputs.ts';
import type { RequestView } from '../../../lib/wire/views.ts';
import type { Reader } from '../../db/reader.ts';
import { refusedView } from './refused-view.ts';

export interface GetRequestDeps {
  readonly reader: Pick<Reader, 'run'>;
  /** The gateway's: the latest calls that no account could take. */
  readonly findRefused: (id: string) => RefusedCall | null;
}

export async function getRequest(
  { reader, findRefused }: GetRequestDeps,
  input: RequestGetInput,
): Promise<RequestView> {
  const id = input.id.toLowerCase();
  const request = await reader.run('requests.get', { id });
  if (request) return request;
  const refused = findRefused(id);
  if (refused) return refusedView(refused);
  throw new CamError('not_found', `There is no call ${input.id}, or more than one begins so.`, {
    param: 'id',
    hint: 'Calls that no account could take are remembered until the server stops, the last 200 of them.',
  });
}
