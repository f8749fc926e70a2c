/** Calls as they end, one line each, until the command is told to end. */
import type { RequestRowView } from '../../lib/wire/views.ts';
import type { CommandWorld } from './command.ts';
import { type Column, printTable } from './table.ts';

const EVERY_MS = 1_000;
/** As many as can be asked for at once, and then some, so that none is shown twice. */
const SEEN_MAX = 2_000;

/**
 * @param next the latest calls, newest first; those under way are shown once they have ended
 * @param limit how many of those that ended before stand above
 */
export async function followCalls(
  { terminal, flags }: Pick<CommandWorld, 'terminal' | 'flags'>,
  next: () => Promise<readonly RequestRowView[]>,
  limit: number,
  columns: readonly Column<RequestRowView>[],
): Promise<void> {
  const seen = new Set<string>();
  let heading = true;
  const show = (rows: readonly RequestRowView[]): void => {
    const ended = rows.filter(({ id, outcome }) => outcome !== null && !seen.has(id)).reverse();
    for (const { id } of ended) seen.add(id);
    for (const id of seen) {
      if (seen.size <= SEEN_MAX) break;
      seen.delete(id);
    }
    if (flags().json) for (const row of ended) terminal.out(JSON.stringify(row));
    else if (ended.length > 0 || heading) {
      printTable(terminal, ended, columns, { heading });
      heading = false;
    }
  };
  const before = (await next()).filter(({ outcome }) => outcome !== null);
  for (const { id } of before.slice(limit)) seen.add(id);
  show(before);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    show(await next());
  }
}
