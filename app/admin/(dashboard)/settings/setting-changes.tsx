'use client';
/** What was changed in the settings, by whom, and the way back. The audit log is where it is written. */
import { sayActor } from '../../../../lib/audit/words.ts';
import { textOf } from '../../../../lib/settings/form.ts';
import { sayValue } from '../../../../lib/settings/words.ts';
import type { AuditRowView } from '../../../../lib/wire/audit-views.ts';
import type { SettingValue, SettingView } from '../../../../lib/wire/settings-views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardHead } from '../../../_components/card.tsx';
import { ProblemLine, ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone, Loading } from '../../../_components/skeleton.tsx';
import { clockTime, dayMonth } from '../../../_components/times.tsx';
import { useAuditLog, useSettings } from '../../../_data/resources.ts';
import { useSaveSettings } from './save-settings.ts';
import { titleOf } from './setting-row.tsx';

export function SettingChanges() {
  const { data, problem, retry } = useAuditLog({ objectKind: 'setting' });
  const settings = useSettings().data?.settings;
  const rows = data?.rows.filter(({ deed }) => deed === 'settings.changed');
  return (
    <section aria-label="Changes of settings" className="card">
      <CardHead title="Changes of settings" note="Newest first" />
      {problem && !data ? (
        <ProblemNote title="The changes could not be read" problem={problem} retry={retry} />
      ) : rows === undefined || settings === undefined ? (
        <div className="p-4">
          <Loading label="Loading the changes" />
          <Bone className="h-24" />
        </div>
      ) : rows.length === 0 ? (
        <p className="px-4 py-6 text-center text-fg-3">
          Nothing was changed here yet. What is changed in the file by hand is not listed.
        </p>
      ) : (
        <ul className="divide-y">
          {rows.map((row) => (
            <Change key={row.number} row={row} settings={settings} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Change({ row, settings }: { row: AuditRowView; settings: readonly SettingView[] }) {
  const save = useSaveSettings();
  const back = wayBack(row, settings);
  const changed = changesInWords(row, settings);
  return (
    <li className="flex min-h-13 items-center gap-x-4 gap-y-2 px-4 py-2 max-sm:flex-wrap">
      <div className="min-w-0 flex-1 text-12 max-sm:basis-full">
        {changed.map((line) => (
          <p key={line} className="font-medium break-words">
            {line}
          </p>
        ))}
        <p className="break-words text-fg-3">
          {dayMonth(row.atMs)}, {clockTime(row.atMs)} · {sayActor(row.actor)}
          {back.why !== null && ` · ${back.why}`}
        </p>
        <ProblemLine problem={save.problem} />
      </div>
      {back.values !== null && (
        <Button
          disabled={save.busy}
          aria-label={`Undo ${changed.join(', ')}`}
          onClick={() => void save.run({ values: back.values ?? {} })}
        >
          Undo
        </Button>
      )}
    </li>
  );
}

type FileValues = Readonly<Record<string, SettingValue>>;

function fileValues(row: AuditRowView, side: 'before' | 'after'): FileValues | null {
  const written = row.detail[side];
  // A row that was changed from outside may hold anything: it is shown as it was written, and never undone.
  return row.verified && typeof written === 'string' ? (JSON.parse(written) as FileValues) : null;
}

/** e.g. `Wait when every account is busy: 0 s → 15 s`; what was noted otherwise reads as it was written. */
function changesInWords(row: AuditRowView, settings: readonly SettingView[]): readonly string[] {
  const before = fileValues(row, 'before');
  const after = fileValues(row, 'after');
  if (before === null || after === null) {
    return Array.isArray(row.detail.changed) ? row.detail.changed.map(String) : [];
  }
  return Object.keys(after).map((name) => {
    const fallback = settings.find((one) => one.name === name)?.fallback ?? null;
    const said = (values: FileValues) => sayValue(name, values[name] ?? fallback);
    return `${titleOf(name)}: ${said(before)} → ${said(after)}`;
  });
}

interface WayBack {
  readonly values: Readonly<Record<string, SettingValue>> | null;
  /** Why there is none. */
  readonly why: string | null;
}

function wayBack(row: AuditRowView, settings: readonly SettingView[]): WayBack {
  const values = fileValues(row, 'before');
  if (values === null) return { values: null, why: null };
  const about = settings.filter(({ name }) => Object.hasOwn(values, name));
  if (about.length < Object.keys(values).length) return { values: null, why: null };
  const fixed = about.find(({ decidedBy }) => decidedBy !== null);
  if (fixed) return { values: null, why: `now set by ${fixed.decidedBy}` };
  if (about.some(({ guard }) => guard !== 'open')) {
    return { values: null, why: 'changed back only with the master key' };
  }
  const same = about.every((one) => {
    const was = values[one.name] ?? one.fallback;
    return textOf(one, was) === textOf(one, one.value);
  });
  if (same)
    return { values: null, why: `now ${about.map((one) => sayValue(one.name, one.value)).join(', ')}` };
  return { values, why: null };
}
