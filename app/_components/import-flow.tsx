'use client';
/**
 * Importing in three steps: a file, what it would do, what it did. Nothing is written before the last button, which
 * carries the count. One flow for exports and for plain lists of accounts; what a list needs less is left out.
 */
import { Upload } from 'lucide-react';
import { useId, useState } from 'react';
import { formatBytes } from '../../lib/format.ts';
import { IMPORT_BYTES_MAX } from '../../lib/moving/sizes.ts';
import type { DifferenceView, ImportedView } from '../../lib/wire/moving-views.ts';
import { api } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';
import { useReload } from '../_data/reload.ts';
import { Button } from './button.tsx';
import { BaseUrlTicks, DifferenceRows } from './difference-view.tsx';
import { Field, SecretInput } from './field.tsx';
import { asText, type ChosenFile, readChosen, toBase64 } from './file-bytes.ts';
import { ImportDone } from './import-done.tsx';
import { ProblemLine } from './problem-note.tsx';
import { Segmented } from './segmented.tsx';

interface Wish {
  readonly secret: string;
  readonly mode: 'merge' | 'replace';
  readonly newClientKeys: boolean;
}
const NO_WISH: Wish = { secret: '', mode: 'merge', newClientKeys: false };

function inputOf(file: ChosenFile, { secret, mode, newClientKeys }: Wish) {
  if (file.kind !== 'export') {
    return { source: { kind: 'list' as const, format: file.kind, text: asText(file.bytes) } };
  }
  const opening = file.opensWith === 'passphrase' ? { passphrase: secret } : { identity: secret.trim() };
  return { source: { kind: 'export' as const, file: toBase64(file.bytes), ...opening }, mode, newClientKeys };
}

export function ImportFlow({ lists = false }: { lists?: boolean }) {
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [wish, setWish] = useState(NO_WISH);
  const [difference, setDifference] = useState<DifferenceView | null>(null);
  const [done, setDone] = useState<ImportedView | null>(null);
  const look = useAct(api.moving.preview.mutate);
  const begin = (next: ChosenFile | null) => {
    setFile(next);
    setWish(NO_WISH);
    setDifference(null);
    setDone(null);
    look.clear();
  };
  const show = async (chosen: ChosenFile, with_: Wish) =>
    setDifference(await look.run(inputOf(chosen, with_)));
  const choose = async (chosen: ChosenFile) => {
    begin(chosen);
    if (chosen.kind !== 'export') await show(chosen, NO_WISH);
  };
  if (done)
    return (
      <ImportDone
        done={done}
        plainFile={file?.kind === 'export' ? null : (file?.name ?? null)}
        onAgain={() => begin(null)}
      />
    );
  return (
    <div className="grid gap-4 p-4">
      <FilePick file={file} lists={lists} onPick={(chosen) => void choose(chosen)} />
      {file && file.kind !== 'export' && <PlainNote />}
      {file?.kind === 'export' && !difference && (
        <Opening
          file={file}
          wish={wish}
          busy={look.busy}
          onChange={(patch) => setWish({ ...wish, ...patch })}
          onShow={() => void show(file, wish)}
        />
      )}
      {look.busy && (
        <p role="status" className="text-12 text-fg-3">
          Reading the file…
        </p>
      )}
      <ProblemLine problem={look.problem} />
      {file && difference && (
        <Agreeing
          key={difference.seen}
          input={inputOf(file, wish)}
          difference={difference}
          onCancel={() => begin(null)}
          onDone={(result) => {
            setWish(NO_WISH);
            setDone(result);
          }}
        />
      )}
    </div>
  );
}

function FilePick(props: { file: ChosenFile | null; lists: boolean; onPick: (file: ChosenFile) => void }) {
  const id = useId();
  const [wrong, setWrong] = useState<string | null>(null);
  const pick = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > IMPORT_BYTES_MAX)
      return setWrong('That is larger than any import. Is it the right file?');
    if (file.size === 0) return setWrong('That file is empty.');
    setWrong(null);
    props.onPick(await readChosen(file));
  };
  const { file, lists } = props;
  return (
    <div>
      <label
        htmlFor={id}
        className="grid cursor-pointer place-items-center gap-1 rounded-control border border-dashed px-4 py-6 text-center hover:bg-raised has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-acc"
      >
        <input
          id={id}
          type="file"
          className="sr-only"
          onChange={(event) => {
            void pick(event.target.files?.[0]);
            // The same file may be chosen again after it was mended.
            event.target.value = '';
          }}
        />
        <Upload size={16} strokeWidth={1.75} aria-hidden="true" className="text-fg-3" />
        <span className="font-medium break-all">
          {file ? file.name : lists ? 'Choose a list' : 'Choose a file'}
        </span>
        <span className="text-12 text-fg-3">
          {file
            ? formatBytes(file.bytes.length)
            : lists
              ? 'CSV with a line of headings, or JSON'
              : 'an export, or a list of accounts as CSV or JSON'}
        </span>
      </label>
      {wrong !== null && (
        <p role="alert" className="pt-1.5 text-12 text-bad-text">
          {wrong}
        </p>
      )}
    </div>
  );
}

function PlainNote() {
  return (
    <p className="text-12 text-pretty text-warn-text">
      Anybody who opens this file can read the keys in it. Delete it once they are imported.
    </p>
  );
}

function Opening(props: {
  file: ChosenFile;
  wish: Wish;
  busy: boolean;
  onChange: (patch: Partial<Wish>) => void;
  onShow: () => void;
}) {
  const { wish, onChange } = props;
  const byPassphrase = props.file.opensWith === 'passphrase';
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        props.onShow();
      }}
    >
      <Field
        label={byPassphrase ? 'Passphrase of the file' : 'Secret key of age'}
        hint={
          byPassphrase
            ? 'Chosen at the export; not the master key.'
            : 'The line that begins with AGE-SECRET-KEY-1.'
        }
      >
        {(parts) => (
          <SecretInput
            {...parts}
            what={byPassphrase ? 'passphrase' : 'secret key'}
            autoComplete="off"
            value={wish.secret}
            onChange={(event) => onChange({ secret: event.target.value })}
          />
        )}
      </Field>
      <Segmented
        label="What is only here"
        value={wish.mode}
        options={[
          { value: 'merge', label: 'Keep what is only here' },
          { value: 'replace', label: 'Remove it' },
        ]}
        onChange={(mode) => onChange({ mode })}
      />
      <label className="flex min-h-8 items-start gap-2.5 text-12 max-sm:min-h-11">
        <input
          type="checkbox"
          className="tick mt-0.5"
          checked={wish.newClientKeys}
          onChange={(event) => onChange({ newClientKeys: event.target.checked })}
        />
        <span>
          Make new values for client keys of another vault
          <span className="block text-fg-3">No export holds their values; the rules are kept.</span>
        </span>
      </label>
      <Button
        type="submit"
        look="primary"
        className="justify-self-end"
        disabled={wish.secret === '' || props.busy}
      >
        Show what it would do
      </Button>
    </form>
  );
}

function Agreeing(props: {
  input: ReturnType<typeof inputOf>;
  difference: DifferenceView;
  onCancel: () => void;
  onDone: (done: ImportedView) => void;
}) {
  const { difference } = props;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [masterKey, setMasterKey] = useState('');
  const reload = useReload();
  const act = useAct(api.moving.import.mutate);
  const needsKey = difference.source === 'export';
  const waiting = difference.baseUrls.filter(({ name }) => !ticked.has(name)).length;
  const count =
    difference.rows.filter(({ state }) => state === 'new' || state === 'changed' || state === 'removed')
      .length - waiting;
  const run = async () => {
    const { seen } = difference;
    const key = needsKey ? { masterKey } : {};
    const done = await act.run({ ...props.input, seen, acceptBaseUrls: [...ticked], ...key });
    if (done === null) return;
    setMasterKey('');
    reload('accounts.list', 'clients.list', 'models.list', 'settings.list', 'usage.summary');
    props.onDone(done);
  };
  const tick = (name: string, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(name);
    else next.delete(name);
    setTicked(next);
  };
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {difference.rows.length === 0 ? (
        <p className="text-fg-2">There is nothing in it.</p>
      ) : (
        <DifferenceRows difference={difference} />
      )}
      <BaseUrlTicks difference={difference} ticked={ticked} onTick={tick} />
      {needsKey && count > 0 && (
        <Field label="Master key" hint="Needed again, because an import decides where keys go.">
          {(parts) => (
            <SecretInput
              {...parts}
              what="master key"
              autoComplete="current-password"
              value={masterKey}
              onChange={(event) => setMasterKey(event.target.value)}
            />
          )}
        </Field>
      )}
      <ProblemLine problem={act.problem} />
      <div className="flex flex-wrap items-center justify-end gap-2 border-t pt-3">
        <span className="mr-auto text-12 text-fg-3">Nothing written yet</span>
        <Button look="quiet" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button
          type="submit"
          look="primary"
          disabled={count <= 0 || act.busy || (needsKey && masterKey === '')}
        >
          {count > 0 ? `Import ${count}` : 'Nothing to import'}
        </Button>
      </div>
    </form>
  );
}
