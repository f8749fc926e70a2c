/** The operator's own prices, held for the price book: read at the start and after every change. */
import { NANO_PER_DOLLAR } from '../../../lib/base/money.ts';
import type { PriceOverride, PriceOverrides } from '../../../lib/metering/price-overrides.ts';
import { listOwnPrices, type OwnPriceRow } from '../../db/own-prices.ts';
import type { Db } from '../../db/schema.ts';

export interface OwnPrices {
  current(): PriceOverrides;
  load(): Promise<void>;
}

export const OWN_SOURCE = 'operator';

export function createOwnPrices(db: Db): OwnPrices {
  let version = 0;
  let held: PriceOverrides = { version: '0', source: OWN_SOURCE, models: [] };
  return {
    current: () => held,
    async load() {
      const models = (await listOwnPrices(db)).map(overrideOf);
      held = { version: String(++version), source: OWN_SOURCE, models };
    },
  };
}

function overrideOf(row: OwnPriceRow): PriceOverride {
  const dollars = (nano: number): number => nano / NANO_PER_DOLLAR;
  return {
    id: row.model,
    from: row.from_day,
    input: dollars(row.input),
    output: dollars(row.output),
    ...(row.cached === null ? {} : { cached: dollars(row.cached) }),
    ...(row.cache_write === null ? {} : { cacheWrite: dollars(row.cache_write) }),
    ...(row.cache_write_12h === null ? {} : { cacheWrite12h: dollars(row.cache_write_12h) }),
    ...(row.per_request === null ? {} : { perRequest: dollars(row.per_request) }),
  };
}
