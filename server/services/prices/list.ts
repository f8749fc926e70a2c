/** Which price is in force for which model, and whose it is. */
import { type Clock, DAY_MS } from '../../../lib/base/time.ts';
import type { PriceBook } from '../../../lib/metering/price-book.ts';
import { PACKAGE_SOURCE } from '../../../lib/metering/price-lists.ts';
import { shippedOverrides } from '../../../lib/metering/price-overrides.ts';
import type { OwnPriceView, PriceListInput, PriceListView } from '../../../lib/wire/price-views.ts';
import { listOwnPrices, type OwnPriceRow } from '../../db/own-prices.ts';
import type { Reader } from '../../db/reader.ts';
import type { Db } from '../../db/schema.ts';
import type { Pool } from '../../upstream/pool.ts';
import { listModels } from '../models/list.ts';

export interface ListPricesDeps {
  readonly db: Db;
  readonly reader: Pick<Reader, 'run'>;
  readonly prices: Pick<PriceBook, 'prices' | 'contextTokens'>;
  readonly pool: Pick<Pool, 'snapshot'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

const USED_MS = 30 * DAY_MS;

export async function listPrices(deps: ListPricesDeps, { models }: PriceListInput): Promise<PriceListView> {
  const nowMs = deps.clock.nowMs();
  const span = { fromMs: nowMs - USED_MS, toMs: nowMs };
  const { groups } = await deps.reader.run('usage.breakdown', { ...span, by: 'model' });
  const used = new Map(groups.filter(({ key }) => key !== '').map((group) => [group.key, group]));
  const wanted = models ?? [...new Set([...used.keys(), ...listModels(deps).map(({ id }) => id)])].sort();
  const query = { inputTokens: null, serviceTier: null, multiplier: 1, atMs: nowMs };
  return {
    models: wanted.map((model) => ({
      model,
      prices: deps.prices.prices(model, query),
      contextTokens: deps.prices.contextTokens(model, nowMs),
      calls: used.get(model)?.requests ?? 0,
      unknownCostCalls: used.get(model)?.unknownCostCalls ?? 0,
    })),
    own: (await listOwnPrices(deps.db)).map(ownView),
    dataSource: PACKAGE_SOURCE,
    dataDay: shippedOverrides.version,
  };
}

function ownView(row: OwnPriceRow): OwnPriceView {
  return {
    model: row.model,
    fromDay: row.from_day,
    input: row.input,
    output: row.output,
    cached: row.cached,
    cacheWrite: row.cache_write,
    cacheWrite12h: row.cache_write_12h,
    perRequest: row.per_request,
    setAtMs: row.set_at_ms,
  };
}
