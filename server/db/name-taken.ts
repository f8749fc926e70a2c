/** A unique index refusing a row, told apart from every other failure. */
import { CamError, type ErrorCode } from '../../lib/errors.ts';
import { sqliteCode } from './open.ts';

export async function refusing<T>(work: Promise<T>, code: ErrorCode, message: string): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const why = sqliteCode(cause);
    if (why !== 'SQLITE_CONSTRAINT_UNIQUE' && why !== 'SQLITE_CONSTRAINT_PRIMARYKEY') throw cause;
    throw new CamError(code, message, { cause });
  }
}
