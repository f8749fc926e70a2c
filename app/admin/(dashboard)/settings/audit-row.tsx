'use client';
/** One deed: when, what to what, who, and whether the row is as it was written. */
import { sayActor, sayDeed, sayDetail } from '../../../../lib/audit/words.ts';
import { formatCount } from '../../../../lib/format.ts';
import type { AuditRowView } from '../../../../lib/wire/audit-views.ts';
import { Pill } from '../../../_components/state-pill.tsx';
import { clockTime, dayMonth } from '../../../_components/times.tsx';

const KIND_WORDS: Readonly<Record<string, string>> = {
  account: 'Account',
  client_key: 'Client key',
  setting: 'Setting',
  vault: 'Vault',
};

export function AuditRow({ row }: { row: AuditRowView }) {
  const kind = KIND_WORDS[row.objectKind ?? ''] ?? row.objectKind ?? '';
  const detail = sayDetail(row);
  return (
    <li
      className={`grid min-h-13 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2 sm:grid-cols-[96px_minmax(0,1fr)_auto] ${row.verified ? '' : 'bg-bad-soft/50'}`}
    >
      <time
        dateTime={new Date(row.atMs).toISOString()}
        className="text-12 text-fg-3 max-sm:order-3 max-sm:col-span-2"
      >
        {dayMonth(row.atMs)}, {clockTime(row.atMs)}
      </time>
      <div className="min-w-0 text-12">
        <p className="break-words">
          <span className="text-fg-3">{kind} </span>
          {row.objectName !== null && <span className="font-medium">{row.objectName} </span>}
          {sayDeed(row.deed)}
          {row.times > 1 && ` ${formatCount(row.times)} times`}
        </p>
        <p className="break-words text-fg-3">
          {sayActor(row.actor)}
          {detail !== '' && ` · ${detail}`}
        </p>
      </div>
      {row.verified ? <Pill tone="ok">Verified</Pill> : <Pill tone="bad">Changed</Pill>}
    </li>
  );
}
