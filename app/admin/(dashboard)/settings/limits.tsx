'use client';
/** What may be spent before calls go elsewhere, and what somebody is told of before it hurts. */
import Link from 'next/link';
import { DASH, formatCents, formatLimit } from '../../../../lib/format.ts';
import type { AccountView } from '../../../../lib/wire/account-views.ts';
import { Swatch } from '../../../_components/account-mark.tsx';
import { CardFoot, CardHead } from '../../../_components/card.tsx';
import { type FigureColumn, FigureTable } from '../../../_components/figure-table.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { useAccounts } from '../../../_data/resources.ts';
import { AlertTargets } from './alert-targets.tsx';
import { SettingsBones, type SettingsCard, SettingsForm } from './settings-form.tsx';

const CARDS: readonly SettingsCard[] = [
  {
    title: 'Counting towards a limit',
    note: 'Reserved before a call, settled after',
    settings: ['limits.mode', 'limits.unknown_price', 'limits.time_zone'],
  },
  {
    title: 'Alerts',
    settings: [
      'alerts.limit_shares',
      'alerts.forecast',
      'alerts.cooling_minutes',
      'alerts.error_share',
      'alerts.unusual_factor',
    ],
  },
  { title: 'Where alerts go', settings: ['alerts.desktop', 'alerts.command'], more: <AlertTargets /> },
];

export function LimitsAndAlerts() {
  const { data, problem, retry } = useAccounts();
  // Together, so that nothing moves down when the accounts come last.
  if (data === undefined && problem === null) return <SettingsBones cards={CARDS} />;
  return (
    <>
      <section aria-label="Limits of accounts" className="card min-w-0">
        <CardHead title="Limits of accounts" note="At a limit, calls go to the others" />
        {data === undefined ? (
          problem && <ProblemNote title="The accounts could not be read" problem={problem} retry={retry} />
        ) : data.length === 0 ? (
          <p className="px-4 py-6 text-center text-fg-3">No account yet, so nothing can be spent.</p>
        ) : (
          <>
            <FigureTable
              label="Limits of each account"
              rows={data}
              keyOf={({ id }) => id}
              columns={COLUMNS}
            />
            <CardFoot>
              <span>Together</span>
              <span className="text-fg-2">{together(data)}</span>
            </CardFoot>
          </>
        )}
      </section>
      <SettingsForm id="limits" cards={CARDS} />
    </>
  );
}

const COLUMNS: readonly FigureColumn<AccountView>[] = [
  {
    name: 'Account',
    words: true,
    cell: (account) => (
      <span className="flex items-center gap-2.5">
        <Swatch hue={account.hue} />
        <span className="max-w-48 truncate font-medium">{account.name}</span>
      </span>
    ),
  },
  { name: 'Day', cell: ({ limits }) => formatCents(limits.day?.cost ?? null) },
  { name: 'Month', cell: ({ limits }) => formatCents(limits.month?.cost ?? null) },
  { name: 'Tokens a day', cell: ({ limits }) => formatLimit(limits.day?.tokens ?? null) },
  { name: 'Requests a day', cell: ({ limits }) => formatLimit(limits.day?.requests ?? null) },
  {
    name: 'Change',
    unseen: true,
    cell: ({ id, name }) => (
      <Link
        href={`/admin/accounts?edit=${encodeURIComponent(id)}`}
        aria-label={`Change the limits of ${name}`}
        className="hit font-medium underline-offset-2 hover:underline"
      >
        Change
      </Link>
    ),
  },
];

/** e.g. `$51.00 a day · $600.00 a month; Backup has no month limit`; without a full sum none is given. */
function together(all: readonly AccountView[]): string {
  return (['day', 'month'] as const)
    .map((window) => {
      const without = all.filter(({ limits }) => limits[window]?.cost === undefined);
      if (without.length === all.length) return `no limit a ${window}`;
      const sum = all.reduce((total, { limits }) => total + (limits[window]?.cost ?? 0), 0);
      const rest =
        without.length === 0
          ? ''
          : without.length === 1
            ? ` (${without[0]?.name ?? DASH} has none)`
            : ` (${without.length} have none)`;
      return `${formatCents(sum)} a ${window}${rest}`;
    })
    .join(' · ');
}
