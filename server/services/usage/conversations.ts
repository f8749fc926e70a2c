/** What conversations cost, with the helpers that they started, and what changing accounts cost them. */
import type { ConversationsInput } from '../../../lib/wire/usage-inputs.ts';
import type { ConversationsView, ConversationView } from '../../../lib/wire/usage-views.ts';
import type { ConversationRow } from '../../db/conversations.ts';
import { clientNames } from '../clients/client-names.ts';
import type { BreakdownDeps } from './breakdown.ts';
import { spanOf } from './periods.ts';

export async function listConversations(
  deps: BreakdownDeps,
  { period, limit }: ConversationsInput,
): Promise<ConversationsView> {
  const span = spanOf(period, deps.clock.nowMs(), deps.windows);
  const { rows, count, lost } = await deps.reader.run('usage.conversations', { ...span, limit });
  const accounts = await deps.accounts.names();
  const clients = clientNames(deps.keyring);
  const named = (row: ConversationRow): ConversationView => ({
    id: row.id,
    firstAtMs: row.first_at_ms,
    lastAtMs: row.last_at_ms,
    clientName: clients.get(row.client_key_id) ?? row.client_key_id,
    models: stringsIn(row.models).filter((model) => model !== ''),
    accounts: stringsIn(row.accounts).map((id) => accounts.get(id)?.name ?? id),
    turns: row.turns,
    helpers: row.helpers,
    totalTokens: row.total_tokens,
    cachedShare: row.cached_share,
    cost: row.cost,
    switches: row.switches,
    lostBySwitches: row.lost,
  });
  return { period, ...span, conversations: rows.map(named), count, lostBySwitches: lost };
}

/** As SQLite's `json_group_array` made it. */
function stringsIn(json: string): readonly string[] {
  const found: unknown = JSON.parse(json);
  return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : [];
}
