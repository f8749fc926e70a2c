'use client';
/** Backups of the whole database: which there are, one more now, and how one is put back. */
import { formatBytes, formatCount } from '../../../../lib/format.ts';
import type { BackupListView, BackupView } from '../../../../lib/wire/moving-views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardFoot, CardHead } from '../../../_components/card.tsx';
import { CopyIcon } from '../../../_components/copy-button.tsx';
import { ProblemLine, ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone, Loading } from '../../../_components/skeleton.tsx';
import { Ago, clockTime, dayMonth } from '../../../_components/times.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useReload } from '../../../_data/reload.ts';
import { useBackups } from '../../../_data/resources.ts';

export function BackupsCard() {
  const { data, problem, retry } = useBackups();
  const reload = useReload();
  const make = useAct(() => api.backups.make.mutate());
  const now = async () => {
    await make.run(undefined);
    reload('backups.list');
  };
  return (
    <section aria-label="Backups" className="card">
      <CardHead title="Backups" note="Of the whole database, sealed as it is" wrap>
        <Button disabled={make.busy || !data || data.folder === null} onClick={() => void now()}>
          {make.busy ? 'Backing up…' : 'Back up now'}
        </Button>
      </CardHead>
      <div className="px-4 pt-3 empty:hidden">{make.problem && <ProblemLine problem={make.problem} />}</div>
      {problem && !data ? (
        <ProblemNote title="The backups could not be listed" problem={problem} retry={retry} />
      ) : !data ? (
        <div className="p-4">
          <Loading label="Loading the backups" />
          <Bone className="h-12" />
        </div>
      ) : (
        <Listed list={data} />
      )}
    </section>
  );
}

function Listed({ list }: { list: BackupListView }) {
  const { folder, backups, failure } = list;
  if (folder === null)
    return (
      <p className="px-4 py-6 text-center text-fg-3">
        Everything is in memory here: there is nothing to back up.
      </p>
    );
  return (
    <>
      {failure && (
        <p role="alert" className="px-4 pt-3 text-12 text-bad-text">
          The last try failed, {dayMonth(failure.atMs)} {clockTime(failure.atMs)}: {failure.message}
        </p>
      )}
      {backups.length === 0 ? (
        <p className="px-4 py-6 text-center text-fg-3">No backup yet. {rhythm(list)}</p>
      ) : (
        <ul className="divide-y">
          {backups.map((backup) => (
            <Backup key={backup.name} backup={backup} folder={folder} />
          ))}
        </ul>
      )}
      <CardFoot>
        <span className="text-pretty">
          {rhythm(list)} The newest {formatCount(list.kept)} are kept in{' '}
          <code className="font-mono break-all">{folder}</code>. To put one back, stop the server and run{' '}
          <code className="font-mono">cam restore FILE</code>: what was here is kept aside.
        </span>
      </CardFoot>
    </>
  );
}

function Backup({ backup, folder }: { backup: BackupView; folder: string }) {
  const { name, atMs, bytes, beforeConversion } = backup;
  return (
    <li className="flex min-h-12 items-center gap-4 px-4 py-2">
      <span className="min-w-0 flex-1">
        <span className="block font-medium">
          <Ago atMs={atMs} />
          {beforeConversion && (
            <span className="font-normal text-fg-3"> · before the database was converted</span>
          )}
        </span>
        <span className="block truncate font-mono text-11 text-fg-3">{name}</span>
      </span>
      <span className="shrink-0 text-12 text-fg-2">{formatBytes(bytes)}</span>
      <CopyIcon
        text={`npm run -s cam -- restore '${folder}/${name}'`}
        label={`Copy the command that restores ${name}`}
      />
    </li>
  );
}

function rhythm({ everyHours }: BackupListView): string {
  if (everyHours === 0) return 'None are made by themselves (backup.every_hours is 0).';
  return everyHours === 24 ? 'One is made every day.' : `One is made every ${formatCount(everyHours)} hours.`;
}
