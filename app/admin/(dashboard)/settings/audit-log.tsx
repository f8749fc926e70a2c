'use client';
/** Who did what, newest first. Whether the log is what was written stands above everything else that is in it. */
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { formatCount } from '../../../../lib/format.ts';
import type { AuditRowView, AuditVerdictView } from '../../../../lib/wire/audit-views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardFoot, CardHead } from '../../../_components/card.tsx';
import { CopyIcon } from '../../../_components/copy-button.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone, Loading } from '../../../_components/skeleton.tsx';
import { dayMonthYear } from '../../../_components/times.tsx';
import { setParams, useParam } from '../../../_data/params.ts';
import { useAuditLog, useAuditVerdict } from '../../../_data/resources.ts';
import { AuditFilter, type AuditKind, isAuditKind } from './audit-filter.tsx';
import { AuditRow } from './audit-row.tsx';

export function AuditLog() {
  return (
    <>
      <Verdict />
      <Rows />
    </>
  );
}

function Verdict() {
  const { data: verdict, problem, retry } = useAuditVerdict();
  if (problem && !verdict) {
    return (
      <div className="card">
        <ProblemNote title="The audit log could not be checked" problem={problem} retry={retry} />
      </div>
    );
  }
  if (verdict && !verdict.intact) return <Broken verdict={verdict} />;
  return (
    <section aria-label="Is it whole" className="card flex min-h-16 items-center gap-3 px-4 py-3">
      {verdict ? <Whole verdict={verdict} /> : <Bone className="h-4 w-72" />}
      {!verdict && <Loading label="The audit log is being checked" />}
    </section>
  );
}

function Whole({ verdict }: { verdict: AuditVerdictView }) {
  const { rows, beganAtMs, head } = verdict;
  return (
    <>
      <span className="grid size-8 shrink-0 place-items-center rounded-control bg-ok-soft text-ok-text">
        <ShieldCheck size={16} strokeWidth={1.75} />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="text-13 font-semibold">Everything is as it was written</h2>
        <p className="text-12 text-fg-3">
          {formatCount(rows)} {rows === 1 ? 'row' : 'rows'}
          {beganAtMs !== null && ` since ${dayMonthYear(beganAtMs)}`}. To prove that later even against an old
          copy, note the end of the log elsewhere.
        </p>
      </div>
      {head !== null && <CopyIcon text={head} label="Copy the end of the log" />}
    </>
  );
}

function Broken({ verdict }: { verdict: AuditVerdictView }) {
  return (
    <section role="alert" className="card border-bad bg-bad-soft/50 px-4 py-3.5">
      <h2 className="flex items-center gap-2 text-14 font-semibold text-bad-text">
        <ShieldAlert size={18} strokeWidth={1.75} className="shrink-0" />
        The audit log is not what was written
      </h2>
      <ul className="list-disc pt-2 pl-9 text-12 text-fg">
        {verdict.breaks.map(({ number, message }) => (
          <li key={`${number} ${message}`}>{message}</li>
        ))}
      </ul>
      <p className="max-w-[68ch] pt-2 pl-6.5 text-12 text-fg-2">
        Something other than this program could write to the database. What it did may not be in the log. Make
        new account keys at the provider, revoke the client keys, and find out who can reach this folder.
      </p>
    </section>
  );
}

function Rows() {
  const [about] = useParam('about');
  const [objectId] = useParam('object');
  const [before] = useParam('before');
  const kind: AuditKind | null = about !== null && isAuditKind(about) ? about : null;
  const filter = {
    ...(objectId ? { objectId } : {}),
    ...(kind ? { objectKind: kind } : {}),
    ...(before && /^\d{1,15}$/.test(before) ? { before: Number(before) } : {}),
  };
  const { data: list, problem, retry } = useAuditLog(filter);
  if (problem && !list) {
    return (
      <div className="card">
        <ProblemNote title="The audit log could not be read" problem={problem} retry={retry} />
      </div>
    );
  }
  return (
    <section aria-label="Audit log" className="card">
      <CardHead title="Audit log" wrap>
        <AuditFilter kind={kind} objectId={objectId} />
      </CardHead>
      <List rows={list?.rows} />
      {(before !== null || (list && list.next !== null)) && (
        <CardFoot>
          <Button size="small" disabled={before === null} onClick={() => setParams({ before: null })}>
            Newest
          </Button>
          <Button
            size="small"
            disabled={!list || list.next === null}
            onClick={() => setParams({ before: String(list?.next) })}
          >
            Older
          </Button>
        </CardFoot>
      )}
    </section>
  );
}

function List({ rows }: { rows: readonly AuditRowView[] | undefined }) {
  if (rows === undefined) {
    return (
      <div className="divide-y">
        <Loading label="The audit log is being read" />
        {[0, 1, 2, 3, 4, 5].map((at) => (
          <div key={at} className="flex h-13 items-center px-4">
            <Bone className="h-4 w-3/5" />
          </div>
        ))}
      </div>
    );
  }
  if (rows.length === 0) return <p className="px-4 py-8 text-center text-12 text-fg-3">Nothing was done.</p>;
  return (
    <ol className="divide-y">
      {rows.map((row) => (
        <AuditRow key={row.number} row={row} />
      ))}
    </ol>
  );
}
