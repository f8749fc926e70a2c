/** What a provider told of itself, in words: the same in the dashboard and on the command line. */
import { formatCountOf, formatMoney } from '../format.ts';
import type { Source, SourceView } from '../wire/provider-views.ts';

export const SOURCE_NAMES: Readonly<Record<Source, string>> = {
  models: 'models',
  usage: 'usage',
  costs: 'costs',
  key: 'which key',
  rate_limits: 'rate limits',
  spend_limit: 'spend limit',
  billing: 'billing',
};

/** What it said last; where it failed since, why. */
export function saySource({ source, error, data }: Omit<SourceView, 'okAtMs' | 'errorAtMs'>): string {
  if (error !== null) return error;
  const field = (name: string): unknown =>
    typeof data === 'object' && data !== null ? Reflect.get(data, name) : null;
  switch (source) {
    case 'models': {
      const models = field('models');
      return typeof models === 'number' ? formatCountOf(models, 'model') : 'the key is accepted';
    }
    case 'key':
      return typeof field('keyId') === 'string'
        ? String(field('keyId'))
        : 'not found among the keys of its project';
    case 'rate_limits':
      return Array.isArray(data) ? formatCountOf(data.length, 'model') : '';
    case 'spend_limit': {
      const dollars = field('dollars');
      return typeof dollars === 'number'
        ? `$${dollars} a month${field('enforced') === true ? ', enforced' : ''}`
        : 'none set';
    }
    case 'billing':
      return sayBilling(field('usedThisMonth'), field('limit'), field('left'));
    default:
      return `the last ${String(field('days'))} days`;
  }
}

function sayBilling(used: unknown, limit: unknown, left: unknown): string {
  const parts = [
    typeof used === 'number' && `${formatMoney(used)} used this month`,
    typeof limit === 'number' && `a limit of ${formatMoney(limit)}`,
    typeof left === 'number' && `${formatMoney(left)} left`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}
