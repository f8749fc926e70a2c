/**
 * The audit log as stored. Rows go in and out as they are; what authenticates them is the business of whoever holds
 * the vault. Everything that writes takes a transaction: a deed and its row are stored together or not at all.
 */
import type { Insertable, Selectable } from 'kysely';
import type { AuditHeadTable, AuditLogTable, AuditWaitingTable, Db } from './schema.ts';

export type AuditRow = Selectable<AuditLogTable>;
export type AuditHeadRow = Omit<Selectable<AuditHeadTable>, 'id'>;
export type AuditWaitingRow = Selectable<AuditWaitingTable>;
/** With the MAC of the row before it; null where there is none. */
export type LinkedAuditRow = AuditRow & { readonly previous_mac: Uint8Array | null };

const ONLY_ROW = 1;

/** Runs in one transaction; the work awaits nothing but the database. */
export function inTransaction<T>(db: Db, work: (transaction: Db) => Promise<T>): Promise<T> {
  return db.transaction().execute(work);
}

export async function readAuditHead(db: Db): Promise<AuditHeadRow | null> {
  const query = db.selectFrom('audit_head').select(['number', 'mac', 'seal']).where('id', '=', ONLY_ROW);
  return (await query.executeTakeFirst()) ?? null;
}

export async function lastAuditRow(db: Db): Promise<Pick<AuditRow, 'number' | 'mac'> | null> {
  const query = db.selectFrom('audit_log').select(['number', 'mac']).orderBy('number', 'desc').limit(1);
  return (await query.executeTakeFirst()) ?? null;
}

export async function insertAuditRow(db: Db, row: AuditRow, head: AuditHeadRow): Promise<void> {
  await db.insertInto('audit_log').values(row).execute();
  await db
    .insertInto('audit_head')
    .values({ id: ONLY_ROW, ...head })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(head))
    .execute();
}

/** Past `max` rows the newest only counts on, so that nobody fills the disk by guessing. */
export async function insertWaiting(
  db: Db,
  row: Omit<Insertable<AuditWaitingTable>, 'id' | 'times'>,
  max: number,
): Promise<void> {
  const { waiting, newest } = await db
    .selectFrom('audit_waiting')
    .select(({ fn }) => [fn.countAll<number>().as('waiting'), fn.max('id').as('newest')])
    .executeTakeFirstOrThrow();
  if (waiting < max) {
    await db
      .insertInto('audit_waiting')
      .values({ ...row, times: 1 })
      .execute();
    return;
  }
  await db
    .updateTable('audit_waiting')
    .set(({ eb }) => ({ at_ms: row.at_ms, times: eb('times', '+', 1) }))
    .where('id', '=', newest)
    .execute();
}

/** Takes out what waits, in order. */
export async function takeWaiting(db: Db, max: number): Promise<AuditWaitingRow[]> {
  const rows = await db.selectFrom('audit_waiting').selectAll().orderBy('id').limit(max).execute();
  if (rows.length > 0) await db.deleteFrom('audit_waiting').execute();
  return rows;
}

export interface AuditListParams {
  readonly before: number | null;
  readonly limit: number;
  readonly objectId: string | null;
  readonly objectKind: string | null;
  readonly sinceMs: number | null;
}

/** Newest first. */
export function listAudit(db: Db, params: AuditListParams): Promise<LinkedAuditRow[]> {
  const { before, limit, objectId, objectKind, sinceMs } = params;
  return linked(db)
    .$if(before !== null, (query) => query.where('row.number', '<', before ?? 0))
    .$if(objectId !== null, (query) => query.where('row.object_id', '=', objectId))
    .$if(objectKind !== null, (query) => query.where('row.object_kind', '=', objectKind))
    .$if(sinceMs !== null, (query) => query.where('row.at_ms', '>=', sinceMs ?? 0))
    .orderBy('row.number', 'desc')
    .limit(limit)
    .execute();
}

export interface AuditPageParams {
  readonly after: number;
  readonly limit: number;
  readonly sinceMs: number | null;
}

/** Oldest first. */
export function pageAudit(db: Db, { after, limit, sinceMs }: AuditPageParams): Promise<LinkedAuditRow[]> {
  return linked(db)
    .where('row.number', '>', after)
    .$if(sinceMs !== null, (query) => query.where('row.at_ms', '>=', sinceMs ?? 0))
    .orderBy('row.number')
    .limit(limit)
    .execute();
}

const linked = (db: Db) =>
  db
    .selectFrom('audit_log as row')
    .leftJoin('audit_log as before', (join) =>
      join.on(({ eb, ref }) => eb('before.number', '=', eb(ref('row.number'), '-', 1))),
    )
    .selectAll('row')
    .select('before.mac as previous_mac');
