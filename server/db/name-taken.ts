/** The database refusing a row: a name or value that is taken, a secret sealed before a rotation ended. */
import { CamError, type ErrorCode } from '../../lib/errors.ts';
import { sqliteCode } from './open.ts';

export async function refusing<T>(work: Promise<T>, code: ErrorCode, message: string): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const why = sqliteCode(cause);
    if (why === 'SQLITE_CONSTRAINT_TRIGGER') throw rotated(cause);
    if (why !== 'SQLITE_CONSTRAINT_UNIQUE' && why !== 'SQLITE_CONSTRAINT_PRIMARYKEY') throw cause;
    throw new CamError(code, message, { cause });
  }
}

const rotated = (cause: unknown): CamError =>
  new CamError('conflict', 'The vault got a new data key meanwhile. Nothing was stored: try again.', {
    cause,
  });
