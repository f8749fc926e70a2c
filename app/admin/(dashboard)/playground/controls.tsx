'use client';
/** What the call is made of. Accounts stand with what is used of them, so that choosing one is an informed act. */
import { useId } from 'react';
import { formatMoney, formatPercent } from '../../../../lib/format.ts';
import type { AccountView } from '../../../../lib/wire/account-views.ts';
import type { ModelPriceView } from '../../../../lib/wire/price-views.ts';
import { headerGauge } from '../../../_components/account-figures.ts';
import { Swatch } from '../../../_components/account-mark.tsx';
import { STATE_WORDS } from '../../../_components/account-words.ts';
import { Field } from '../../../_components/field.tsx';
import type { ModelOption } from '../../../_components/model-choice.ts';
import { Segmented } from '../../../_components/segmented.tsx';
import { Dot } from '../../../_components/state-pill.tsx';
import { tokensOf, type Wish } from './wish.ts';

const EFFORTS = [
  { value: 'default', label: 'Default' },
  { value: 'low', label: 'Low' },
  { value: 'medium', label: 'Medium' },
  { value: 'high', label: 'High' },
] as const;

export interface ControlsProps {
  readonly wish: Wish;
  readonly set: (patch: Partial<Wish>) => void;
  readonly model: string;
  readonly models: readonly ModelOption[];
  readonly price: ModelPriceView | undefined;
  readonly accounts: readonly AccountView[];
}

export function Controls({ wish, set, model, models, price, accounts }: ControlsProps) {
  const most = tokensOf(wish.tokensOutMax);
  const listed = models.some(({ id }) => id === model) ? models : [{ id: model, accounts: [] }, ...models];
  return (
    <>
      <div className="border-b p-4">
        <Field label="Model" hint={<PriceLine price={price} />}>
          {(parts) => (
            <select
              {...parts}
              className="inp font-mono text-12"
              value={model}
              onChange={(event) => set({ model: event.target.value })}
            >
              {listed.map(({ id }) => (
                <option key={id}>{id}</option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <AccountChoice accounts={accounts} chosen={wish.account} onPick={(account) => set({ account })} />
      <div className="grid gap-4 p-4">
        <div>
          <p className="mb-1.5 text-12 font-medium">Reasoning effort</p>
          <Segmented
            label="Reasoning effort"
            wide
            value={wish.effort}
            options={EFFORTS}
            onChange={(effort) => set({ effort })}
          />
        </div>
        <Tick
          label="Stream"
          note="Word by word, as it is written"
          checked={wish.stream}
          onTurn={(stream) => set({ stream })}
        />
        {wish.api === 'responses' && (
          <Tick
            label="Draw"
            note="The model may make pictures; they cost extra"
            checked={wish.draws}
            onTurn={(draws) => set({ draws })}
          />
        )}
        <Field
          label="Most tokens out"
          wrong={most === undefined ? 'A number from 16 to 1,000,000, or nothing' : null}
          hint={mostCost(price, most)}
        >
          {(parts) => (
            <input
              {...parts}
              inputMode="numeric"
              className="inp text-right"
              placeholder="no limit"
              value={wish.tokensOutMax}
              onChange={(event) => set({ tokensOutMax: event.target.value })}
            />
          )}
        </Field>
        <Field label="Instructions" optional>
          {(parts) => (
            <textarea
              {...parts}
              rows={3}
              className="inp h-auto! resize-y py-2"
              value={wish.instructions}
              onChange={(event) => set({ instructions: event.target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}

function PriceLine({ price }: { price: ModelPriceView | undefined }) {
  if (price === undefined) return ' ';
  if (price.prices === null) return 'Its price is not known';
  const { input, cached, output } = price.prices;
  const parts = [
    `${short(input)} in`,
    ...(cached === null ? [] : [`${short(cached)} cached`]),
    `${short(output)} out`,
  ];
  return `${parts.join(', ')} per 1M tokens`;
}

const short = (nano: number): string =>
  formatMoney(nano)
    .replace(/(\.\d\d)0+$/, '$1')
    .replace(/\.00$/, '');

function mostCost(price: ModelPriceView | undefined, tokens: number | null | undefined): string {
  if (!tokens || !price?.prices) return 'What it writes and thinks, together';
  return `at most ${formatMoney((tokens * price.prices.output) / 1_000_000)} of output a call`;
}

function AccountChoice(props: {
  accounts: readonly AccountView[];
  chosen: string | null;
  onPick: (id: string | null) => void;
}) {
  const name = useId();
  return (
    <fieldset className="border-b px-2 pt-4 pb-3">
      <legend className="float-left px-2 text-12 font-medium">Account</legend>
      <p className="float-right px-2 text-11 text-fg-3">tokens/min used</p>
      <div className="clear-both grid gap-px pt-1.5">
        <Choice name={name} checked={props.chosen === null} onPick={() => props.onPick(null)}>
          <span className="flex-1 font-medium">Auto</span>
          <span className="text-11 text-fg-3">as a client would</span>
        </Choice>
        {props.accounts.map((account) => (
          <Choice
            key={account.id}
            name={name}
            checked={props.chosen === account.id}
            onPick={() => props.onPick(account.id)}
          >
            <Swatch hue={account.hue} />
            <bdi className="min-w-0 flex-1 truncate">{account.name}</bdi>
            <State account={account} />
            <span className="w-9 text-right text-11 text-fg-3">
              {formatPercent(headerGauge(account, 'tokens').share)}
            </span>
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function Choice(props: { name: string; checked: boolean; onPick: () => void; children: React.ReactNode }) {
  return (
    <label className="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-control px-2 text-13 hover:bg-hover has-checked:bg-raised has-focus-visible:outline-2 has-focus-visible:outline-acc max-sm:min-h-11">
      <input
        type="radio"
        className="tick"
        name={props.name}
        checked={props.checked}
        onChange={props.onPick}
      />
      {props.children}
    </label>
  );
}

function State({ account }: { account: AccountView }) {
  const { word } = account.state;
  if (word === 'healthy' || word === 'unused') return null;
  const { label, tone } = STATE_WORDS[word];
  return (
    <span className="flex items-center gap-1.5 text-11 whitespace-nowrap text-fg-3">
      <Dot tone={tone} />
      {label}
    </span>
  );
}

function Tick(props: { label: string; note: string; checked: boolean; onTurn: (on: boolean) => void }) {
  return (
    <label className="flex cursor-pointer items-center gap-3">
      <span className="min-w-0 flex-1">
        <span className="block text-12 font-medium">{props.label}</span>
        <span className="block text-11 text-fg-3">{props.note}</span>
      </span>
      <input
        type="checkbox"
        className="tick"
        checked={props.checked}
        onChange={(event) => props.onTurn(event.target.checked)}
      />
    </label>
  );
}
