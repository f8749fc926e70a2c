/** One call with its plan and its attempts. */
import { CamError } from '../../../lib/errors.ts';
import type { RequestGetInput } from '../../../lib/wire/inputs.ts';
import type { RequestView } from '../../../lib/wire/views.ts';
import type { Readings } from '../readings.ts';

export async function getRequest(
  readings: Pick<Readings, 'request'>,
  { id }: RequestGetInput,
): Promise<RequestView> {
  const request = await readings.request(id.toLowerCase());
  if (!request) throw new CamError('not_found', `There is no call ${id}.`, { param: 'id' });
  return request;
}
