'use client';
/** A price of one's own: it stands before all others, from a day on; what was charged before stays as it was. */
import { type RefObject, useRef } from 'react';
import type { ModelPriceView } from '../../../../lib/wire/price-views.ts';
import { Button } from '../../../_components/button.tsx';
import { SidePanel } from '../../../_components/dialog.tsx';
import { Field, MoneyInput } from '../../../_components/field.tsx';
import { PanelFoot } from '../../../_components/panel-foot.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useDraft } from '../../../_data/drafts.tsx';
import { useReload } from '../../../_data/reload.ts';
import {
  BLANK_PRICE,
  modelWrong,
  type PriceForm,
  priceFormOf,
  priceInput,
  priceWrong,
} from './price-form.ts';

/** @param model the model that is priced, the empty string for one that is still to be named; null closes */
export function SetPrice(props: {
  model: string | null;
  known: ModelPriceView | undefined;
  onClose: () => void;
}) {
  const { model, known, onClose } = props;
  const first = useRef<HTMLInputElement>(null);
  return (
    <SidePanel
      open={model !== null}
      onClose={onClose}
      title={model ? `Price of ${model}` : 'Set a price'}
      initialFocus={first}
    >
      {model !== null && (
        <Form
          key={model}
          initial={model === '' ? BLANK_PRICE : priceFormOf(model, known?.prices ?? null)}
          first={first}
          onClose={onClose}
        />
      )}
    </SidePanel>
  );
}

const MORE = [
  ['cached', 'Cached input', 'As input when empty.'],
  ['cacheWrite', 'Written to the cache', 'As input when empty.'],
  ['cacheWrite12h', 'Written for 12 hours', '2.5 times input when empty.'],
  ['perRequest', 'Each call', 'Nothing when empty.'],
] as const;

function Form(props: { initial: PriceForm; first: RefObject<HTMLInputElement | null>; onClose: () => void }) {
  const { initial, first, onClose } = props;
  const named = initial.model !== '';
  const form = useDraft(`price.${initial.model}`, initial);
  const reload = useReload();
  const set = useAct(api.prices.set.mutate);
  const input = priceInput(form.value);
  const save = async () => {
    if (input === null || set.busy || (await set.run(input)) === null) return;
    form.discard();
    reload('prices.list');
    onClose();
  };
  const money = (name: keyof PriceForm, label: string, hint?: string, optional = false) => (
    <Field key={name} label={label} optional={optional} hint={hint} wrong={priceWrong(form.value[name])}>
      {(parts) => (
        <MoneyInput
          {...parts}
          ref={name === 'input' && named ? first : undefined}
          placeholder="0.00"
          value={form.value[name]}
          onChange={(event) => form.set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <form
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto px-5 py-4">
        <Field
          label="Model"
          hint="As it is billed, or how several begin with * behind it: gpt-6*"
          wrong={modelWrong(form.value.model)}
        >
          {(parts) => (
            <input
              {...parts}
              ref={named ? undefined : first}
              className="inp font-mono text-12"
              autoComplete="off"
              spellCheck={false}
              value={form.value.model}
              onChange={(event) => form.set({ model: event.target.value })}
            />
          )}
        </Field>
        <p className="text-12 text-fg-3">Dollars for a million tokens.</p>
        <div className="grid grid-cols-2 gap-4">
          {money('input', 'Input')}
          {money('output', 'Output')}
          {MORE.map(([name, label, hint]) => money(name, label, hint, true))}
        </div>
        <Field label="From" optional hint="A day in UTC; today when empty. Calls before it keep their cost.">
          {(parts) => (
            <input
              {...parts}
              type="date"
              className="inp"
              value={form.value.fromDay}
              onChange={(event) => form.set({ fromDay: event.target.value })}
            />
          )}
        </Field>
      </div>
      <PanelFoot note="Stands before all other prices." problem={set.problem} onCancel={onClose}>
        <Button look="primary" type="submit" disabled={input === null || set.busy}>
          Set the price
        </Button>
      </PanelFoot>
    </form>
  );
}
