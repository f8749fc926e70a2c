/** A price as it is typed, in dollars for a million tokens, and as the API takes it. */
import { fromDollars } from '../../../../lib/base/money.ts';
import type { UnitPrices } from '../../../../lib/metering/price.ts';
import type { PriceSetInput } from '../../../../lib/wire/price-views.ts';
import { typedDollars } from '../../../_components/limit-fields.ts';

export interface PriceForm {
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly cached: string;
  readonly cacheWrite: string;
  readonly cacheWrite12h: string;
  readonly perRequest: string;
  readonly fromDay: string;
}

export const BLANK_PRICE: PriceForm = {
  model: '',
  input: '',
  output: '',
  cached: '',
  cacheWrite: '',
  cacheWrite12h: '',
  perRequest: '',
  fromDay: '',
};

const DOLLARS_MAX = 1_000_000;

/** Null for nothing typed, undefined for what is no price; nothing is a price, too. */
function readPrice(typed: string): number | null | undefined {
  const plain = typed.replaceAll(/[$\s]/g, '');
  if (plain === '') return null;
  // A comma may part thousands or cents: which of them is not ours to guess.
  if (!/^(\d+(\.\d*)?|\.\d+)$/.test(plain)) return undefined;
  const dollars = Number(plain);
  return dollars <= DOLLARS_MAX ? dollars : undefined;
}

export function priceWrong(typed: string): string | null {
  return readPrice(typed) === undefined ? 'Dollars, with a point before the cents.' : null;
}

export function modelWrong(typed: string): string | null {
  const model = typed.trim();
  return model === '' || /^[^\s*]+\*?$/.test(model) ? null : 'One word; a * may stand at its end only.';
}

/** What stands in the fields for a model that has a price already. */
export function priceFormOf(model: string, prices: UnitPrices | null): PriceForm {
  if (prices === null) return { ...BLANK_PRICE, model };
  const known = (nano: number | null | undefined): string => typedDollars(nano ?? undefined);
  return {
    model,
    input: known(prices.input),
    output: known(prices.output),
    cached: known(prices.cached),
    cacheWrite: known(prices.cacheWrite),
    cacheWrite12h: known(prices.cacheWrite12h),
    perRequest: known(prices.perRequest),
    fromDay: '',
  };
}

/** Null while something is missing or wrong. */
export function priceInput(form: PriceForm): PriceSetInput | null {
  const model = form.model.trim();
  const input = readPrice(form.input);
  const output = readPrice(form.output);
  if (model === '' || modelWrong(model) !== null || typeof input !== 'number' || typeof output !== 'number')
    return null;
  const more: { -readonly [Name in 'cached' | 'cacheWrite' | 'cacheWrite12h' | 'perRequest']?: number } = {};
  for (const name of ['cached', 'cacheWrite', 'cacheWrite12h', 'perRequest'] as const) {
    const price = readPrice(form[name]);
    if (price === undefined) return null;
    if (price !== null) more[name] = fromDollars(price);
  }
  const fromDay = form.fromDay === '' ? {} : { fromDay: form.fromDay };
  return { model, input: fromDollars(input), output: fromDollars(output), ...more, ...fromDay };
}
