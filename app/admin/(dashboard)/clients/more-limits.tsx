'use client';
/** What few keys need, behind one line: limits on other windows, kinds and models; tiers and efforts. */
import { ChevronRight, Plus, X } from 'lucide-react';
import { Button } from '../../../_components/button.tsx';
import { Field } from '../../../_components/field.tsx';
import {
  CLIENT_WINDOWS,
  type KeyForm,
  KIND_NAMES,
  LIMIT_KINDS,
  moreWrong,
  type TypedLimit,
  WINDOW_NAMES,
} from './key-form.ts';

const FRESH: TypedLimit = { amount: '', kind: 'requests', window: 'five_hours', models: '' };

interface FormParts {
  readonly form: KeyForm;
  readonly set: (patch: Partial<KeyForm>) => void;
}

export function MoreLimits({ form, set }: FormParts) {
  const { more } = form;
  const change = (at: number, patch: Partial<TypedLimit>) =>
    set({ more: more.map((each, n) => (n === at ? { ...each, ...patch } : each)) });
  const used = more.length > 0 || form.tiers !== '' || form.efforts !== '';
  return (
    <details className="group col-span-full" open={used || undefined}>
      <summary className="hit flex w-fit cursor-pointer list-none items-center gap-1.5 rounded-inner text-12 text-fg-2 hover:text-fg [&::-webkit-details-marker]:hidden">
        <ChevronRight size={14} className="transition-transform group-open:rotate-90" aria-hidden="true" />
        More limits: hour, 5 hours, week, single models, tiers, efforts
      </summary>
      <ul className="grid gap-2 pt-3 empty:hidden">
        {more.map((limit, at) => (
          <LimitRow
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are told apart by their place only
            key={at}
            limit={limit}
            change={(patch) => change(at, patch)}
            remove={() => set({ more: more.filter((_, n) => n !== at) })}
          />
        ))}
      </ul>
      <Button look="link" onClick={() => set({ more: [...more, FRESH] })}>
        <Plus size={14} />
        Add a limit
      </Button>
      <div className="grid grid-cols-2 gap-x-3 pt-3 max-sm:grid-cols-1 max-sm:gap-y-4">
        <Words
          label="Service tiers"
          typed={form.tiers}
          like="default, flex"
          set={(tiers) => set({ tiers })}
        />
        <Words
          label="Reasoning efforts"
          typed={form.efforts}
          like="low, medium"
          set={(efforts) => set({ efforts })}
        />
      </div>
    </details>
  );
}

function LimitRow(props: {
  limit: TypedLimit;
  change: (patch: Partial<TypedLimit>) => void;
  remove: () => void;
}) {
  const { limit, change } = props;
  const wrong = moreWrong(limit);
  return (
    <li>
      <div className="grid grid-cols-[6rem_7.25rem_8.75rem_1fr_auto] items-center gap-2 max-sm:grid-cols-[1fr_1fr_auto]">
        <input
          aria-label="Amount"
          aria-invalid={wrong !== null || undefined}
          inputMode="decimal"
          className="inp"
          placeholder="100"
          value={limit.amount}
          onChange={(event) => change({ amount: event.target.value })}
        />
        <Choice
          label="Of what"
          options={LIMIT_KINDS}
          names={KIND_NAMES}
          value={limit.kind}
          pick={(kind) => change({ kind })}
        />
        <Choice
          label="In which time"
          options={CLIENT_WINDOWS}
          names={WINDOW_NAMES}
          value={limit.window}
          pick={(window) => change({ window })}
        />
        <input
          aria-label="For which models"
          className="inp font-mono"
          placeholder="all models"
          value={limit.models}
          onChange={(event) => change({ models: event.target.value })}
        />
        <button
          type="button"
          aria-label="Take this limit away"
          className="hit grid size-7 place-items-center justify-self-end rounded-control text-fg-3 hover:text-fg max-sm:col-start-3 max-sm:row-span-2 max-sm:row-start-1"
          onClick={props.remove}
        >
          <X size={14} />
        </button>
      </div>
      {limit.amount !== '' && wrong && <p className="pt-1 text-11 text-bad-text">{wrong}</p>}
    </li>
  );
}

function Choice<T extends string>(props: {
  label: string;
  options: readonly T[];
  names: Readonly<Record<T, string>>;
  value: T;
  pick: (value: T) => void;
}) {
  const { options, names } = props;
  return (
    <select
      aria-label={props.label}
      className="inp"
      value={props.value}
      onChange={(event) => {
        const picked = options.find((option) => option === event.target.value);
        if (picked) props.pick(picked);
      }}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {names[option]}
        </option>
      ))}
    </select>
  );
}

function Words(props: { label: string; typed: string; like: string; set: (typed: string) => void }) {
  return (
    <Field label={props.label} optional hint={`Such as ${props.like}. A call that names none passes.`}>
      {(parts) => (
        <input
          {...parts}
          className="inp font-mono"
          placeholder="any"
          value={props.typed}
          onChange={(event) => props.set(event.target.value)}
        />
      )}
    </Field>
  );
}
