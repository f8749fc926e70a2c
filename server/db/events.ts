/** What happened to accounts and to us, newest first. Events are written by the ledger. */
import type { EventView } from '../../lib/wire/views.ts';
import type { Db } from './schema.ts';

export async function listEvents(db: Db, { limit }: { readonly limit: number }): Promise<EventView[]> {
  const rows = await db
    .selectFrom('events')
    .leftJoin('accounts', 'accounts.id', 'events.account_id')
    .selectAll('events')
    .select('accounts.name as account_name')
    .orderBy('events.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    atMs: row.at_ms,
    kind: row.kind,
    accountId: row.account_id,
    accountName: row.account_name,
    requestId: row.request_id,
    // The column is checked to be JSON; only the ledger writes it, and only objects.
    data: JSON.parse(row.data) as Record<string, unknown>,
  }));
}
