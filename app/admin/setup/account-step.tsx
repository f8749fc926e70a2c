'use client';
/** Step 2: one account. Its key is checked live before anything is stored; the rest opens when the key is good. */
import { ArrowRight } from 'lucide-react';
import { useRef, useState } from 'react';
import { AccountKeyField } from '../../_components/account-key-field.tsx';
import { Button } from '../../_components/button.tsx';
import { CheckFacts } from '../../_components/check-facts.tsx';
import { DestinationFields } from '../../_components/destination-fields.tsx';
import { Field, MoneyInput } from '../../_components/field.tsx';
import {
  type Destination,
  destinationInput,
  NOWHERE_SPECIAL,
  useKeyCheck,
} from '../../_components/key-check.ts';
import { amountWrong, readAmount, withLimit } from '../../_components/limit-fields.ts';
import { ProblemLine } from '../../_components/problem-note.tsx';
import { api } from '../../_data/api.ts';
import { useAct } from '../../_data/ask.ts';
import { StepFoot, StepHead } from './step-parts.tsx';

export function AccountStep({ onDone }: { onDone: (words: string | null) => void }) {
  const keyField = useRef<HTMLInputElement>(null);
  const [to, setTo] = useState<Destination>(NOWHERE_SPECIAL);
  const [form, setForm] = useState({ name: 'Work', day: '', month: '' });
  const [typed, setTyped] = useState(false);
  const check = useKeyCheck();
  const add = useAct(api.accounts.add.mutate);
  const good = check.view?.ok === true;
  const wrongAmount = amountWrong(form.day) ?? amountWrong(form.month);
  const refused = check.view !== null && !check.view.ok;

  const save = async (skipCheck: boolean) => {
    const day = readAmount(form.day) ?? null;
    const month = readAmount(form.month) ?? null;
    const added = await add.run({
      name: form.name,
      key: keyField.current?.value.trim() ?? '',
      ...destinationInput(to),
      limits: withLimit(withLimit({}, 'day', 'cost', day), 'month', 'cost', month),
      check: !skipCheck,
    });
    if (added === null) return;
    if (keyField.current) keyField.current.value = '';
    const models = added.check.modelIds?.length;
    onDone(`${added.account.name} added${models === undefined ? '' : `, ${models} models`}`);
  };
  return (
    <>
      <StepHead title="Add your first account">
        Paste an API key. We ask the provider what it can do before anything is saved; the key itself goes
        straight into the vault.
      </StepHead>
      <section className="card">
        <div className="p-4">
          <Field
            label="API key"
            hint="Restricted keys work: they need to list models and to write responses."
            wrong={refused ? (check.view?.message ?? null) : null}
          >
            {(parts) => (
              <AccountKeyField
                field={keyField}
                parts={parts}
                onKey={(key) => check.offer(key, to)}
                onChange={() => {
                  setTyped((keyField.current?.value.trim() ?? '') !== '');
                  check.forget();
                }}
              />
            )}
          </Field>
          <div className="pt-3">
            <DestinationFields
              value={to}
              onChange={(patch) => {
                setTo((before) => ({ ...before, ...patch }));
                check.forget();
              }}
            />
          </div>
          {typed && !check.view && !check.busy && (
            <Button
              look="link"
              className="mt-1 -mb-1"
              onClick={() => void check.run(keyField.current?.value.trim() ?? '', to)}
            >
              Check the key
            </Button>
          )}
        </div>
        <CheckFacts check={check} baseUrl={to.baseUrl} />
        <fieldset
          disabled={!good && !refused}
          className="grid grid-cols-[1fr_128px_128px] gap-4 border-t p-4 max-sm:grid-cols-2"
        >
          <Field label="Name" className="max-sm:col-span-2">
            {(parts) => (
              <input
                {...parts}
                className="inp"
                maxLength={80}
                value={form.name}
                onChange={(event) => setForm({ ...form, name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Day limit" optional wrong={amountWrong(form.day)}>
            {(parts) => (
              <MoneyInput
                {...parts}
                value={form.day}
                onChange={(event) => setForm({ ...form, day: event.target.value })}
              />
            )}
          </Field>
          <Field label="Month limit" optional wrong={amountWrong(form.month)}>
            {(parts) => (
              <MoneyInput
                {...parts}
                value={form.month}
                onChange={(event) => setForm({ ...form, month: event.target.value })}
              />
            )}
          </Field>
        </fieldset>
        <p className="rounded-b-card border-t bg-raised/60 px-4 py-2.5 text-12 text-fg-3">
          At a limit this account stops taking calls until the day or month turns. Others carry on.
        </p>
      </section>
      <StepFoot>
        <div className="mr-auto min-w-0">
          <ProblemLine problem={add.problem ?? check.problem} />
        </div>
        {refused ? (
          <Button look="quiet" size="large" disabled={add.busy} onClick={() => void save(true)}>
            Add it unchecked
          </Button>
        ) : (
          <Button look="quiet" size="large" onClick={() => onDone(null)}>
            Skip for now
          </Button>
        )}
        <Button
          look="primary"
          size="large"
          disabled={!good || add.busy || form.name.trim() === '' || wrongAmount !== null}
          onClick={() => void save(false)}
        >
          {add.busy ? 'Adding' : 'Add account'}
          <ArrowRight size={14} aria-hidden="true" />
        </Button>
      </StepFoot>
    </>
  );
}
