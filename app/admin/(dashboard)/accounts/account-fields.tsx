'use client';
/** The part of an account that people decide: name, limits, models, how it takes part. Used to add and to edit. */
import { ChevronRight } from 'lucide-react';
import type { Ref } from 'react';
import type { LimitSet } from '../../../../lib/metering/limit.ts';
import { Field } from '../../../_components/field.tsx';
import {
  amountWrong,
  countWrong,
  readAmount,
  typedDollars,
  withLimit,
} from '../../../_components/limit-fields.ts';
import { ModelPatterns } from '../../../_components/model-patterns.tsx';
import { MoneyLimit } from '../../../_components/money-limit.tsx';

export interface AccountForm {
  readonly name: string;
  readonly dayCost: string;
  readonly monthCost: string;
  readonly dayTokens: string;
  readonly monthTokens: string;
  readonly dayRequests: string;
  readonly monthRequests: string;
  readonly models: readonly string[];
  readonly priority: string;
  readonly weight: string;
}

export const BLANK_FORM: AccountForm = {
  name: '',
  dayCost: '',
  monthCost: '',
  dayTokens: '',
  monthTokens: '',
  dayRequests: '',
  monthRequests: '',
  models: [],
  priority: '100',
  weight: '1',
};

const AMOUNTS = [
  ['dayCost', 'day', 'cost'],
  ['monthCost', 'month', 'cost'],
  ['dayTokens', 'day', 'tokens'],
  ['monthTokens', 'month', 'tokens'],
  ['dayRequests', 'day', 'requests'],
  ['monthRequests', 'month', 'requests'],
] as const;

export function limitsOf(form: AccountForm): LimitSet {
  return AMOUNTS.reduce<LimitSet>(
    (limits, [field, window, kind]) => withLimit(limits, window, kind, readAmount(form[field]) ?? null),
    {},
  );
}

export function limitFields(limits: LimitSet): Partial<AccountForm> {
  const text = (amount: number | undefined) => (amount === undefined ? '' : String(amount));
  return {
    dayCost: typedDollars(limits.day?.cost),
    monthCost: typedDollars(limits.month?.cost),
    dayTokens: text(limits.day?.tokens),
    monthTokens: text(limits.month?.tokens),
    dayRequests: text(limits.day?.requests),
    monthRequests: text(limits.month?.requests),
  };
}

const wholeWrong = (typed: string, min: number, max: number): string | null =>
  /^\d+$/.test(typed.trim()) && Number(typed) >= min && Number(typed) <= max
    ? null
    : `A whole number from ${min} to ${max}.`;

export const priorityWrong = (form: AccountForm) => wholeWrong(form.priority, 0, 1000);
export const weightWrong = (form: AccountForm) => wholeWrong(form.weight, 1, 100);

const wrongAmount = (kind: (typeof AMOUNTS)[number][2], typed: string): string | null =>
  kind === 'cost' ? amountWrong(typed) : countWrong(typed);

export const formReady = (form: AccountForm): boolean =>
  form.name.trim() !== '' &&
  AMOUNTS.every(([field, , kind]) => wrongAmount(kind, form[field]) === null) &&
  priorityWrong(form) === null &&
  weightWrong(form) === null;

export interface AccountFieldsProps {
  readonly form: AccountForm;
  readonly set: (patch: Partial<AccountForm>) => void;
  readonly knownModels: readonly string[];
  readonly first?: Ref<HTMLInputElement>;
}

export function AccountFields({ form, set, knownModels, first }: AccountFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-4 px-5 py-4">
      <Field label="Name" className="col-span-2">
        {(parts) => (
          <input
            {...parts}
            ref={first}
            className="inp"
            maxLength={80}
            dir="auto"
            placeholder="Work"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <MoneyLimit
        label="Day limit"
        hint="Starts again at midnight"
        value={form.dayCost}
        onValue={(dayCost) => set({ dayCost })}
      />
      <MoneyLimit
        label="Month limit"
        hint="Stops here, others go on"
        value={form.monthCost}
        onValue={(monthCost) => set({ monthCost })}
      />
      <MoreLimits form={form} set={set} />
      <div className="col-span-2">
        <ModelPatterns value={form.models} onChange={(models) => set({ models })} known={knownModels} />
      </div>
      <Steering form={form} set={set} />
    </div>
  );
}

function Steering({ form, set }: Pick<AccountFieldsProps, 'form' | 'set'>) {
  return (
    <>
      <Field label="Priority" hint="Lower comes first" wrong={priorityWrong(form)}>
        {(parts) => (
          <input
            {...parts}
            inputMode="numeric"
            className="inp"
            value={form.priority}
            onChange={(event) => set({ priority: event.target.value })}
          />
        )}
      </Field>
      <Field label="Weight" hint="2 takes a double share in turn" wrong={weightWrong(form)}>
        {(parts) => (
          <input
            {...parts}
            inputMode="numeric"
            className="inp"
            value={form.weight}
            onChange={(event) => set({ weight: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function MoreLimits({ form, set }: Pick<AccountFieldsProps, 'form' | 'set'>) {
  const rows = AMOUNTS.filter(([, , kind]) => kind !== 'cost');
  return (
    <details className="group col-span-2" open={rows.some(([field]) => form[field] !== '') || undefined}>
      <summary className="hit flex w-fit cursor-pointer list-none items-center gap-1.5 rounded-inner text-12 text-fg-2 hover:text-fg [&::-webkit-details-marker]:hidden">
        <ChevronRight size={14} className="transition-transform group-open:rotate-90" aria-hidden="true" />
        Limits on tokens and requests
      </summary>
      <div className="grid grid-cols-2 gap-x-3 gap-y-4 pt-4">
        {rows.map(([field, window, kind]) => (
          <Field
            key={field}
            label={`${kind === 'tokens' ? 'Tokens' : 'Requests'} a ${window}`}
            optional
            wrong={wrongAmount(kind, form[field])}
          >
            {(parts) => (
              <input
                {...parts}
                inputMode="numeric"
                className="inp"
                placeholder="none"
                value={form[field]}
                onChange={(event) => set({ [field]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
    </details>
  );
}
