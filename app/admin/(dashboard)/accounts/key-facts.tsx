/** What a checked key is and what it brings: identity, limits, and whether it adds any capacity. */
import { CircleAlert, Plus } from 'lucide-react';
import { formatCount, formatLimit, formatPercent } from '../../../../lib/format.ts';
import type { AccountCheckView, AccountView } from '../../../../lib/wire/account-views.ts';

export function Facts({ view }: { view: AccountCheckView }) {
  const requests = view.headerLimits.requests?.limit ?? null;
  const tokens = view.headerLimits.tokens?.limit ?? null;
  const rows = [
    ['Organisation', view.organization ?? 'not told; known after the first call', view.organization !== null],
    ['Project', view.project ?? 'the key’s own', view.project !== null],
    [
      'Limits',
      requests === null && tokens === null
        ? 'known from the headers of the first call'
        : `${formatCount(requests)} requests, ${formatLimit(tokens)} tokens a minute`,
      false,
    ],
    [
      'Models',
      view.modelIds === null ? 'not visible with this key' : `${formatCount(view.modelIds.length)} found`,
      false,
    ],
  ] as const;
  return (
    <dl className="grid gap-y-2 px-5 py-4 text-12">
      {rows.map(([name, value, mono]) => (
        <div key={name} className="grid grid-cols-[116px_1fr]">
          <dt className="text-fg-3">{name}</dt>
          <dd className={mono ? 'truncate font-mono' : ''}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The decision the user came to make: limits are per organisation, so a second key of one adds nothing. */
export function Capacity({ view, accounts }: { view: AccountCheckView; accounts: readonly AccountView[] }) {
  if (view.organization === null) return null;
  const shared = accounts.filter(
    ({ learned, organizationId }) => (organizationId ?? learned.organization) === view.organization,
  );
  const before = accounts.reduce((sum, { headerLimits }) => sum + (headerLimits.tokens?.limit ?? 0), 0);
  const gain = view.headerLimits.tokens?.limit ?? null;
  return (
    <p className="flex gap-2.5 px-5 py-3.5 text-12 text-pretty text-fg-2">
      {shared.length === 0 ? (
        <>
          <Plus size={15} className="mt-px shrink-0" aria-hidden="true" />
          <span>
            <b className="font-medium text-fg">Adds real capacity.</b> No other account uses this organisation
            {gain !== null && before > 0
              ? `, so the pool gains ${formatPercent(gain / before)} tokens a minute.`
              : '.'}
          </span>
        </>
      ) : (
        <>
          <CircleAlert size={15} className="mt-px shrink-0 text-warn-text" aria-hidden="true" />
          <span>
            <b className="font-medium text-fg">Shares its limits</b> with{' '}
            {shared.map(({ name }) => name).join(', ')}: same organisation. It is no help when that one meets
            a 429.
          </span>
        </>
      )}
    </p>
  );
}
