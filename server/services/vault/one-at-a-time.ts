/** One change of the vault at a time: who comes while another is made is told so, and nothing waits in line. */
import { CamError } from '../../../lib/errors.ts';

export type OneAtATime = <T>(work: () => Promise<T>) => Promise<T>;

export function createOneAtATime(): OneAtATime {
  let busy = false;
  return async (work) => {
    if (busy) throw new CamError('conflict', 'The vault is being changed already. Try again in a moment.');
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  };
}
