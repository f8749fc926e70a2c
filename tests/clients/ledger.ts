/** What the ledger has of the calls since a moment, as the dashboard reads it. */
import type { RequestListView, RequestRowView } from '../../lib/wire/views.ts';
import type { World } from './world.ts';

export interface Ledger {
  /** Newest first. */
  rows(): Promise<readonly RequestRowView[]>;
}

const PAGE = 200;
const PAGES_MAX = 100;

export async function ledgerOf(world: World): Promise<Ledger> {
  const [newest] = (await page(world, {})).rows;
  return {
    async rows() {
      const found: RequestRowView[] = [];
      let before: string | null = null;
      for (let n = 0; n < PAGES_MAX; n++) {
        const { rows, nextBefore } = await page(world, before === null ? {} : { before });
        const end = rows.findIndex(({ id }) => id === newest?.id);
        found.push(...(end < 0 ? rows : rows.slice(0, end)));
        if (end >= 0 || nextBefore === null) break;
        before = nextBefore;
      }
      return found;
    },
  };
}

async function page(world: World, more: object): Promise<RequestListView> {
  return (await world.ask('requests.list', { limit: PAGE, ...more })) as RequestListView;
}
