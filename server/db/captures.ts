/** Captured bodies as stored. */
import type { Selectable } from 'kysely';
import type { CapturesTable, Db } from './schema.ts';

export type CaptureRow = Selectable<CapturesTable>;

export async function insertCapture(db: Db, row: CaptureRow): Promise<void> {
  await db
    .insertInto('captures')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export function findCapture(db: Db, requestId: string): Promise<CaptureRow | undefined> {
  return db.selectFrom('captures').selectAll().where('request_id', '=', requestId).executeTakeFirst();
}

/** Those that have had their time, and the oldest beyond a number. */
export async function pruneCaptures(db: Db, nowMs: number, most: number): Promise<void> {
  await db.deleteFrom('captures').where('expires_at_ms', '<=', nowMs).execute();
  const border = await db
    .selectFrom('captures')
    .select('captured_at_ms')
    .orderBy('captured_at_ms', 'desc')
    .offset(most)
    .limit(1)
    .executeTakeFirst();
  if (border) await db.deleteFrom('captures').where('captured_at_ms', '<=', border.captured_at_ms).execute();
}

export async function deleteCaptures(db: Db): Promise<number> {
  return Number((await db.deleteFrom('captures').executeTakeFirst()).numDeletedRows);
}

export function captureRowsAfter(db: Db, after: string, limit: number): Promise<CaptureRow[]> {
  return db
    .selectFrom('captures')
    .selectAll()
    .where('request_id', '>', after)
    .orderBy('request_id')
    .limit(limit)
    .execute();
}

export async function updateCaptureSeal(db: Db, requestId: string, sealed: Uint8Array): Promise<void> {
  await db
    .updateTable('captures')
    .set({ sealed_bodies: sealed })
    .where('request_id', '=', requestId)
    .execute();
}
