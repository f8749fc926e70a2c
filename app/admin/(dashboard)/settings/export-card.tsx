'use client';
/** Exporting: to a passphrase typed twice, or to public keys of age. The master key is needed again. */
import { Download } from 'lucide-react';
import { useState } from 'react';
import { type StrengthView, tooShort } from '../../../../lib/base/key-strength.ts';
import type { ExportView } from '../../../../lib/wire/moving-views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardFoot, CardHead } from '../../../_components/card.tsx';
import { Field, SecretInput } from '../../../_components/field.tsx';
import { saveBase64 } from '../../../_components/file-bytes.ts';
import { useJudgedKey } from '../../../_components/judged-key.ts';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { Judged } from '../../../_components/strength-line.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';

const BLANK = {
  to: 'passphrase' as 'passphrase' | 'recipients',
  text: '',
  again: '',
  anyway: false,
  masterKey: '',
};
type Form = typeof BLANK;

const judge = (masterKey: string) => api.vault.judge.mutate({ masterKey });

function ready({ to, text, again, anyway, masterKey }: Form, judged: StrengthView | null): boolean {
  if (masterKey === '') return false;
  if (to === 'recipients') return /^age1[0-9a-z]+$/.test(text.trim().split(/\s+/)[0] ?? '');
  if (judged === null || judged.strength === 'short' || text !== again) return false;
  return judged.strength !== 'guessable' || anyway;
}

export function ExportCard() {
  const [form, setForm] = useState(BLANK);
  const [made, setMade] = useState<ExportView | null>(null);
  const act = useAct(api.moving.export.mutate);
  const judged = useJudgedKey(form.to === 'passphrase' ? form.text : '', judge);
  const set = (patch: Partial<Form>) => {
    setMade(null);
    setForm({ ...form, ...patch });
  };
  const run = async () => {
    const { to, text, masterKey } = form;
    const file = await act.run({
      masterKey,
      ...(to === 'passphrase' ? { passphrase: text } : { recipients: text.trim().split(/\s+/) }),
    });
    if (file === null) return;
    saveBase64(file.name, file.file);
    setForm({ ...BLANK, to });
    setMade(file);
  };
  return (
    <form
      aria-label="Export"
      className="card flex flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <CardHead title="Export" />
      <div className="grid flex-1 content-start gap-4 p-4">
        <p className="text-12 text-pretty text-fg-2">
          One file in the format of <code className="font-mono">age</code>: accounts with their keys, client
          keys without their values, and the settings that may travel.
        </p>
        <Segmented
          label="Encrypt to"
          value={form.to}
          options={[
            { value: 'passphrase', label: 'Passphrase' },
            { value: 'recipients', label: 'Public key' },
          ]}
          onChange={(to) => set({ to, text: '', again: '', anyway: false })}
        />
        {form.to === 'passphrase' ? (
          <Passphrase form={form} set={set} strength={judged.strength} />
        ) : (
          <Recipients form={form} set={set} />
        )}
        <Field label="Master key">
          {(parts) => (
            <SecretInput
              {...parts}
              what="master key"
              autoComplete="current-password"
              value={form.masterKey}
              onChange={(event) => set({ masterKey: event.target.value })}
            />
          )}
        </Field>
        <ProblemLine problem={act.problem} />
        {made && <Made made={made} />}
      </div>
      <CardFoot>
        <span className="min-w-0 flex-1">Not kept here: it goes to your downloads</span>
        <Button type="submit" look="primary" disabled={!ready(form, judged.strength) || act.busy}>
          <Download size={15} />
          {act.busy ? 'Encrypting…' : 'Export'}
        </Button>
      </CardFoot>
    </form>
  );
}

type Parts = { form: Form; set: (patch: Partial<Form>) => void };

function Passphrase({ form, set, strength }: Parts & { strength: StrengthView | null }) {
  const differs = form.again.length >= form.text.length && form.again !== '' && form.again !== form.text;
  return (
    <div className="grid gap-4">
      <div>
        <Field
          label="Passphrase"
          hint="Not the master key. Without it nobody can open the file, you included."
        >
          {(parts) => (
            <SecretInput
              {...parts}
              what="passphrase"
              autoComplete="new-password"
              value={form.text}
              onChange={(event) => set({ text: event.target.value, anyway: false })}
            />
          )}
        </Field>
        {form.text !== '' && <Judged strength={strength ?? tooShort(form.text)} />}
      </div>
      <Field label="The passphrase again" wrong={differs ? 'The two are not the same.' : null}>
        {(parts) => (
          <SecretInput
            {...parts}
            what="repeated passphrase"
            autoComplete="new-password"
            value={form.again}
            onChange={(event) => set({ again: event.target.value })}
          />
        )}
      </Field>
      {strength?.strength === 'guessable' && (
        <label className="flex items-start gap-2.5 text-12">
          <input
            type="checkbox"
            className="tick mt-0.5"
            checked={form.anyway}
            onChange={(event) => set({ anyway: event.target.checked })}
          />
          <span>
            Use it anyway
            <span className="block text-fg-3">
              Whoever gets the file will try passphrases like this one first.
            </span>
          </span>
        </label>
      )}
    </div>
  );
}

function Recipients({ form, set }: Parts) {
  return (
    <Field
      label="Public keys of age"
      hint="One a line, each beginning with age1. Any of their secret keys opens the file."
    >
      {(parts) => (
        <textarea
          {...parts}
          rows={3}
          spellCheck={false}
          className="inp h-auto py-2 font-mono text-12 max-sm:text-16"
          placeholder="age1…"
          value={form.text}
          onChange={(event) => set({ text: event.target.value })}
        />
      )}
    </Field>
  );
}

function Made({ made }: { made: ExportView }) {
  return (
    <div role="status" className="text-12">
      <p>
        <b className="font-medium break-all">{made.name}</b>: {made.accounts} accounts, {made.clientKeys}{' '}
        client keys, {made.settings} settings.
      </p>
      {made.leftOut.map(({ kind, name, why }) => (
        <p key={`${kind} ${name}`} className="text-warn-text">
          Left out: {name}. {why}
        </p>
      ))}
    </div>
  );
}
