'use client';
/** Adding an account in one column: what was typed, what it is, what it brings, how it takes part. */
import { Check, CircleAlert, Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import { formatCount, formatDuration, formatLimit, formatPercent } from '../../../../lib/format.ts';
import type { AccountCheckView, AccountView } from '../../../../lib/wire/views.ts';
import { AccountKeyField } from '../../../_components/account-key-field.tsx';
import { Button } from '../../../_components/button.tsx';
import { DestinationFields } from '../../../_components/destination-fields.tsx';
import { SidePanel } from '../../../_components/dialog.tsx';
import { Field } from '../../../_components/field.tsx';
import {
  destinationInput,
  hostOf,
  type KeyCheck,
  NOWHERE_SPECIAL,
  useKeyCheck,
} from '../../../_components/key-check.ts';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { Dot } from '../../../_components/state-pill.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useDraft } from '../../../_data/drafts.tsx';
import { useReload } from '../../../_data/reload.ts';
import { AccountFields, BLANK_FORM, formReady, limitsOf } from './account-fields.tsx';

export function AddPanel(props: { open: boolean; accounts: readonly AccountView[]; onClose: () => void }) {
  const keyField = useRef<HTMLInputElement>(null);
  return (
    <SidePanel open={props.open} onClose={props.onClose} title="Add account" initialFocus={keyField}>
      {props.open && <AddForm keyField={keyField} {...props} />}
    </SidePanel>
  );
}

function AddForm(props: {
  keyField: React.RefObject<HTMLInputElement | null>;
  accounts: readonly AccountView[];
  onClose: () => void;
}) {
  const { keyField, accounts, onClose } = props;
  const form = useDraft('account.add', BLANK_FORM);
  const to = useDraft('account.add.to', NOWHERE_SPECIAL);
  const check = useKeyCheck();
  const reload = useReload();
  const add = useAct(api.accounts.add.mutate);
  const [typed, setTyped] = useState(false);
  const good = check.view?.ok === true;
  const refused = check.view !== null && !check.view.ok;

  const save = async () => {
    const { name, models, priority, weight } = form.value;
    const added = await add.run({
      name,
      key: keyField.current?.value.trim() ?? '',
      ...destinationInput(to.value),
      models: [...models],
      priority: Number(priority),
      weight: Number(weight),
      limits: limitsOf(form.value),
      check: good,
    });
    if (added === null) return;
    if (keyField.current) keyField.current.value = '';
    form.discard();
    to.discard();
    reload('accounts.list', 'models.list', 'usage.summary');
    onClose();
  };
  return (
    <>
      <div className="min-h-0 flex-1 divide-y overflow-y-auto">
        <div className="px-5 py-4">
          <Field label="Account key">
            {(parts) => (
              <AccountKeyField
                field={keyField}
                parts={{ ...parts, ...(refused ? { 'aria-invalid': true } : {}) }}
                onKey={(key) => check.offer(key, to.value)}
                onChange={() => {
                  setTyped((keyField.current?.value.trim() ?? '') !== '');
                  check.forget();
                }}
              />
            )}
          </Field>
          <CheckLine
            check={check}
            typed={typed}
            host={hostOf(to.value.baseUrl)}
            again={() => void check.run(keyField.current?.value.trim() ?? '', to.value)}
          />
          <div className="pt-3">
            <DestinationFields
              value={to.value}
              open={to.changed}
              onChange={(patch) => {
                to.set(patch);
                check.forget();
              }}
            />
          </div>
        </div>
        {good && check.view && <Facts view={check.view} />}
        {good && check.view && <Capacity view={check.view} accounts={accounts} />}
        <AccountFields form={form.value} set={form.set} knownModels={check.view?.modelIds ?? []} />
      </div>
      <footer className="flex shrink-0 flex-wrap items-center justify-between gap-3 border-t px-5 py-3">
        <div className="min-w-0 flex-1 text-12 text-fg-2 max-sm:basis-full">
          {add.problem ? (
            <ProblemLine problem={add.problem} />
          ) : good ? (
            'Serves from the next call on.'
          ) : refused ? (
            'Can be added all the same, unchecked.'
          ) : (
            'The key goes straight into the vault.'
          )}
        </div>
        <div className="flex gap-2 max-sm:grid max-sm:w-full max-sm:grid-cols-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={refused ? 'plain' : 'primary'}
            disabled={!typed || !(good || refused) || !formReady(form.value) || add.busy}
            onClick={() => void save()}
          >
            <Plus size={14} />
            <span className="max-w-40 truncate">
              {refused
                ? 'Add unchecked'
                : form.value.name.trim() === ''
                  ? 'Add account'
                  : `Add ${form.value.name.trim()}`}
            </span>
          </Button>
        </div>
      </footer>
    </>
  );
}

function CheckLine(props: { check: KeyCheck; typed: boolean; host: string; again: () => void }) {
  const { check, typed, host, again } = props;
  const { view } = check;
  return (
    <div role="status" className="flex min-h-7 items-center justify-between gap-3 pt-1.5 text-12">
      {check.problem ? (
        <ProblemLine problem={check.problem} />
      ) : check.busy ? (
        <span className="flex items-center gap-2 text-fg-3">
          <Dot tone="busy" pulse />
          Asking {host}
        </span>
      ) : view?.ok ? (
        <span className="flex items-center gap-1.5 text-fg-3">
          <Check size={14} className="shrink-0 text-ok-text" />
          <span>
            <b className="font-medium text-ok-text">The key works.</b> Checked in{' '}
            {formatDuration(view.durationMs)}, free of charge.
          </span>
        </span>
      ) : view ? (
        <span className="flex items-start gap-1.5 text-bad-text">
          <CircleAlert size={14} className="mt-px shrink-0" />
          {view.message}
        </span>
      ) : (
        <span className="text-11 text-fg-3">
          Checked as soon as it is pasted; nothing is stored before you add it.
        </span>
      )}
      {typed && !check.busy && (
        <Button look="link" onClick={again}>
          {view || check.problem ? 'Check again' : 'Check the key'}
        </Button>
      )}
    </div>
  );
}

function Facts({ view }: { view: AccountCheckView }) {
  const requests = view.headerLimits.requests?.limit ?? null;
  const tokens = view.headerLimits.tokens?.limit ?? null;
  const rows = [
    ['Organisation', view.organization ?? 'not told; known after the first call', view.organization !== null],
    ['Project', view.project ?? 'the key’s own', view.project !== null],
    [
      'Limits',
      requests === null && tokens === null
        ? 'known from the headers of the first call'
        : `${formatCount(requests)} requests, ${formatLimit(tokens)} tokens a minute`,
      false,
    ],
    [
      'Models',
      view.modelIds === null ? 'not visible with this key' : `${formatCount(view.modelIds.length)} found`,
      false,
    ],
  ] as const;
  return (
    <dl className="grid gap-y-2 px-5 py-4 text-12">
      {rows.map(([name, value, mono]) => (
        <div key={name} className="grid grid-cols-[116px_1fr]">
          <dt className="text-fg-3">{name}</dt>
          <dd className={mono ? 'truncate font-mono' : ''}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The decision the user came to make: limits are per organisation, so a second key of one adds nothing. */
function Capacity({ view, accounts }: { view: AccountCheckView; accounts: readonly AccountView[] }) {
  if (view.organization === null) return null;
  const shared = accounts.filter(
    ({ learned, organizationId }) => (organizationId ?? learned.organization) === view.organization,
  );
  const before = accounts.reduce((sum, { headerLimits }) => sum + (headerLimits.tokens?.limit ?? 0), 0);
  const gain = view.headerLimits.tokens?.limit ?? null;
  return (
    <p className="flex gap-2.5 px-5 py-3.5 text-12 text-pretty text-fg-2">
      {shared.length === 0 ? (
        <>
          <Plus size={15} className="mt-px shrink-0" aria-hidden="true" />
          <span>
            <b className="font-medium text-fg">Adds real capacity.</b> No other account uses this organisation
            {gain !== null && before > 0
              ? `, so the pool gains ${formatPercent(gain / before)} tokens a minute.`
              : '.'}
          </span>
        </>
      ) : (
        <>
          <CircleAlert size={15} className="mt-px shrink-0 text-warn-text" aria-hidden="true" />
          <span>
            <b className="font-medium text-fg">Shares its limits</b> with{' '}
            {shared.map(({ name }) => name).join(', ')}: same organisation. It is no help when that one meets
            a 429.
          </span>
        </>
      )}
    </p>
  );
}
