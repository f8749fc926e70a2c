/** Changes that ask for the master key again: it is asked for when the server says so, and not before. */
import { reveal } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import type { Connection } from './connection.ts';

export async function withStepUp<T>(
  connection: Pick<Connection, 'masterKey'>,
  change: (proof: { readonly masterKey?: string }) => Promise<T>,
): Promise<T> {
  try {
    return await change({});
  } catch (thrown) {
    if (!(thrown instanceof CamError) || thrown.code !== 'step_up_required') throw thrown;
    return change({ masterKey: reveal(await connection.masterKey()) });
  }
}
