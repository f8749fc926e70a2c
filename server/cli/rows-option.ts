/** `--limit`: how many rows a list shows. */
import { CamError } from '../../lib/errors.ts';

const ROWS_MAX = 200;

/** Throws `invalid_request`. */
export function rowsOption(given: string): number {
  const rows = Number(given);
  if (!Number.isInteger(rows) || rows < 1 || rows > ROWS_MAX) {
    throw new CamError('invalid_request', `--limit is a whole number from 1 to ${ROWS_MAX}.`);
  }
  return rows;
}
