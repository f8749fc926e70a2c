'use client';
/** The part of a client key that people decide: name, models, limits, how long. Used to make one and to change one. */
import type { Ref } from 'react';
import { Field } from '../../../_components/field.tsx';
import { countWrong } from '../../../_components/limit-fields.ts';
import { ModelPatterns } from '../../../_components/model-patterns.tsx';
import { MoneyLimit } from '../../../_components/money-limit.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { dayMonthYear } from '../../../_components/times.tsx';
import { useModels } from '../../../_data/resources.ts';
import { expiryOf, type KeyForm } from './key-form.ts';
import { MoreLimits } from './more-limits.tsx';

interface FormParts {
  readonly form: KeyForm;
  readonly set: (patch: Partial<KeyForm>) => void;
}

export function KeyFields(
  props: FormParts & { first: Ref<HTMLInputElement>; onSubmit: () => void; fixedEnd?: boolean },
) {
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
      <MoreLimits form={form} set={set} />
      {!props.fixedEnd && <Expires form={form} set={set} />}
      <button type="submit" hidden>
        Save
      </button>
    </form>
  );
}

function Limits({ form, set }: FormParts) {
  return (
    <>
      <MoneyLimit label="Day limit" value={form.day} onValue={(day) => set({ day })} />
      <MoneyLimit label="Month limit" value={form.month} onValue={(month) => set({ month })} />
      <Field label="Requests a day" optional wrong={countWrong(form.requests)}>
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
