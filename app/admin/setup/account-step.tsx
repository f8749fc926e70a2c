'use client';
/** Step 2: one account. Its key is checked live before anything is stored; the rest opens when the key is good. */
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { AccountKeyField } from '../../_components/account-key-field.tsx';
import { Button } from '../../_components/button.tsx';
import { CheckFacts } from '../../_components/check-facts.tsx';
import { DestinationFields } from '../../_components/destination-fields.tsx';
import { Field } from '../../_components/field.tsx';
import { type Destination, destinationInput, NOWHERE_SPECIAL } from '../../_components/key-check.ts';
import { amountWrong, readAmount, withLimit } from '../../_components/limit-fields.ts';
import { MoneyLimit } from '../../_components/money-limit.tsx';
import { type NewKey, useNewKey } from '../../_components/new-key.ts';
import { ProblemLine } from '../../_components/problem-note.tsx';
import { api } from '../../_data/api.ts';
import { useAct } from '../../_data/ask.ts';
import { StepFoot, StepHead } from './step-parts.tsx';

interface Form {
  readonly name: string;
  readonly day: string;
  readonly month: string;
}

const isReady = (form: Form): boolean =>
  form.name.trim() !== '' && amountWrong(form.day) === null && amountWrong(form.month) === null;

function useFirstAccount(onDone: (words: string) => void) {
  const [to, setTo] = useState<Destination>(NOWHERE_SPECIAL);
  const [form, setForm] = useState<Form>({ name: 'Work', day: '', month: '' });
  const newKey = useNewKey(to);
  const add = useAct(api.accounts.add.mutate);
  const save = async () => {
    const day = withLimit({}, 'day', 'cost', readAmount(form.day) ?? null);
    const added = await add.run({
      name: form.name,
      key: newKey.text(),
      ...destinationInput(to),
      limits: withLimit(day, 'month', 'cost', readAmount(form.month) ?? null),
      check: newKey.good,
    });
    if (added === null) return;
    newKey.wipe();
    const models = added.check.modelIds?.length;
    onDone(`${added.account.name} added${models === undefined ? '' : `, ${models} models`}`);
  };
  const setDestination = (patch: Partial<Destination>) => {
    setTo((before) => ({ ...before, ...patch }));
    newKey.changed();
  };
  return { to, setDestination, form, setForm, newKey, add, save };
}

export function AccountStep({ onDone }: { onDone: (words: string | null) => void }) {
  const { to, setDestination, form, setForm, newKey, add, save } = useFirstAccount(onDone);
  const { good, refused, check } = newKey;
  return (
    <>
      <StepHead title="Add your first account">
        Paste an API key. We ask the provider what it can do before anything is saved; the key itself goes
        straight into the vault.
      </StepHead>
      <section className="card">
        <KeyPart newKey={newKey} to={to} onDestination={setDestination} />
        <CheckFacts check={check} baseUrl={to.baseUrl} />
        <Particulars form={form} set={(patch) => setForm({ ...form, ...patch })} open={good || refused} />
        <p className="rounded-b-card border-t bg-raised/60 px-4 py-2.5 text-12 text-fg-3">
          At a limit this account stops taking calls until the day or month turns. Others carry on.
        </p>
      </section>
      <StepFoot>
        <div className="mr-auto min-w-0">
          <ProblemLine problem={add.problem ?? check.problem} />
        </div>
        <Button
          look="quiet"
          size="large"
          disabled={add.busy}
          onClick={() => (refused ? void save() : onDone(null))}
        >
          {refused ? 'Add it unchecked' : 'Skip for now'}
        </Button>
        <Button
          look="primary"
          size="large"
          disabled={!good || add.busy || !isReady(form)}
          onClick={() => void save()}
        >
          {add.busy ? 'Adding' : 'Add account'}
          <ArrowRight size={14} aria-hidden="true" />
        </Button>
      </StepFoot>
    </>
  );
}

function KeyPart(props: {
  newKey: NewKey;
  to: Destination;
  onDestination: (patch: Partial<Destination>) => void;
}) {
  const { newKey } = props;
  const { check } = newKey;
  return (
    <div className="p-4">
      <Field
        label="API key"
        hint="Restricted keys work: they need to list models and to write responses."
        wrong={newKey.refused ? (check.view?.message ?? null) : null}
      >
        {(parts) => <AccountKeyField newKey={newKey} parts={parts} />}
      </Field>
      <div className="pt-3">
        <DestinationFields value={props.to} onChange={props.onDestination} />
      </div>
      {newKey.typed && !check.view && !check.busy && (
        <Button look="link" className="mt-1 -mb-1" onClick={newKey.again}>
          Check the key
        </Button>
      )}
    </div>
  );
}

function Particulars({
  form,
  set,
  open,
}: {
  form: Form;
  set: (patch: Partial<Form>) => void;
  open: boolean;
}) {
  return (
    <fieldset
      disabled={!open}
      className="grid grid-cols-[1fr_128px_128px] gap-4 border-t p-4 max-sm:grid-cols-2"
    >
      <Field label="Name" className="max-sm:col-span-2">
        {(parts) => (
          <input
            {...parts}
            className="inp"
            maxLength={80}
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <MoneyLimit label="Day limit" value={form.day} onValue={(day) => set({ day })} />
      <MoneyLimit label="Month limit" value={form.month} onValue={(month) => set({ month })} />
    </fieldset>
  );
}
