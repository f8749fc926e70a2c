'use client';
/** What the palette finds: pages, accounts with how they are, deeds with what follows from them, a call by its id. */
import {
  Activity,
  Building2,
  Copy,
  KeyRound,
  Lock,
  type LucideIcon,
  Pause,
  Play,
  Plus,
  SunMoon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { AccountView } from '../../lib/wire/account-views.ts';
import { useAccounts, useStatus } from '../_data/resources.ts';
import { toggleTheme } from '../_data/theme.ts';
import { Swatch } from './account-mark.tsx';
import { STATE_WORDS } from './account-words.ts';
import { useLock } from './lock.ts';
import { accountHref, PLACES } from './places.ts';
import { Dot } from './state-pill.tsx';

export interface Entry {
  readonly id: string;
  readonly group: 'Pages' | 'Accounts' | 'Do' | 'Requests';
  readonly label: string;
  readonly mark: ReactNode;
  readonly note?: ReactNode;
  /** Where it leads; else what it does. */
  readonly href?: string;
  readonly act?: () => void;
  /** It can fail: the palette stays until it is done. */
  readonly stays?: boolean;
}

export interface Turn {
  readonly ref: string;
  readonly what: 'pause' | 'resume';
}

const SHOWN_MAX = 12;
const REQUEST_ID = /^[0-9a-f]{8}[0-9a-f-]*$/i;

export function useEntries(typed: string, turn: (wish: Turn) => void): readonly Entry[] {
  const accounts = useAccounts().data ?? [];
  const status = useStatus().data;
  const lock = useLock();
  const icon = (Icon: LucideIcon) => <Icon size={16} strokeWidth={1.75} aria-hidden="true" />;
  const pages: Entry[] = PLACES.map((place) => ({
    id: `page-${place.key}`,
    group: 'Pages',
    label: place.name,
    mark: icon(place.icon),
    note: `g ${place.key}`,
    href: place.href,
  }));
  const deeds: Entry[] = [
    { id: 'add', group: 'Do', label: 'Add an account', mark: icon(Plus), href: '/admin/accounts?add=1' },
    {
      id: 'key',
      group: 'Do',
      label: 'Make a client key',
      mark: icon(KeyRound),
      href: '/admin/clients?new=1',
    },
    { id: 'theme', group: 'Do', label: 'Switch theme', mark: icon(SunMoon), note: 't', act: toggleTheme },
    {
      id: 'endpoint',
      group: 'Do',
      label: 'Copy the endpoint',
      mark: icon(Copy),
      note: status?.endpoint,
      act: () => void navigator.clipboard.writeText(status?.endpoint ?? ''),
    },
    {
      id: 'lock',
      group: 'Do',
      label: 'Lock',
      mark: icon(Lock),
      note: 'clients get a 503 until it is unlocked',
      act: lock.run,
    },
  ];
  const ofAccount = (account: AccountView): Entry[] => {
    const { id, name } = account;
    const paused = account.state.word === 'paused';
    return [
      {
        id: `requests-${id}`,
        group: 'Do',
        label: `Requests of ${name}`,
        mark: icon(Activity),
        href: `/admin/requests?account=${id}`,
      },
      {
        id: `provider-${id}`,
        group: 'Do',
        label: `What the provider of ${name} says`,
        mark: icon(Building2),
        href: `/admin/accounts?provider=${id}`,
      },
      {
        id: `pause-${id}`,
        group: 'Do',
        label: `${paused ? 'Resume' : 'Pause'} ${name}`,
        mark: icon(paused ? Play : Pause),
        note: paused ? 'new calls may go to it again' : 'new calls go elsewhere until you resume it',
        act: () => turn({ ref: id, what: paused ? 'resume' : 'pause' }),
        stays: true,
      },
    ];
  };
  const people: Entry[] = accounts.map((account) => {
    const { label, tone } = STATE_WORDS[account.state.word];
    return {
      id: `account-${account.id}`,
      group: 'Accounts',
      label: account.name,
      mark: <Swatch hue={account.hue} />,
      note: (
        <>
          <Dot tone={tone} />
          {label}
        </>
      ),
      href: accountHref(account.id),
    };
  });
  if (typed === '') return [...pages, ...people].slice(0, SHOWN_MAX);
  const matches = ({ label }: { readonly label: string }) =>
    label.toLowerCase().includes(typed.toLowerCase());
  const call: Entry[] = REQUEST_ID.test(typed)
    ? [
        {
          id: 'request',
          group: 'Requests',
          label: `Request ${typed}`,
          mark: icon(Activity),
          href: `/admin/requests?id=${encodeURIComponent(typed)}`,
        },
      ]
    : [];
  const found = [
    ...call,
    ...people.filter(matches),
    ...pages.filter(matches),
    ...deeds.filter(matches),
    ...accounts.flatMap(ofAccount).filter(matches),
  ];
  // Groups stand together, in the order in which their first entry was found.
  return [...Map.groupBy(found, ({ group }) => group).values()].flat().slice(0, SHOWN_MAX);
}
