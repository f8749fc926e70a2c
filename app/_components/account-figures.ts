/** The gauges of an account: what is used of what, from the provider's headers and from the limits set here. */
import { DASH, formatLimit, formatMoney } from '../../lib/format.ts';
import type { AccountView, LimitUseView } from '../../lib/wire/account-views.ts';

export interface GaugeFigures {
  readonly text: string;
  readonly share: number | null;
  /** Shown where a share would be, when there is none. */
  readonly none: string;
}

export function headerGauge(account: AccountView, bucket: 'requests' | 'tokens'): GaugeFigures {
  const figure = account.headerLimits[bucket];
  if (!figure || figure.limit === null || figure.remaining === null || figure.limit <= 0) {
    return { text: DASH, share: null, none: '' };
  }
  const used = Math.max(0, figure.limit - figure.remaining);
  return {
    text: `${formatLimit(used)} / ${formatLimit(figure.limit)}`,
    share: used / figure.limit,
    none: '',
  };
}

/** The day's money; without a limit the spending alone. */
export function dayGauge(account: AccountView): GaugeFigures {
  const use = limitUse(account, 'day', 'cost');
  if (!use) return { text: formatMoney(account.today.cost), share: null, none: 'no limit' };
  const used = use.used + use.reserved;
  return { text: `${formatMoney(used)} / ${wholeMoney(use.limit)}`, share: used / use.limit, none: '' };
}

export const limitUse = (account: AccountView, window: 'day' | 'month', kind: LimitUseView['kind']) =>
  account.limitUse.find((use) => use.window === window && use.kind === kind);

/** A limit is mostly a round sum: `$25`, not `$25.00`. */
export const wholeMoney = (nano: number | null): string => formatMoney(nano).replace(/\.00$/, '');

/** Who pays, as far as it is known: organisation and project, else the end of the key. */
export function identityLine(account: AccountView): string {
  const organization = account.organizationId ?? account.learned.organization;
  const project = account.projectId ?? account.learned.project;
  if (organization !== null) return project === null ? organization : `${organization} · ${project}`;
  return account.keyLastFour === null ? 'key not shown' : `key …${account.keyLastFour}`;
}
