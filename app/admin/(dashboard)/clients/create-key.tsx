'use client';
/** A new client key: for whom, for which models, how much, until when. One key a program. */
import { type Ref, useRef } from 'react';
import type { LimitSet } from '../../../../lib/metering/limit.ts';
import type { ClientKeyAddedView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { Modal } from '../../../_components/dialog.tsx';
import { Field } from '../../../_components/field.tsx';
import { Kbd } from '../../../_components/kbd.tsx';
import { amountWrong, readAmount, withLimit } from '../../../_components/limit-fields.ts';
import { ModelPatterns } from '../../../_components/model-patterns.tsx';
import { MoneyLimit } from '../../../_components/money-limit.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { dayMonthYear } from '../../../_components/times.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useDraft } from '../../../_data/drafts.tsx';
import { useReload } from '../../../_data/reload.ts';
import { useModels } from '../../../_data/resources.ts';

const DAY_MS = 86_400_000;

interface Form {
  readonly name: string;
  readonly models: readonly string[];
  readonly day: string;
  readonly month: string;
  readonly requests: string;
  readonly expires: 'never' | '30' | '90' | 'date';
  readonly date: string;
}

const BLANK: Form = { name: '', models: [], day: '', month: '', requests: '', expires: 'never', date: '' };

function expiryOf(form: Form): number | null | undefined {
  if (form.expires === 'never') return null;
  if (form.expires !== 'date') return Date.now() + Number(form.expires) * DAY_MS;
  const atMs = new Date(`${form.date}T00:00`).getTime();
  return Number.isNaN(atMs) || atMs <= Date.now() ? undefined : atMs;
}

const isReady = (form: Form): boolean =>
  form.name.trim() !== '' &&
  [form.day, form.month, form.requests].every((typed) => amountWrong(typed) === null) &&
  expiryOf(form) !== undefined;

function limitsOf({ day, month, requests }: Form): LimitSet {
  const money = withLimit({}, 'day', 'cost', readAmount(day) ?? null);
  const both = withLimit(money, 'month', 'cost', readAmount(month) ?? null);
  return withLimit(both, 'day', 'requests', readAmount(requests) ?? null);
}

function useCreateKey(onMade: (made: ClientKeyAddedView) => void) {
  const form = useDraft('client.add', BLANK);
  const add = useAct(api.clients.add.mutate);
  const reload = useReload();
  const create = async () => {
    const { name, models } = form.value;
    const expiresAtMs = expiryOf(form.value);
    if (!isReady(form.value) || expiresAtMs === undefined || add.busy) return;
    const made = await add.run({ name, models: [...models], limits: limitsOf(form.value), expiresAtMs });
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
      <KeyForm form={form.value} set={form.set} first={first} onSubmit={create} />
    </Modal>
  );
}

interface FormParts {
  readonly form: Form;
  readonly set: (patch: Partial<Form>) => void;
}

function KeyForm(props: FormParts & { first: Ref<HTMLInputElement>; onSubmit: () => void }) {
  const { form, set } = props;
  return (
    <form
      className="grid grid-cols-3 gap-x-3 gap-y-4 max-sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit();
      }}
    >
      <Field
        label="Name"
        className="col-span-full"
        hint="Shown in requests and costs. A program or a person."
      >
        {(parts) => (
          <input
            {...parts}
            ref={props.first}
            className="inp"
            maxLength={80}
            dir="auto"
            placeholder="opencode"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <div className="col-span-full">
        <KnownModels value={form.models} onChange={(models) => set({ models })} />
      </div>
      <Limits form={form} set={set} />
      <Expires form={form} set={set} />
      <button type="submit" hidden>
        Create key
      </button>
    </form>
  );
}

function Limits({ form, set }: FormParts) {
  return (
    <>
      <MoneyLimit label="Day limit" value={form.day} onValue={(day) => set({ day })} />
      <MoneyLimit label="Month limit" value={form.month} onValue={(month) => set({ month })} />
      <Field label="Requests a day" optional wrong={amountWrong(form.requests)}>
        {(parts) => (
          <input
            {...parts}
            inputMode="numeric"
            className="inp"
            placeholder="none"
            value={form.requests}
            onChange={(event) => set({ requests: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function KnownModels(props: { value: readonly string[]; onChange: (models: readonly string[]) => void }) {
  const { data } = useModels();
  return <ModelPatterns {...props} known={(data ?? []).map(({ id }) => id)} />;
}

function Expires({ form, set }: FormParts) {
  const atMs = expiryOf(form);
  return (
    <div className="col-span-full">
      <p className="pb-1.5 text-12 font-medium">Expires</p>
      <Segmented
        wide
        label="Expires"
        value={form.expires}
        onChange={(expires) => set({ expires })}
        options={[
          { value: 'never', label: 'Never' },
          { value: '30', label: '30 days' },
          { value: '90', label: '90 days' },
          { value: 'date', label: 'On a date' },
        ]}
      />
      {form.expires === 'date' && (
        <input
          type="date"
          aria-label="Date"
          className="inp mt-2"
          value={form.date}
          onChange={(event) => set({ date: event.target.value })}
        />
      )}
      <p className="pt-1.5 text-11 text-fg-3">
        {atMs === undefined
          ? 'Choose a day that is still to come.'
          : atMs === null
            ? 'Works until it is revoked.'
            : `On ${dayMonthYear(atMs)} its calls start to fail with 401.`}
      </p>
    </div>
  );
}
