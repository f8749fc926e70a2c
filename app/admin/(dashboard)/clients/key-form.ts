/** A client key as it is typed: what the forms that make and change one have in common. */
import {
  CLIENT_WINDOWS,
  type ClientLimits,
  type ClientWindow,
  clientRules,
  withCeiling,
} from '../../../../lib/metering/client-limits.ts';
import { LIMIT_KINDS, type LimitKind } from '../../../../lib/metering/limit.ts';
import type { ClientKeyView } from '../../../../lib/wire/views.ts';
import { amountWrong, apiAmount, countWrong, typedAmount } from '../../../_components/limit-fields.ts';

/** One ceiling beside the three that have fields of their own. */
export interface TypedLimit {
  readonly amount: string;
  readonly kind: LimitKind;
  readonly window: ClientWindow;
  /** Patterns; nothing for all models. */
  readonly models: string;
}

export interface KeyForm {
  readonly name: string;
  readonly models: readonly string[];
  readonly day: string;
  readonly month: string;
  readonly requests: string;
  readonly more: readonly TypedLimit[];
  readonly tiers: string;
  readonly efforts: string;
  readonly expires: 'never' | '30' | '90' | 'date';
  readonly date: string;
}

export const BLANK: KeyForm = {
  name: '',
  models: [],
  day: '',
  month: '',
  requests: '',
  more: [],
  tiers: '',
  efforts: '',
  expires: 'never',
  date: '',
};

export const WINDOW_NAMES: Readonly<Record<ClientWindow, string>> = {
  hour: 'any hour',
  five_hours: 'any 5 hours',
  day: 'a day',
  week: 'any 7 days',
  month: 'a month',
};
export const KIND_NAMES: Readonly<Record<LimitKind, string>> = {
  requests: 'requests',
  tokens: 'tokens',
  cost: 'dollars',
};
export { CLIENT_WINDOWS, LIMIT_KINDS };

const DAY_MS = 86_400_000;
const WORDS = /[\s,]+/;

/** Those with a field of their own, in the order of the form. */
const OWN_FIELDS = [
  ['day', 'day', 'cost'],
  ['month', 'month', 'cost'],
  ['requests', 'day', 'requests'],
] as const;

const words = (typed: string): string[] => typed.split(WORDS).filter((word) => word !== '');

/** Undefined for a date that is none, or is over. */
export function expiryOf(form: KeyForm): number | null | undefined {
  if (form.expires === 'never') return null;
  if (form.expires !== 'date') return Date.now() + Number(form.expires) * DAY_MS;
  const atMs = new Date(`${form.date}T00:00`).getTime();
  return Number.isNaN(atMs) || atMs <= Date.now() ? undefined : atMs;
}

/** A limit that was begun and has no amount yet is wrong too: it would silently be none. */
export const moreWrong = ({ amount, kind }: TypedLimit): string | null =>
  amount.trim() === ''
    ? 'An amount, or take it away.'
    : kind === 'cost'
      ? amountWrong(amount)
      : countWrong(amount);

export const isReady = (form: KeyForm): boolean =>
  form.name.trim() !== '' &&
  amountWrong(form.day) === null &&
  amountWrong(form.month) === null &&
  countWrong(form.requests) === null &&
  form.more.every((each) => moreWrong(each) === null) &&
  expiryOf(form) !== undefined;

/** The form as the API takes it. */
export function grantsOf(form: KeyForm) {
  return {
    name: form.name,
    models: [...form.models],
    limits: limitsOf(form),
    serviceTiers: form.tiers.trim() === '' ? null : words(form.tiers),
    reasoningEfforts: form.efforts.trim() === '' ? null : words(form.efforts),
  };
}

function limitsOf(form: KeyForm): ClientLimits {
  const own = OWN_FIELDS.reduce<ClientLimits>(
    (limits, [field, window, kind]) =>
      withCeiling(limits, { window, kind, models: null }, apiAmount(kind, form[field])),
    {},
  );
  return form.more.reduce((limits, { amount, kind, window, models }) => {
    const patterns = words(models);
    const place = { window, kind, models: patterns.length === 0 ? null : patterns };
    return withCeiling(limits, place, apiAmount(kind, amount));
  }, own);
}

export function formOf(key: ClientKeyView): KeyForm {
  const typed = clientRules(key.limits).flatMap(({ window, models, amounts }) =>
    LIMIT_KINDS.flatMap((kind): TypedLimit[] => {
      const amount = amounts[kind];
      if (amount === undefined) return [];
      return [{ amount: typedAmount(kind, amount), kind, window, models: models?.join(', ') ?? '' }];
    }),
  );
  const fieldOf = (each: TypedLimit) =>
    OWN_FIELDS.find(
      ([, window, kind]) => each.models === '' && each.window === window && each.kind === kind,
    )?.[0];
  const own = Object.fromEntries(typed.map((each) => [fieldOf(each), each.amount]));
  return {
    ...BLANK,
    name: key.name,
    models: key.models,
    day: own.day ?? '',
    month: own.month ?? '',
    requests: own.requests ?? '',
    more: typed.filter((each) => fieldOf(each) === undefined),
    tiers: key.serviceTiers?.join(', ') ?? '',
    efforts: key.reasoningEfforts?.join(', ') ?? '',
  };
}
