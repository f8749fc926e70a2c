'use client';
/** The search, and what is picked most as plain selects: short lists, right on phones, spoken right. */
import type { ReactNode } from 'react';
import { Button } from '../../../_components/button.tsx';
import { setParams, useParam } from '../../../_data/params.ts';
import { useAccounts, useClientKeys } from '../../../_data/resources.ts';
import { SearchField } from './search-field.tsx';
import { SINCE_NAMES, useFilter } from './use-filter.ts';

const OUTCOME_NAMES = [
  ['delivered', 'Delivered'],
  ['failed', 'Failed'],
  ['refused', 'Refused'],
  ['interrupted', 'Cut off'],
  ['cancelled', 'Client left'],
] as const;

const SINCE_WORDS: Readonly<Record<string, string>> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
};
const CLEARED = {
  outcome: null,
  account: null,
  client: null,
  since: null,
  q: null,
  from: null,
  to: null,
};

export function RequestFilters({ summary, children }: { summary: string | undefined; children: ReactNode }) {
  const { data: accounts } = useAccounts();
  const { data: keys } = useClientKeys();
  const { isFiltered } = useFilter();
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-2 border-b px-4 py-2">
      <SearchField />
      <Pick param="outcome" label="Result" every="Any result" options={OUTCOME_NAMES} />
      <Pick
        param="account"
        label="Account"
        every="Any account"
        options={(accounts ?? []).map(({ id, name }) => [id, name] as const)}
      />
      <Pick
        param="client"
        label="Client"
        every="Any client"
        options={(keys ?? []).map(({ id, name }) => [id, name] as const)}
      />
      <Pick
        param="since"
        label="Time"
        every="Any time"
        clears={{ from: null, to: null }}
        options={SINCE_NAMES.map((name) => [name, SINCE_WORDS[name] ?? name] as const)}
      />
      {isFiltered && (
        <Button look="quiet" size="small" onClick={() => setParams(CLEARED)}>
          Clear
        </Button>
      )}
      <p className="ml-auto flex items-center gap-3 text-12 text-fg-3">
        {summary}
        {children}
      </p>
    </div>
  );
}

function Pick(props: {
  param: string;
  label: string;
  every: string;
  options: readonly (readonly [value: string, name: string])[];
  /** What a choice here takes the place of. */
  clears?: Readonly<Record<string, null>>;
}) {
  const [value] = useParam(props.param);
  const known = props.options.some(([option]) => option === value);
  return (
    <select
      aria-label={props.label}
      className="inp w-auto! max-w-44 min-w-0 text-12 max-sm:max-w-none max-sm:flex-1 max-sm:basis-2/5"
      value={value ?? ''}
      onChange={(event) => setParams({ [props.param]: event.target.value || null, ...props.clears })}
    >
      <option value="">{props.every}</option>
      {value !== null && !known && <option value={value}>{value}</option>}
      {props.options.map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
    </select>
  );
}
