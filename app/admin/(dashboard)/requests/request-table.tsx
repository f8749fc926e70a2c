'use client';
/** The calls as rows of 32 px, on a phone as two lines each. Live rows are honest: what is not known is a dash. */
import { ArrowRight } from 'lucide-react';
import { type Ref, useRef } from 'react';
import {
  formatCallCost,
  formatCallTokens,
  formatDuration,
  formatEstimate,
  formatTokens,
} from '../../../../lib/format.ts';
import type { RequestRowView } from '../../../../lib/wire/views.ts';
import { Swatch } from '../../../_components/account-mark.tsx';
import { outcomeOf } from '../../../_components/request-words.ts';
import { Bone } from '../../../_components/skeleton.tsx';
import { Dot } from '../../../_components/state-pill.tsx';
import { clockTime, dayMonth } from '../../../_components/times.tsx';
import { useLiveNow } from '../../../_data/live.tsx';
import { useNow } from '../../../_data/now.ts';
import { useAccounts } from '../../../_data/resources.ts';
import { useWindowRows } from './use-window-rows.ts';

export interface RequestListProps {
  readonly rows: readonly RequestRowView[] | undefined;
  readonly open: string | null;
  readonly onOpen: (id: string) => void;
  /** The call that is open follows the row that has the focus. */
  readonly follow: boolean;
  readonly columns: Columns;
  /** There are older ones than these. */
  readonly hasMore: boolean;
  readonly onNearEnd: () => void;
}

const ROW_PX = 32;
const PHONE_ROW_PX = 57;

/** Columns and their widths; the account takes what is left. Where there is no room columns go, not letters. */
const COLUMNS = {
  full: [
    ['Time', 'w-27'],
    ['Result', 'w-34'],
    ['Model', 'w-38'],
    ['Account', ''],
    ['Client', 'w-25'],
    ['In', 'w-15'],
    ['Cached', 'w-16'],
    ['Out', 'w-14'],
    ['Reasoning', 'w-20'],
    ['First token', 'w-20'],
    ['Total', 'w-16'],
    ['Cost', 'w-22'],
  ],
  sums: [
    ['Time', 'w-27'],
    ['Result', 'w-33'],
    ['Model', 'w-31'],
    ['Account', ''],
    ['Tokens', 'w-16'],
    ['Total', 'w-16'],
    ['Cost', 'w-20'],
  ],
  least: [
    ['Time', 'w-27'],
    ['Result', 'w-33'],
    ['Model', 'w-31'],
    ['Account', ''],
    ['Cost', 'w-20'],
  ],
} as const;
/** How much of a call there is room for. */
export type Columns = keyof typeof COLUMNS;

const HEAD = 'h-8 px-2.5 text-left text-11 font-medium whitespace-nowrap text-fg-3 first:pl-4 last:pr-4';
const CELL = 'truncate px-2.5 first:pl-4 last:pr-4';
const NUMBER = `${CELL} text-right`;

export function RequestTable({ rows, open, onOpen, follow, columns, hasMore, onNearEnd }: RequestListProps) {
  const top = useRef<HTMLTableSectionElement>(null);
  const count = rows?.length ?? 0;
  const { shown, above, below } = useWindowRows({ list: top, count, rowPx: ROW_PX, onNearEnd });
  const heads = COLUMNS[columns];
  return (
    <table
      className="w-full table-fixed border-collapse text-12"
      // With the head; -1 says that nobody knows how many there are.
      aria-rowcount={hasMore ? -1 : count + 1}
    >
      <thead>
        <tr className="border-b">
          {heads.map(([name, width], at) => (
            <th key={name} className={`${HEAD} ${width} ${at >= 4 && name !== 'Client' ? 'text-right' : ''}`}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <Room ref={top} px={above} />
      <tbody>
        {rows
          ? shown.map((at) => {
              const call = rows[at];
              return (
                call && (
                  <Row
                    key={call.id}
                    call={call}
                    at={at}
                    here={call.id === open}
                    onOpen={onOpen}
                    follow={follow}
                    columns={columns}
                  />
                )
              );
            })
          : BONES.map((at) => (
              <tr key={at} className="h-8 border-t first:border-t-0">
                <td colSpan={heads.length} className={CELL}>
                  <Bone className="h-2.5" />
                </td>
              </tr>
            ))}
      </tbody>
      <Room px={below} />
    </table>
  );
}

/** The height of the rows that are not drawn. */
function Room({ px, ref }: { px: number; ref?: Ref<HTMLTableSectionElement> }) {
  return (
    <tbody ref={ref} aria-hidden="true">
      {px > 0 && (
        <tr>
          <td style={{ height: px, padding: 0 }} />
        </tr>
      )}
    </tbody>
  );
}

const BONES = Array.from({ length: 20 }, (_, at) => at);

function Row(props: {
  call: RequestRowView;
  at: number;
  here: boolean;
  onOpen: (id: string) => void;
  follow: boolean;
  columns: Columns;
}) {
  const { call, here, onOpen, columns } = props;
  const words = outcomeOf(call);
  const running = call.outcome === null;
  return (
    <tr
      // The head is the first.
      aria-rowindex={props.at + 2}
      className={`relative h-8 border-t first:border-t-0 hover:bg-raised ${here ? 'bg-hover shadow-[inset_2px_0_var(--fg)]' : ''}`}
    >
      <td className={CELL}>
        <Moment atMs={call.startedAtMs} />
      </td>
      <td className={CELL}>
        <button
          type="button"
          data-row=""
          onClick={() => onOpen(call.id)}
          onFocus={props.follow ? () => onOpen(call.id) : undefined}
          className="flex items-center gap-2 after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-acc"
        >
          <Dot tone={words.tone} pulse={running} />
          <span className={words.tone === 'bad' ? 'text-bad-text' : words.quiet ? 'text-fg-2' : ''}>
            {words.label}
          </span>
          <span className="sr-only">, open the call of {clockTime(call.startedAtMs)}</span>
        </button>
      </td>
      <td className={`${CELL} font-mono`}>
        {call.model ?? <span className="text-fg-3">{call.endpoint}</span>}
      </td>
      <td className={CELL}>
        <AccountPath call={call} />
      </td>
      {columns === 'full' && <Details call={call} />}
      {columns === 'sums' && <td className={NUMBER}>{formatCallTokens(call)}</td>}
      {columns !== 'least' && (
        <td className={NUMBER}>
          <Duration call={call} />
        </td>
      )}
      <td className={NUMBER}>{formatCallCost(call)}</td>
    </tr>
  );
}

function Details({ call: { clientName, usage, firstTokenMs } }: { call: RequestRowView }) {
  return (
    <>
      <td className={`${CELL} text-fg-2`}>
        <bdi>{clientName}</bdi>
      </td>
      <td className={NUMBER}>{formatEstimate(formatTokens(usage?.inputTokens ?? null), usage?.estimated)}</td>
      <td className={`${NUMBER} text-fg-3`}>{formatTokens(usage?.cachedTokens ?? null)}</td>
      <td className={NUMBER}>
        {formatEstimate(formatTokens(usage?.outputTokens ?? null), usage?.estimated)}
      </td>
      <td className={`${NUMBER} text-fg-3`}>{formatTokens(usage?.reasoningTokens ?? null)}</td>
      <td className={NUMBER}>{formatDuration(firstTokenMs)}</td>
    </>
  );
}

/** The time of day; the date too, once it was another day. */
function Moment({ atMs }: { atMs: number }) {
  const nowMs = useNow() ?? atMs;
  const today = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return <>{today ? clockTime(atMs) : `${dayMonth(atMs)} ${clockTime(atMs).slice(0, 5)}`}</>;
}

function Duration({ call }: { call: RequestRowView }) {
  const nowMs = useLiveNow();
  if (call.outcome !== null) return <>{formatDuration(call.durationMs)}</>;
  const sinceMs = Math.max(0, (nowMs ?? call.startedAtMs) - call.startedAtMs);
  return <span className="text-acc-text">{formatDuration(sinceMs)}</span>;
}

/** The way a call took: the account that refused it muted, the one that served it plain. */
export function AccountPath({ call }: { call: RequestRowView }) {
  const { data: accounts } = useAccounts();
  const hue = (id: string | null) => accounts?.find((account) => account.id === id)?.hue ?? null;
  const moved = call.accountId !== null && call.accountId !== call.firstAccountId;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {moved && (
        <>
          <Swatch hue={hue(call.firstAccountId)} />
          <bdi className="min-w-0 shrink-2 truncate text-fg-3">{call.firstAccountName}</bdi>
          <ArrowRight size={12} className="shrink-0 text-fg-3" aria-label="then" />
        </>
      )}
      <Swatch hue={hue(call.accountId ?? call.firstAccountId)} />
      <bdi
        className={`min-w-0 truncate ${call.accountId === null && call.outcome !== null ? 'text-fg-3' : ''}`}
      >
        {call.accountName ?? call.firstAccountName}
      </bdi>
    </span>
  );
}

export function PhoneRequests({ rows, onOpen, onNearEnd }: RequestListProps) {
  const list = useRef<HTMLUListElement>(null);
  const { shown, above, below } = useWindowRows({
    list,
    count: rows?.length ?? 0,
    rowPx: PHONE_ROW_PX,
    onNearEnd,
  });
  if (!rows) {
    return (
      <div>
        {BONES.slice(0, 8).map((at) => (
          <div key={at} className="grid h-14.25 content-center gap-2 border-t px-4 first:border-t-0">
            <Bone className="h-2.5 w-40" />
            <Bone className="h-2 w-28" />
          </div>
        ))}
      </div>
    );
  }
  return (
    <ul ref={list} style={{ paddingTop: above, paddingBottom: below }}>
      {shown.map((at) => {
        const call = rows[at];
        if (call === undefined) return null;
        const words = outcomeOf(call);
        return (
          <li
            key={call.id}
            className="relative flex h-14.25 items-center gap-2 border-t px-4 first:border-t-0"
          >
            <Dot tone={words.tone} pulse={call.outcome === null} className="mb-4.5" />
            <div className="min-w-0 flex-1">
              <button
                type="button"
                data-row=""
                onClick={() => onOpen(call.id)}
                className="flex max-w-full items-baseline gap-2 text-12 after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-acc"
              >
                <span className="truncate font-mono">{call.model ?? call.endpoint}</span>
                <span className={`shrink-0 text-11 ${words.tone === 'bad' ? 'text-bad-text' : 'text-fg-3'}`}>
                  {words.label}
                </span>
              </button>
              <p className="flex min-w-0 items-center gap-1 text-11 text-fg-3">
                <AccountPath call={call} />
                <span className="shrink-0">·</span>
                <bdi className="max-w-20 min-w-8 shrink-0 truncate">{call.clientName}</bdi>
              </p>
            </div>
            <div className="shrink-0 text-right">
              <p className="text-12">{formatCallCost(call)}</p>
              <p className="text-11 text-fg-3">
                <Moment atMs={call.startedAtMs} /> · <Duration call={call} />
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
