/**
 * Money as whole nano-dollars (1e-9 US dollar), so that sums are exact in any order.
 * A JavaScript number holds 9 million dollars of them exactly.
 */
declare const nano: unique symbol;
export type NanoDollars = number & { readonly [nano]: true };

export const NANO_PER_DOLLAR = 1_000_000_000;

/** Nearest whole nano-dollar of an amount in dollars. Throws RangeError on anything that is not finite. */
export function fromDollars(dollars: number): NanoDollars {
  if (!Number.isFinite(dollars)) throw new RangeError('an amount of money must be a finite number');
  return Math.round(dollars * NANO_PER_DOLLAR) as NanoDollars;
}

export const nanoDollars = (whole: number): NanoDollars => whole as NanoDollars;
