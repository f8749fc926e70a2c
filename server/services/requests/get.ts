/** One call with its plan and its attempts. */
import { CamError } from '../../../lib/errors.ts';
import type { RequestGetInput } from '../../../lib/wire/inputs.ts';
import type { RequestView } from '../../../lib/wire/views.ts';
import type { Reader } from '../../db/reader.ts';

export async function getRequest(
  { reader }: { readonly reader: Pick<Reader, 'run'> },
  { id }: RequestGetInput,
): Promise<RequestView> {
  const request = await reader.run('requests.get', { id: id.toLowerCase() });
  if (!request)
    throw new CamError('not_found', `There is no call ${id}, or more than one begins so.`, {
      param: 'id',
      hint: 'A call that no account could take leaves no record: its answer says why. `cam route` says how it is now.',
    });
  return request;
}
