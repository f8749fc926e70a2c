'use client';
/** Addresses that alerts are sent to. Where they go is a matter of trust, so a new one asks for the master key. */
import { type FormEvent, useId, useRef, useState } from 'react';
import type { TargetFormat, TargetView } from '../../../../lib/wire/alert-views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardRow } from '../../../_components/card.tsx';
import { Modal } from '../../../_components/dialog.tsx';
import { Field, SecretInput } from '../../../_components/field.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { Bone, Loading } from '../../../_components/skeleton.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useReload } from '../../../_data/reload.ts';
import { useAlertTargets } from '../../../_data/resources.ts';

export function AlertTargets() {
  const { data, problem } = useAlertTargets();
  const [adding, setAdding] = useState(false);
  return (
    <>
      <CardRow
        title="Webhooks"
        note="An address of your own, or a Slack channel. Only names and figures are sent, never a key or what a call says."
      >
        <Button onClick={() => setAdding(true)}>Add a webhook</Button>
      </CardRow>
      {problem && !data ? (
        <div className="border-t px-4 py-3">
          <ProblemLine problem={problem} />
        </div>
      ) : data === undefined ? (
        <div className="border-t p-4">
          <Loading label="Loading the webhooks" />
          <Bone className="h-6" />
        </div>
      ) : (
        data.map((target) => <Target key={target.id} target={target} />)
      )}
      {adding && <AddTarget onClose={() => setAdding(false)} />}
    </>
  );
}

function Target({ target }: { target: TargetView }) {
  const reload = useReload();
  const test = useAct(() => api.alerts.testTarget.mutate({ ref: target.id }));
  const remove = useAct(() => api.alerts.removeTarget.mutate({ ref: target.id }));
  const [tested, setTested] = useState<string | null>(null);
  const busy = test.busy || remove.busy;
  return (
    <CardRow
      title={<span className="break-words">{target.name}</span>}
      note={
        <>
          <span className="font-mono break-all">{target.origin}</span>
          {target.format === 'slack' ? ' · Slack' : target.signed ? ' · JSON, signed' : ' · JSON, not signed'}
          {!target.intact && (
            <span className="block text-bad-text">
              Its row was changed from outside: nothing is sent there. Remove it and add it again.
            </span>
          )}
          {tested !== null && (
            <span role="status" className="block text-fg-2">
              {tested}
            </span>
          )}
          <ProblemLine problem={test.problem ?? remove.problem} />
        </>
      }
    >
      <span className="flex gap-2">
        <Button
          disabled={busy || !target.intact}
          onClick={() => void test.run(undefined).then((out) => setTested(out === null ? null : out.message))}
        >
          {test.busy ? 'Sending…' : 'Send a test'}
        </Button>
        <Button
          look="danger"
          disabled={busy}
          onClick={() => void remove.run(undefined).then((out) => out !== null && reload('alerts.targets'))}
        >
          Remove
        </Button>
      </span>
    </CardRow>
  );
}

interface NewTarget {
  readonly name: string;
  readonly url: string;
  readonly format: TargetFormat;
  readonly secret?: string;
  readonly allowLocal: boolean;
  readonly masterKey: string;
}

function AddTarget({ onClose }: { onClose: () => void }) {
  const reload = useReload();
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const [format, setFormat] = useState<TargetFormat>('json');
  const add = useAct((target: NewTarget) => api.alerts.addTarget.mutate(target));
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const text = (name: string) => String(typed.get(name) ?? '').trim();
    const secret = text('secret');
    const added = await add.run({
      name: text('name'),
      url: text('url'),
      format,
      allowLocal: typed.has('allowLocal'),
      masterKey: String(typed.get('masterKey') ?? ''),
      ...(format === 'json' && secret !== '' ? { secret } : {}),
    });
    if (added === null) return;
    reload('alerts.targets');
    onClose();
  };
  return (
    <Modal
      open
      onClose={onClose}
      title="Add a webhook"
      note="Every alert is sent there from now on, and once more when it is over."
      initialFocus={first}
      foot={
        <>
          <ProblemLine problem={add.problem} />
          <div className="ml-auto flex gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" form={form} disabled={add.busy}>
              {add.busy ? 'Adding…' : 'Add'}
            </Button>
          </div>
        </>
      }
    >
      <form id={form} className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <Field label="Name">
          {(parts) => <input {...parts} ref={first} name="name" className="inp" required maxLength={80} />}
        </Field>
        <Field label="Address" hint="It is sealed like a key, since many of them are one.">
          {(parts) => (
            <input
              {...parts}
              name="url"
              type="url"
              required
              maxLength={2048}
              autoComplete="off"
              className="inp font-mono text-12"
              placeholder="https://ntfy.example/alerts"
            />
          )}
        </Field>
        <Segmented
          label="Format"
          value={format}
          onChange={setFormat}
          options={[
            { value: 'json', label: 'JSON' },
            { value: 'slack', label: 'Slack' },
          ]}
        />
        {format === 'json' && (
          <Field label="Signing secret" optional hint="The receiver checks our signature with it.">
            {(parts) => (
              <SecretInput
                {...parts}
                name="secret"
                what="signing secret"
                autoComplete="off"
                maxLength={200}
              />
            )}
          </Field>
        )}
        <label className="flex min-h-8 w-fit items-center gap-2.5 text-12 max-sm:min-h-11">
          <input type="checkbox" name="allowLocal" className="tick" />
          It is on this machine or in my network
        </label>
        <Field label="Master key">
          {(parts) => (
            <SecretInput
              {...parts}
              name="masterKey"
              what="master key"
              required
              autoComplete="current-password"
            />
          )}
        </Field>
      </form>
    </Modal>
  );
}
