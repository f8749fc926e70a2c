/** One call with its plan and its attempts: from the ledger, or from memory where it was refused before that. */
import { CamError } from '../../../lib/errors.ts';
import type { RefusedCall } from '../../../lib/routing/refused-call.ts';
import type { RequestGetInput } from '../../../lib/wire/inputs.ts';
import type { RequestView } from '../../../lib/wire/views.ts';
import type { Reader } from '../../db/reader.ts';
import { refusedView } from './refused-view.ts';

export interface GetRequestDeps {
  readonly reader: Pick<Reader, 'run'>;
  /** The gateway's: the latest calls that were refused before any account was asked. */
  readonly refused: {
    find(id: string): RefusedCall | null;
    newest(): RefusedCall | null;
  };
}

const LAST = 'last';

export async function getRequest(deps: GetRequestDeps, input: RequestGetInput): Promise<RequestView> {
  const id = input.id.toLowerCase();
  if (id === LAST) return newest(deps);
  const found = await find(deps, id);
  if (found) return found;
  throw new CamError('not_found', `There is no call ${input.id}, or more than one begins so.`, {
    param: 'id',
    hint: 'Calls that were refused before any account was asked are remembered until the server stops, the last 200 of them.',
  });
}

async function find({ reader, refused }: GetRequestDeps, id: string): Promise<RequestView | null> {
  const request = await reader.run('requests.get', { id });
  if (request) return request;
  const remembered = refused.find(id);
  return remembered && refusedView(remembered);
}

/** The latest of all, whether it came to an account or not. */
async function newest({ reader, refused }: GetRequestDeps): Promise<RequestView> {
  const [row] = (await reader.run('requests.list', { limit: 1 })).rows;
  const remembered = refused.newest();
  if (remembered !== null && remembered.startedAtMs >= (row?.startedAtMs ?? 0))
    return refusedView(remembered);
  const request = row === undefined ? null : await reader.run('requests.get', { id: row.id });
  if (request) return request;
  throw new CamError('not_found', 'There is no call yet.');
}
