'use client';
/** A new client key: for whom, for which models, how much, until when. One key a program. */
import { useRef } from 'react';
import type { ClientKeyAddedView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { Modal } from '../../../_components/dialog.tsx';
import { Kbd } from '../../../_components/kbd.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useDraft } from '../../../_data/drafts.tsx';
import { useReload } from '../../../_data/reload.ts';
import { KeyFields } from './key-fields.tsx';
import { BLANK, expiryOf, grantsOf, isReady } from './key-form.ts';

function useCreateKey(onMade: (made: ClientKeyAddedView) => void) {
  const form = useDraft('client.add', BLANK);
  const add = useAct(api.clients.add.mutate);
  const reload = useReload();
  const create = async () => {
    const expiresAtMs = expiryOf(form.value);
    if (!isReady(form.value) || expiresAtMs === undefined || add.busy) return;
    const made = await add.run({ ...grantsOf(form.value), expiresAtMs });
    if (made === null) return;
    form.discard();
    reload('clients.list');
    onMade(made);
  };
  return { form, create: () => void create(), ready: isReady(form.value) && !add.busy, problem: add.problem };
}

export function CreateKey(props: {
  open: boolean;
  onClose: () => void;
  onMade: (made: ClientKeyAddedView) => void;
}) {
  const first = useRef<HTMLInputElement>(null);
  const { form, create, ready, problem } = useCreateKey(props.onMade);
  return (
    <Modal
      wide
      open={props.open}
      onClose={props.onClose}
      title="New client key"
      note="One key per program, so that each can be limited and revoked alone."
      initialFocus={first}
      foot={
        <>
          <div className="min-w-0 text-11 text-fg-3">
            <ProblemLine problem={problem} />
            {!problem && (
              <span className="flex items-center gap-2 max-sm:hidden">
                <Kbd>↵</Kbd> to create
              </span>
            )}
          </div>
          <div className="ml-auto flex gap-2">
            <Button onClick={props.onClose}>Cancel</Button>
            <Button look="primary" disabled={!ready} onClick={create}>
              Create key
            </Button>
          </div>
        </>
      }
    >
      <KeyFields form={form.value} set={form.set} first={first} onSubmit={create} />
    </Modal>
  );
}
