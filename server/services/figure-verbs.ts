/** What was used, what it costs, what providers say of it, and what somebody should know of: the verbs about figures. */
import { viewOfAccount } from './accounts/list.ts';
import { listAlerts } from './alerts/list.ts';
import { addTarget, listTargets, removeTarget, testTarget } from './alerts/targets.ts';
import { setAdminKey } from './introspection/admin-key.ts';
import { listProviders, reconcile } from './introspection/reconcile.ts';
import { refreshProviders } from './introspection/refresh.ts';
import { removePrice, setPrice } from './prices/change.ts';
import { listPrices } from './prices/list.ts';
import type { Services } from './services.ts';
import type { Shared } from './shared.ts';
import { breakDownUsage } from './usage/breakdown.ts';
import { burnOf } from './usage/burn.ts';
import { listConversations } from './usage/conversations.ts';
import { forecastSpending } from './usage/forecast.ts';
import { kindsOf } from './usage/kinds.ts';
import { seriesOf } from './usage/series.ts';
import { summariseUsage } from './usage/summary.ts';

export function figureVerbs(shared: Shared): Pick<Services, 'usage' | 'prices' | 'alerts' | 'providers'> {
  const changing = { ...shared, viewOf: (id: string) => viewOfAccount(shared, id) };
  return {
    usage: {
      summary: (input) => summariseUsage(shared, input),
      breakdown: (input) => breakDownUsage(shared, input),
      conversations: (input) => listConversations(shared, input),
      kinds: (input) => kindsOf(shared, input),
      series: (input) => seriesOf(shared, input),
      burn: (input) => burnOf(shared, input),
      forecast: () => forecastSpending(shared),
      rebuild: shared.rebuildHours,
    },
    prices: {
      list: (input) => listPrices(shared, input),
      set: (input, actor) => setPrice(shared, input, actor),
      remove: (input, actor) => removePrice(shared, input, actor),
    },
    alerts: {
      list: (input) => listAlerts(shared, input),
      targets: () => listTargets(shared),
      addTarget: (input, actor) => addTarget(shared, input, actor),
      removeTarget: (input, actor) => removeTarget(shared, input, actor),
      testTarget: (input) => testTarget(shared, input),
    },
    providers: {
      list: () => listProviders(shared),
      refresh: async (input) => {
        await refreshProviders(shared, input);
        return listProviders(shared);
      },
      reconcile: (input) => reconcile(shared, input),
      setAdminKey: (input, actor) => setAdminKey(changing, input, actor),
    },
  };
}
