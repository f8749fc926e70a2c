'use client';
/**
 * The accounts, as a table where there is room for its columns and as cards where there is not: a column is
 * dropped before a name is squeezed.
 */
import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatCount, formatDuration } from '../../lib/format.ts';
import type { AccountView } from '../../lib/wire/account-views.ts';
import { useMedia } from '../_data/wide.ts';
import { dayGauge, headerGauge, identityLine } from './account-figures.ts';
import { AccountTile, hueClass, Swatch } from './account-mark.tsx';
import { AccountMeaning, AccountPill } from './account-state.tsx';
import { Gauge } from './gauge.tsx';
import { Heartbeat } from './heartbeat.tsx';
import { accountHref } from './places.ts';
import { Bone } from './skeleton.tsx';

export interface AccountListProps {
  readonly accounts: readonly AccountView[] | undefined;
  readonly menu: (account: AccountView) => ReactNode;
  /** Priority and weight, on the page that sets them. */
  readonly steering?: boolean;
  /** For doing something with several at once. */
  readonly selection?: Selection;
}

export interface Selection {
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string) => void;
}

const HEAD = 'h-8 px-3 text-left text-11 font-medium text-fg-3 first:pl-4 last:pr-4';
const CELL = 'px-3 py-0 first:pl-4 last:pr-4';

export function AccountList(props: AccountListProps) {
  const wide = useMedia('(min-width: 1280px)');
  if (!wide) return <AccountCards {...props} />;
  return (
    <table className="w-full table-fixed border-collapse">
      <AccountHead steering={props.steering ?? false} />
      <tbody>
        {props.accounts
          ? props.accounts.map((account) => <AccountRow key={account.id} account={account} {...props} />)
          : [0, 1, 2, 3].map((at) => <BoneRow key={at} columns={props.steering ? 10 : 9} />)}
      </tbody>
    </table>
  );
}

function AccountHead({ steering }: { steering: boolean }) {
  return (
    <thead>
      <tr className="border-b">
        <th className={`${HEAD} ${steering ? 'w-58' : 'w-60'}`}>Account</th>
        <th className={`${HEAD} ${steering ? 'w-38' : 'w-42'}`}>Status</th>
        <th className={HEAD}>Last 4 hours</th>
        <th className={`${HEAD} w-32`}>Requests / min</th>
        <th className={`${HEAD} w-32`}>Tokens / min</th>
        <th className={`${HEAD} w-34`}>Day budget</th>
        {steering && <th className={`${HEAD} w-17 text-right`}>Priority</th>}
        {steering && <th className={`${HEAD} w-16 text-right`}>Weight</th>}
        <th className={`${HEAD} w-14 text-right`}>429s</th>
        {!steering && <th className={`${HEAD} w-17 text-right`}>p95</th>}
        <th className={`${HEAD} w-13`}>
          <span className="sr-only">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

function AccountRow({ account, menu, steering, selection }: AccountListProps & { account: AccountView }) {
  const idle = account.state.word === 'disabled' || account.state.word === 'unused';
  return (
    <tr className="h-14.25 border-t first:border-t-0">
      <td className={CELL}>
        <AccountIdentity account={account} selection={selection} />
      </td>
      <td className={CELL}>
        <AccountPill account={account} />
        <div className="truncate pt-0.5 text-11 text-fg-3">
          <AccountMeaning account={account} />
        </div>
      </td>
      <td className={CELL}>
        <Heartbeat beat={account.heartbeat} />
      </td>
      <td className={CELL}>
        <Gauge label={`Requests a minute of ${account.name}`} {...headerGauge(account, 'requests')} />
      </td>
      <td className={CELL}>
        <Gauge label={`Tokens a minute of ${account.name}`} {...headerGauge(account, 'tokens')} />
      </td>
      <td className={CELL}>
        <Gauge label={`Day budget of ${account.name}`} {...dayGauge(account)} />
      </td>
      {steering && <td className={`${CELL} text-right text-fg-2`}>{account.priority}</td>}
      {steering && <td className={`${CELL} text-right text-fg-2`}>{account.weight}</td>}
      <td className={`${CELL} text-right ${limitedLook(account.today.limited)}`}>
        {idle && account.today.requests === 0 ? '—' : formatCount(account.today.limited)}
      </td>
      {!steering && <td className={`${CELL} text-right`}>{formatDuration(account.p95Ms)}</td>}
      <td className={CELL}>
        <div className="flex justify-end">{menu(account)}</div>
      </td>
    </tr>
  );
}

const limitedLook = (limited: number): string =>
  limited >= 10 ? 'font-medium text-bad-text' : limited === 0 ? 'text-fg-3' : '';

function AccountIdentity({ account, selection }: { account: AccountView; selection: Selection | undefined }) {
  return (
    <div className="flex items-center gap-3">
      {selection && <Tick account={account} selection={selection} />}
      <AccountTile name={account.name} hue={account.hue} />
      <div className="min-w-0">
        <Link
          href={accountHref(account.id)}
          data-row=""
          title={account.name}
          className="block truncate font-medium underline-offset-2 hover:underline"
        >
          <bdi>{account.name}</bdi>
        </Link>
        <div className="truncate font-mono text-11 text-fg-3">{identityLine(account)}</div>
      </div>
    </div>
  );
}

function Tick({ account, selection }: { account: AccountView; selection: Selection }) {
  return (
    <input
      type="checkbox"
      className="tick hit"
      aria-label={`Select ${account.name}`}
      aria-keyshortcuts="x"
      checked={selection.has(account.id)}
      onChange={() => selection.toggle(account.id)}
    />
  );
}

function AccountCards({ accounts, menu, selection }: AccountListProps) {
  if (!accounts) {
    return (
      <div>
        {[0, 1, 2].map((at) => (
          <div key={at} className="grid h-34 content-center gap-3 border-t px-4 first:border-t-0">
            <Bone className="h-3 w-32" />
            <Bone className="h-5" />
            <Bone className="h-3" />
          </div>
        ))}
      </div>
    );
  }
  return (
    <ul>
      {accounts.map((account) => (
        <li key={account.id} className={`${hueClass(account.hue)} border-t px-4 pt-3 pb-4 first:border-t-0`}>
          <div className="flex items-center gap-2.5">
            {selection && <Tick account={account} selection={selection} />}
            <Swatch hue={account.hue} />
            <Link href={accountHref(account.id)} data-row="" className="hit min-w-0 truncate font-medium">
              <bdi>{account.name}</bdi>
            </Link>
            <span className="ml-auto flex items-center gap-1">
              <AccountPill account={account} />
              {menu(account)}
            </span>
          </div>
          <p className="pb-2.5 text-12 text-fg-3">
            <AccountMeaning account={account} />
          </p>
          <Heartbeat beat={account.heartbeat} />
          <div className="grid grid-cols-2 gap-4 pt-2.5">
            <Gauge label={`Tokens a minute of ${account.name}`} {...headerGauge(account, 'tokens')} />
            <Gauge label={`Day budget of ${account.name}`} {...dayGauge(account)} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function BoneRow({ columns }: { columns: number }) {
  return (
    <tr className="h-14.25 border-t first:border-t-0">
      <td className={CELL}>
        <div className="flex items-center gap-3">
          <Bone className="size-8 rounded-control!" />
          <div className="grid gap-2">
            <Bone className="h-2.5 w-20" />
            <Bone className="h-2 w-28" />
          </div>
        </div>
      </td>
      {Array.from({ length: columns - 2 }, (_, at) => `bone-${at}`).map((key) => (
        <td key={key} className={CELL}>
          <Bone className="h-3 w-4/5" />
        </td>
      ))}
      <td />
    </tr>
  );
}
