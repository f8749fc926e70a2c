/** What was used in a period, by account, client key, model or endpoint. */
import type { Clock } from '../../../lib/base/time.ts';
import type { UsageBreakdownInput } from '../../../lib/wire/usage-inputs.ts';
import type { UsageBreakdownView, UsageKey } from '../../../lib/wire/usage-views.ts';
import type { Settings } from '../../config.ts';
import type { Reader } from '../../db/reader.ts';
import type { ClientKeyring } from '../../vault/client-keyring.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';
import { clientNames } from '../clients/client-names.ts';
import { spanOf } from './periods.ts';

export interface BreakdownDeps {
  readonly reader: Pick<Reader, 'run'>;
  readonly accounts: Pick<AccountStore, 'names'>;
  readonly keyring: Pick<ClientKeyring, 'list'>;
  readonly windows: LimitWindows;
  readonly settings: Pick<Settings, 'config'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export async function breakDownUsage(
  deps: BreakdownDeps,
  { period, by }: UsageBreakdownInput,
): Promise<UsageBreakdownView> {
  const span = spanOf(period, deps.clock.nowMs(), deps.windows);
  const { total, groups } = await deps.reader.run('usage.breakdown', { ...span, by });
  const nameOf = await namesOf(by, deps);
  return {
    period,
    by,
    ...span,
    timeZone: deps.settings.config.limits.time_zone,
    total,
    groups: groups.map((group) => ({ ...group, name: nameOf(group.key) })),
  };
}

const NAMELESS: Readonly<Record<UsageKey, string>> = {
  account: 'no account',
  client: 'no client key',
  model: 'no model named',
  endpoint: 'no endpoint',
};

/** What the keys of a breakdown are called. */
export async function namesOf(by: UsageKey, deps: BreakdownDeps): Promise<(key: string) => string> {
  const names = by === 'client' ? clientNames(deps.keyring) : new Map<string, string>();
  if (by === 'account') for (const [id, { name }] of await deps.accounts.names()) names.set(id, name);
  return (key) => (key === '' ? NAMELESS[by] : (names.get(key) ?? key));
}
