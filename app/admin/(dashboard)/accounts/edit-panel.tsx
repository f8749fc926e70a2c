'use client';
/** Changing an account. Where its key is sent can only change together with the key and the master key. */
import { type RefObject, useRef, useState } from 'react';
import type { AccountView } from '../../../../lib/wire/views.ts';
import { AccountKeyField } from '../../../_components/account-key-field.tsx';
import { Button } from '../../../_components/button.tsx';
import { CheckFacts } from '../../../_components/check-facts.tsx';
import { DestinationFields } from '../../../_components/destination-fields.tsx';
import { SidePanel } from '../../../_components/dialog.tsx';
import { Field, SecretInput } from '../../../_components/field.tsx';
import { type Destination, useKeyCheck } from '../../../_components/key-check.ts';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useDraft } from '../../../_data/drafts.tsx';
import { useReload } from '../../../_data/reload.ts';
import { AccountFields, type AccountForm, formReady, limitFields, limitsOf } from './account-fields.tsx';

export function EditPanel({ account, onClose }: { account: AccountView | null; onClose: () => void }) {
  const first = useRef<HTMLInputElement>(null);
  return (
    <SidePanel
      open={account !== null}
      onClose={onClose}
      title={`Edit ${account?.name ?? ''}`}
      initialFocus={first}
    >
      {account && <EditForm key={account.id} account={account} first={first} onClose={onClose} />}
    </SidePanel>
  );
}

const formOf = (account: AccountView): AccountForm => ({
  name: account.name,
  dayCost: '',
  monthCost: '',
  dayTokens: '',
  monthTokens: '',
  dayRequests: '',
  monthRequests: '',
  ...limitFields(account.limits),
  models: account.models,
  priority: String(account.priority),
  weight: String(account.weight),
});

const destinationOf = (account: AccountView): Destination => ({
  baseUrl: account.baseUrl,
  allowLocal: account.allowLocal,
  organizationId: account.organizationId ?? '',
  projectId: account.projectId ?? '',
});

function EditForm(props: {
  account: AccountView;
  first: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const { account, first, onClose } = props;
  const keyField = useRef<HTMLInputElement>(null);
  const masterField = useRef<HTMLInputElement>(null);
  const form = useDraft(`account.edit.${account.id}`, formOf(account));
  const to = useDraft(`account.edit.${account.id}.to`, destinationOf(account));
  const [hasKey, setHasKey] = useState(false);
  const check = useKeyCheck();
  const reload = useReload();
  const edit = useAct(api.accounts.edit.mutate);
  const moves = to.value.baseUrl.trim() !== account.baseUrl || to.value.allowLocal !== account.allowLocal;

  const save = async () => {
    const { name, models, priority, weight } = form.value;
    const key = keyField.current?.value.trim() ?? '';
    const masterKey = masterField.current?.value ?? '';
    const saved = await edit.run({
      ref: account.id,
      name,
      models: [...models],
      priority: Number(priority),
      weight: Number(weight),
      limits: limitsOf(form.value),
      organizationId: to.value.organizationId.trim() || null,
      projectId: to.value.projectId.trim() || null,
      ...(key === '' ? {} : { key }),
      ...(moves ? { baseUrl: to.value.baseUrl.trim(), allowLocal: to.value.allowLocal, masterKey } : {}),
    });
    if (saved === null) return;
    form.discard();
    to.discard();
    reload('accounts.list', 'models.list');
    onClose();
  };
  return (
    <>
      <div className="min-h-0 flex-1 divide-y overflow-y-auto">
        <AccountFields
          first={first}
          form={form.value}
          set={form.set}
          knownModels={account.learned.modelIds ?? []}
        />
        <div className="px-5 py-4">
          <Field
            label="Replace the key"
            optional
            hint={`Now ${account.keyLastFour ? `…${account.keyLastFour}` : 'a key'}. Name, limits and history stay; what it learned is forgotten.`}
          >
            {(parts) => (
              <AccountKeyField
                field={keyField}
                parts={parts}
                onKey={(key) => check.offer(key, to.value)}
                onChange={() => {
                  setHasKey((keyField.current?.value.trim() ?? '') !== '');
                  check.forget();
                }}
              />
            )}
          </Field>
          {(check.view || check.busy) && (
            <div className="mt-3 overflow-hidden rounded-control border *:[ul]:[&>li:first-child]:border-t-0">
              <CheckFacts check={check} baseUrl={to.value.baseUrl} />
            </div>
          )}
        </div>
        <div className="px-5 py-4">
          <DestinationFields
            value={to.value}
            onChange={to.set}
            open={moves}
            title="Address, organisation and project"
          />
          {moves && (
            <div className="mt-4 rounded-control bg-warn-soft p-3.5 text-12 text-warn-text">
              <p className="pb-3 text-pretty">
                <b className="font-semibold">Its key would go to another address.</b> For that the key itself
                has to be given again above, and the master key here.
              </p>
              <Field label="Master key">
                {(parts) => (
                  <SecretInput
                    {...parts}
                    ref={masterField}
                    what="master key"
                    autoComplete="current-password"
                  />
                )}
              </Field>
            </div>
          )}
        </div>
      </div>
      <footer className="flex shrink-0 flex-wrap items-center justify-between gap-3 border-t px-5 py-3">
        <div className="min-w-0 flex-1 text-12 text-fg-2 max-sm:basis-full">
          {edit.problem ? (
            <ProblemLine problem={edit.problem ?? check.problem} />
          ) : (
            'Holds from the next call on.'
          )}
        </div>
        <div className="flex gap-2 max-sm:grid max-sm:w-full max-sm:grid-cols-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={!formReady(form.value) || edit.busy || (moves && !hasKey)}
            onClick={() => void save()}
          >
            Save changes
          </Button>
        </div>
      </footer>
    </>
  );
}
