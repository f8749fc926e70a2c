'use client';
/** The master key, asked for before a deed of the vault's; what it costs is said above the field. */
import { type FormEvent, type ReactNode, useId, useRef } from 'react';
import { Button } from '../../../_components/button.tsx';
import { Modal } from '../../../_components/dialog.tsx';
import { Field, SecretInput } from '../../../_components/field.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import type { Action } from '../../../_data/ask.ts';

export function ConfirmKey<Out>(props: {
  title: string;
  note: ReactNode;
  label: string;
  act: Pick<Action<string, Out>, 'run' | 'busy' | 'problem'>;
  onDone: (out: Out) => void;
  onClose: () => void;
}) {
  const { act, label } = props;
  const form = useId();
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const masterKey = field.current?.value ?? '';
    if (act.busy || masterKey === '') return field.current?.focus();
    const out = await act.run(masterKey);
    if (out !== null) props.onDone(out);
  };
  return (
    <Modal
      open
      onClose={props.onClose}
      title={props.title}
      note={props.note}
      initialFocus={field}
      foot={
        <>
          <ProblemLine problem={act.problem} />
          <div className="ml-auto flex gap-2">
            <Button onClick={props.onClose}>Cancel</Button>
            <Button look="primary" type="submit" form={form} disabled={act.busy}>
              {label}
            </Button>
          </div>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)}>
        <Field label="Master key">
          {(parts) => (
            <SecretInput {...parts} ref={field} what="master key" autoComplete="current-password" />
          )}
        </Field>
      </form>
    </Modal>
  );
}
