'use client';
/** Client keys as a table, as cards where there is no room. Tiles are grey: identity colour belongs to accounts. */
import { Ban, KeyRound, Pencil, Plug, RotateCcw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { formatMoney } from '../../../../lib/format.ts';
import { type LimitUse, WINDOW_WORDS } from '../../../../lib/metering/client-limits.ts';
import type { ClientKeyView } from '../../../../lib/wire/views.ts';
import { wholeMoney } from '../../../_components/account-figures.ts';
import { Gauge } from '../../../_components/gauge.tsx';
import { MoreMenu } from '../../../_components/menu.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { Pill, type Tone } from '../../../_components/state-pill.tsx';
import { Ago, dayMonth, dayMonthYear } from '../../../_components/times.tsx';
import { useMedia } from '../../../_data/wide.ts';

const DAY_MS = 86_400_000;
const WARN_DAYS = 7;
const HEAD = 'h-8 px-3 text-left text-11 font-medium text-fg-3 first:pl-4 last:pr-4';
const CELL = 'px-3 py-2 first:pl-4 last:pr-4';

export type KeyDeed = 'edit' | 'reset' | 'revoke';

type OnDeed = (deed: KeyDeed, key: ClientKeyView) => void;

export interface ClientListProps {
  readonly keys: readonly ClientKeyView[] | undefined;
  readonly onDeed: OnDeed;
}

export function ClientList({ keys, onDeed }: ClientListProps) {
  const wide = useMedia('(min-width: 1024px)');
  if (keys?.length === 0) return <p className="px-4 py-10 text-center text-fg-3">No key is in this state.</p>;
  if (!wide) return <ClientCards keys={keys} onDeed={onDeed} />;
  return (
    <table className="w-full table-fixed border-collapse">
      <thead>
        <tr className="border-b">
          <th className={HEAD}>Key</th>
          <th className={`${HEAD} w-36`}>Status</th>
          <th className={`${HEAD} w-44`}>Models</th>
          <th className={`${HEAD} w-42`}>Today</th>
          <th className={`${HEAD} w-28`}>Last used</th>
          <th className={`${HEAD} w-28`}>Expires</th>
          <th className={`${HEAD} w-13`}>
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys
          ? keys.map((key) => <ClientRow key={key.id} clientKey={key} onDeed={onDeed} />)
          : [0, 1, 2].map((at) => (
              <tr key={at} className="h-14.25 border-t first:border-t-0">
                <td colSpan={7} className={CELL}>
                  <Bone className="h-4" />
                </td>
              </tr>
            ))}
      </tbody>
    </table>
  );
}

function ClientRow({ clientKey, onDeed }: { clientKey: ClientKeyView; onDeed: OnDeed }) {
  const revoked = clientKey.revokedAtMs !== null;
  return (
    <tr className="h-14.25 border-t first:border-t-0">
      <td className={CELL}>
        <div className="flex items-center gap-3">
          <span className="grid size-8 shrink-0 place-items-center rounded-control bg-raised text-fg-3">
            <KeyRound size={15} strokeWidth={1.75} aria-hidden="true" />
          </span>
          <div className="min-w-0">
            <div className={`truncate font-medium ${revoked ? 'text-fg-2' : ''}`}>
              <bdi>{clientKey.name}</bdi>
            </div>
            <div className="truncate font-mono text-11 text-fg-3">{shownPrefix(clientKey)}</div>
          </div>
        </div>
      </td>
      <td className={CELL}>
        <KeyStatus clientKey={clientKey} />
      </td>
      <td className={CELL}>
        <Models patterns={clientKey.models} />
      </td>
      <td className={CELL}>
        {revoked ? <span className="text-fg-3">—</span> : <Today clientKey={clientKey} />}
      </td>
      <td className={`${CELL} text-12`}>
        {clientKey.lastUsedAtMs === null ? (
          <span className="text-fg-3">Never</span>
        ) : (
          <Ago atMs={clientKey.lastUsedAtMs} />
        )}
      </td>
      <td className={`${CELL} text-12`}>
        <Expiry clientKey={clientKey} />
      </td>
      <td className={CELL}>
        <div className="flex justify-end">
          {!revoked && <KeyMenu clientKey={clientKey} onDeed={onDeed} />}
        </div>
      </td>
    </tr>
  );
}

function ClientCards({ keys, onDeed }: ClientListProps) {
  if (!keys) return <div className="h-60" />;
  return (
    <ul>
      {keys.map((key) => (
        <li key={key.id} className="border-t px-4 py-3.5 first:border-t-0">
          <div className="flex items-start justify-between gap-3">
            <div className="min-w-0">
              <div className="truncate font-medium">
                <bdi>{key.name}</bdi>
              </div>
              <div className="truncate font-mono text-11 text-fg-3">{shownPrefix(key)}</div>
            </div>
            <div className="flex shrink-0 items-center gap-1">
              <KeyStatus clientKey={key} short />
              {key.revokedAtMs === null && <KeyMenu clientKey={key} onDeed={onDeed} />}
            </div>
          </div>
          {key.revokedAtMs === null && (
            <>
              <div className="pt-3">
                <Today clientKey={key} />
              </div>
              <p className="flex flex-wrap justify-between gap-x-4 pt-2 text-11 text-fg-3">
                <span>
                  {key.lastUsedAtMs === null ? (
                    'Never used'
                  ) : (
                    <>
                      Used <Ago atMs={key.lastUsedAtMs} />
                    </>
                  )}
                </span>
                <span>
                  Expires: <Expiry clientKey={key} />
                </span>
              </p>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function KeyMenu({ clientKey, onDeed }: { clientKey: ClientKeyView; onDeed: OnDeed }) {
  const router = useRouter();
  return (
    <MoreMenu
      label={`Actions for ${clientKey.name}`}
      items={[
        {
          label: 'Connect a client',
          icon: <Plug size={15} />,
          onPick: () => router.push(`/admin/connect?key=${clientKey.id}`),
        },
        { label: 'Edit', icon: <Pencil size={15} />, onPick: () => onDeed('edit', clientKey) },
        { label: 'Count use anew', icon: <RotateCcw size={15} />, onPick: () => onDeed('reset', clientKey) },
        { label: 'Revoke', icon: <Ban size={15} />, tone: 'bad', onPick: () => onDeed('revoke', clientKey) },
      ]}
    />
  );
}

const shownPrefix = ({ prefix }: ClientKeyView): string => `${prefix}…`;

function KeyStatus({ clientKey, short = false }: { clientKey: ClientKeyView; short?: boolean }) {
  const { tone, label, note } = statusOf(clientKey);
  return (
    <>
      <Pill tone={tone}>{label}</Pill>
      {!short && note && <div className="truncate pt-0.5 text-11 text-fg-3">{note}</div>}
    </>
  );
}

function statusOf(key: ClientKeyView): { tone: Tone; label: string; note?: string } {
  if (key.revokedAtMs !== null) return { tone: 'idle', label: 'Revoked', note: dayMonth(key.revokedAtMs) };
  if (!key.intact) return { tone: 'bad', label: 'Changed outside', note: 'Refused until made anew' };
  if (key.expiresAtMs !== null && key.expiresAtMs <= Date.now()) return { tone: 'idle', label: 'Expired' };
  const fullest = fullestOf(key);
  const share = fullest === null ? 0 : fullest.used / fullest.limit;
  if (fullest && share >= 1)
    return {
      tone: 'warn',
      label: 'Limit reached',
      note: `${KIND_WORDS[fullest.kind]} ${WINDOW_WORDS[fullest.window]}`,
    };
  if (fullest && share >= 0.9) {
    return {
      tone: 'warn',
      label: 'Near limit',
      note: `${Math.floor(share * 100)}% ${WINDOW_WORDS[fullest.window]}`,
    };
  }
  if (key.guessable) return { tone: 'warn', label: 'Guessable', note: 'A value you chose' };
  return { tone: 'ok', label: 'Active' };
}

const KIND_WORDS = { requests: 'Requests', tokens: 'Tokens', cost: 'Money' } as const;

/** The limit that will be reached first, as things are. */
function fullestOf({ limitUse }: ClientKeyView): LimitUse | null {
  return limitUse.reduce<LimitUse | null>(
    (fullest, each) =>
      fullest === null || each.used / each.limit > fullest.used / fullest.limit ? each : fullest,
    null,
  );
}

function dayShare(key: ClientKeyView): number | null {
  const limit = key.limits.day?.cost;
  return limit === undefined || key.today.cost === null ? null : key.today.cost / limit;
}

function Today({ clientKey }: { clientKey: ClientKeyView }) {
  const limit = clientKey.limits.day?.cost;
  const spent = formatMoney(clientKey.today.cost);
  return (
    <Gauge
      label={`Day budget of ${clientKey.name}`}
      text={limit === undefined ? spent : `${spent} / ${wholeMoney(limit)}`}
      share={dayShare(clientKey)}
      none={limit === undefined ? 'no limit' : ''}
    />
  );
}

function Models({ patterns }: { patterns: readonly string[] }) {
  if (patterns.length === 0) return <span className="text-12 text-fg-2">All models</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {patterns.slice(0, 3).map((pattern) => (
        <span
          key={pattern}
          className="max-w-full truncate rounded-[4px] border px-1 font-mono text-11 text-fg-2"
        >
          {pattern}
        </span>
      ))}
      {patterns.length > 3 && <span className="text-11 text-fg-3">+{patterns.length - 3}</span>}
    </span>
  );
}

function Expiry({ clientKey: { expiresAtMs } }: { clientKey: ClientKeyView }) {
  if (expiresAtMs === null) return <span className="text-fg-3">Never</span>;
  const days = Math.ceil((expiresAtMs - Date.now()) / DAY_MS);
  if (days <= 0) return <span className="text-fg-3">{dayMonth(expiresAtMs)}</span>;
  if (days > WARN_DAYS) return <>{dayMonthYear(expiresAtMs)}</>;
  return <span className="text-warn-text">{days === 1 ? 'Within a day' : `In ${days} days`}</span>;
}
