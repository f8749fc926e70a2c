/**
 * Which one is meant: by name (case does not matter), by id, or by the beginning of an id that begins no other.
 * A name wins over an id, because names are what people see.
 */
import { accountNameKey } from '../../lib/accounts/account.ts';
import { CamError, type ErrorCode } from '../../lib/errors.ts';

interface Referable {
  readonly id: string;
  readonly name: string;
  readonly name_key: string;
}

const PREFIX_MIN = 4;

/** @param what `account`, `client key`: for the message */
export function findByRef<Row extends Referable>(
  rows: readonly Row[],
  ref: string,
  what: string,
  missing: ErrorCode,
): Row {
  const nameKey = accountNameKey(ref);
  const named = rows.find((row) => row.name_key === nameKey);
  if (named) return named;
  const prefix = ref.toLowerCase();
  const begun = prefix.length >= PREFIX_MIN ? rows.filter((row) => row.id.startsWith(prefix)) : [];
  const [only, another] = begun;
  if (only && !another) return only;
  if (only) {
    throw new CamError(missing, `More than one ${what} has an id that begins with "${ref}".`, {
      param: 'ref',
      details: { names: begun.map((row) => row.name) },
      hint: 'Use a name, or more of the id.',
    });
  }
  throw new CamError(missing, `There is no ${what} called "${ref}".`, { param: 'ref' });
}
