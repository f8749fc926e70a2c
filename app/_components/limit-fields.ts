/** Limits as they are typed (dollars, plain counts) and as the API takes them (nano-dollars, whole numbers). */
import { fromDollars } from '../../lib/base/money.ts';
import type { LimitSet } from '../../lib/metering/limit.ts';

/** `12`, `12.50`, `1,200`; null for nothing typed, undefined for something that is no amount. */
export function readAmount(typed: string): number | null | undefined {
  const plain = typed.replaceAll(/[,$\s]/g, '');
  if (plain === '') return null;
  const amount = Number(plain);
  return Number.isFinite(amount) && amount > 0 ? amount : undefined;
}

/** More money or more of anything than can be counted exactly. */
const DOLLARS_MAX = 9_000_000;

export function amountWrong(typed: string): string | null {
  const amount = readAmount(typed);
  if (amount === undefined) return 'A number above 0, or nothing for no limit.';
  return amount !== null && amount > DOLLARS_MAX ? 'That is more than can be counted.' : null;
}

/** The same for what is counted in whole pieces. */
export function countWrong(typed: string): string | null {
  const count = readAmount(typed);
  if (count === null || Number.isSafeInteger(count)) return null;
  return 'A whole number above 0, or nothing for no limit.';
}

type Kind = 'cost' | 'tokens' | 'requests';

/** What was typed as the API takes it: nano-dollars or a count; null for no limit. */
export function apiAmount(kind: Kind, typed: string): number | null {
  const amount = readAmount(typed) ?? null;
  return amount === null || kind !== 'cost' ? amount : fromDollars(amount);
}

export const typedAmount = (kind: Kind, amount: number): string =>
  kind === 'cost' ? typedDollars(amount) : String(amount);

/** Sets one amount of a LimitSet and leaves the others as they are; null takes it away. */
export function withLimit(
  limits: LimitSet,
  window: 'day' | 'month',
  kind: 'cost' | 'tokens' | 'requests',
  amount: number | null,
): LimitSet {
  const { [kind]: _old, ...others } = limits[window] ?? {};
  const value = amount === null ? null : kind === 'cost' ? fromDollars(amount) : Math.round(amount);
  const amounts = value === null ? others : { ...others, [kind]: value };
  const { [window]: _window, ...rest } = limits;
  return Object.keys(amounts).length === 0 ? rest : { ...rest, [window]: amounts };
}

/** Nano-dollars as they stand in a field: `25`, `12.5`. */
export const typedDollars = (nano: number | undefined): string =>
  nano === undefined ? '' : String(nano / 1_000_000_000);
