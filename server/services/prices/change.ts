/** Sets and removes the operator's own prices. They hold from the next call; what was charged stays as it was. */
import type { Actor } from '../../../lib/audit/actor.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { PriceListView, PriceRemoveInput, PriceSetInput } from '../../../lib/wire/price-views.ts';
import { deleteOwnPrices, putOwnPrice } from '../../db/own-prices.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Changes } from '../live/changes.ts';
import { type ListPricesDeps, listPrices } from './list.ts';
import type { OwnPrices } from './own-prices.ts';

export interface ChangePricesDeps extends ListPricesDeps {
  readonly ownPrices: Pick<OwnPrices, 'load'>;
  readonly audit: Pick<AuditLog, 'during'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export async function setPrice(
  deps: ChangePricesDeps,
  input: PriceSetInput,
  actor: Actor,
): Promise<PriceListView> {
  const nowMs = Math.round(deps.clock.nowMs());
  const fromDay = input.fromDay ?? new Date(nowMs).toISOString().slice(0, 10);
  const about = { actor, objectKind: 'setting', objectId: null, objectName: 'prices' } as const;
  await deps.audit.during(
    { ...about, deed: 'settings.changed', detail: { changed: [`${input.model} from ${fromDay}`] } },
    (transaction) =>
      putOwnPrice(transaction, {
        model: input.model,
        from_day: fromDay,
        input: input.input,
        output: input.output,
        cached: input.cached ?? null,
        cache_write: input.cacheWrite ?? null,
        cache_write_12h: input.cacheWrite12h ?? null,
        per_request: input.perRequest ?? null,
        set_at_ms: nowMs,
      }),
  );
  return reloaded(deps, input.model);
}

/** Throws `not_found`. */
export async function removePrice(
  deps: ChangePricesDeps,
  { model, fromDay }: PriceRemoveInput,
  actor: Actor,
): Promise<PriceListView> {
  const about = { actor, objectKind: 'setting', objectId: null, objectName: 'prices' } as const;
  await deps.audit.during(
    { ...about, deed: 'settings.changed', detail: { changed: [`${model} no more`] } },
    async (transaction) => {
      const removed = await deleteOwnPrices(transaction, model, fromDay ?? null);
      if (removed === 0)
        throw new CamError(
          'not_found',
          `You have set no price for ${model}${fromDay ? ` from ${fromDay}` : ''}.`,
        );
    },
  );
  return reloaded(deps, model);
}

async function reloaded(deps: ChangePricesDeps, model: string): Promise<PriceListView> {
  await deps.ownPrices.load();
  deps.changes.made();
  return listPrices(deps, { models: [model] });
}
