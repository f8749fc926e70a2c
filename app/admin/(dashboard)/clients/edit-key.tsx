'use client';
/** Changing what a client key may use, and counting its use anew. More than it had needs the master key. */
import { type ReactNode, type RefObject, useRef } from 'react';
import type { ClientKeyView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { Modal } from '../../../_components/dialog.tsx';
import { Field, SecretInput } from '../../../_components/field.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useDraft } from '../../../_data/drafts.tsx';
import { useReload } from '../../../_data/reload.ts';
import { KeyFields } from './key-fields.tsx';
import { formOf, grantsOf, isReady } from './key-form.ts';

interface Props {
  readonly clientKey: ClientKeyView;
  readonly onClose: () => void;
}

export function EditKey({ clientKey, onClose }: Props) {
  const first = useRef<HTMLInputElement>(null);
  const master = useRef<HTMLInputElement>(null);
  const form = useDraft(`client.edit.${clientKey.id}`, formOf(clientKey));
  const edit = useAct(api.clients.edit.mutate);
  const reload = useReload();
  const asked = edit.problem?.param === 'masterKey' || edit.problem?.code === 'wrong_master_key';
  const ready = isReady(form.value) && !edit.busy;
  const save = async () => {
    const masterKey = master.current?.value ?? '';
    const proof = masterKey === '' ? {} : { masterKey };
    if (!ready || (await edit.run({ ref: clientKey.id, ...grantsOf(form.value), ...proof })) === null) return;
    form.discard();
    reload('clients.list');
    onClose();
  };
  return (
    <Modal
      wide
      open
      onClose={onClose}
      title={`Edit ${clientKey.name}`}
      note="Holds from the next call on. What was used before counts."
      initialFocus={first}
      foot={
        <Foot
          problem={edit.problem?.code === 'step_up_required' ? null : edit.problem}
          onClose={onClose}
          ready={ready}
          label="Save changes"
          act={() => void save()}
        />
      }
    >
      <KeyFields form={form.value} set={form.set} first={first} onSubmit={() => void save()} fixedEnd />
      {asked && (
        <MasterKey master={master} onEnter={() => void save()}>
          <b className="font-semibold">This gives the key more than it had.</b> For that the master key is
          needed.
        </MasterKey>
      )}
    </Modal>
  );
}

export function ResetUse({ clientKey, onClose }: Props) {
  const master = useRef<HTMLInputElement>(null);
  const reset = useAct(api.clients.resetUse.mutate);
  const reload = useReload();
  const act = async () => {
    if (reset.busy) return;
    const masterKey = master.current?.value ?? '';
    if ((await reset.run({ ref: clientKey.id, masterKey })) === null) return;
    reload('clients.list');
    onClose();
  };
  return (
    <Modal
      open
      onClose={onClose}
      title={`Count ${clientKey.name} anew`}
      note="Its limits start at nothing, as if it had not been used. Its requests and costs stay on record."
      initialFocus={master}
      foot={
        <Foot
          problem={reset.problem}
          onClose={onClose}
          ready={!reset.busy}
          label="Count anew"
          act={() => void act()}
        />
      }
    >
      <MasterKey master={master} onEnter={() => void act()}>
        This gives the key more to use. For that the master key is needed.
      </MasterKey>
    </Modal>
  );
}

function Foot(props: {
  problem: Parameters<typeof ProblemLine>[0]['problem'];
  onClose: () => void;
  ready: boolean;
  label: string;
  act: () => void;
}) {
  return (
    <>
      <ProblemLine problem={props.problem} />
      <div className="ml-auto flex gap-2">
        <Button onClick={props.onClose}>Cancel</Button>
        <Button look="primary" disabled={!props.ready} onClick={props.act}>
          {props.label}
        </Button>
      </div>
    </>
  );
}

function MasterKey(props: {
  master: RefObject<HTMLInputElement | null>;
  onEnter: () => void;
  children: ReactNode;
}) {
  return (
    <div className="mt-4 rounded-control bg-warn-soft p-3.5 text-12 text-warn-text">
      <p className="pb-3 text-pretty">{props.children}</p>
      <Field label="Master key">
        {(parts) => (
          <SecretInput
            {...parts}
            ref={props.master}
            what="master key"
            autoComplete="current-password"
            onKeyDown={(event) => event.key === 'Enter' && props.onEnter()}
          />
        )}
      </Field>
    </div>
  );
}
