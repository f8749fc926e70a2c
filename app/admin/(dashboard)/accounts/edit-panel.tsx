'use client';
/** Changing an account. Where its key is sent can only change together with the key and the master key. */
import { type RefObject, useRef } from 'react';
import type { AccountView } from '../../../../lib/wire/account-views.ts';
import { AccountKeyField } from '../../../_components/account-key-field.tsx';
import { Button } from '../../../_components/button.tsx';
import { CheckFacts } from '../../../_components/check-facts.tsx';
import { DestinationFields } from '../../../_components/destination-fields.tsx';
import { SidePanel } from '../../../_components/dialog.tsx';
import { Field, SecretInput } from '../../../_components/field.tsx';
import type { Destination } from '../../../_components/key-check.ts';
import { type NewKey, useNewKey } from '../../../_components/new-key.ts';
import { PanelFoot } from '../../../_components/panel-foot.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useDraft } from '../../../_data/drafts.tsx';
import { useReload } from '../../../_data/reload.ts';
import {
  AccountFields,
  type AccountForm,
  BLANK_FORM,
  formReady,
  limitFields,
  limitsOf,
} from './account-fields.tsx';

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
  ...BLANK_FORM,
  ...limitFields(account.limits),
  name: account.name,
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

function useEditAccount(account: AccountView, onSaved: () => void) {
  const form = useDraft(`account.edit.${account.id}`, formOf(account));
  const to = useDraft(`account.edit.${account.id}.to`, destinationOf(account));
  const newKey = useNewKey(to.value);
  const master = useRef<HTMLInputElement>(null);
  const reload = useReload();
  const edit = useAct(api.accounts.edit.mutate);
  const { baseUrl, allowLocal } = to.value;
  const moves = baseUrl.trim() !== account.baseUrl || allowLocal !== account.allowLocal;
  const save = async () => {
    const { name, models, priority, weight } = form.value;
    const key = newKey.text();
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
      ...(moves ? { baseUrl: baseUrl.trim(), allowLocal, masterKey: master.current?.value ?? '' } : {}),
    });
    if (saved === null) return;
    form.discard();
    to.discard();
    reload('accounts.list', 'models.list');
    onSaved();
  };
  const ready = formReady(form.value) && !edit.busy && (!moves || newKey.typed);
  return { form, to, newKey, master, moves, save, ready, problem: edit.problem ?? newKey.check.problem };
}

function EditForm(props: {
  account: AccountView;
  first: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const { account, first, onClose } = props;
  const { form, to, newKey, master, moves, save, ready, problem } = useEditAccount(account, onClose);
  return (
    <>
      <div className="min-h-0 flex-1 divide-y overflow-y-auto">
        <AccountFields
          first={first}
          form={form.value}
          set={form.set}
          knownModels={account.learned.modelIds ?? []}
        />
        <ReplaceKey account={account} newKey={newKey} baseUrl={to.value.baseUrl} />
        <div className="px-5 py-4">
          <DestinationFields
            value={to.value}
            onChange={to.set}
            open={moves}
            title="Address, organisation and project"
          />
          {moves && <MoveNotice master={master} />}
        </div>
      </div>
      <PanelFoot note="Holds from the next call on." problem={problem} onCancel={onClose}>
        <Button look="primary" disabled={!ready} onClick={() => void save()}>
          Save changes
        </Button>
      </PanelFoot>
    </>
  );
}

function ReplaceKey({ account, newKey, baseUrl }: { account: AccountView; newKey: NewKey; baseUrl: string }) {
  const { check } = newKey;
  return (
    <div className="px-5 py-4">
      <Field
        label="Replace the key"
        optional
        hint={`Now ${account.keyLastFour ? `…${account.keyLastFour}` : 'a key'}. Name, limits and history stay; what it learned is forgotten.`}
      >
        {(parts) => <AccountKeyField newKey={newKey} parts={parts} />}
      </Field>
      {(check.view || check.busy) && (
        <div className="mt-3 overflow-hidden rounded-control border *:[ul]:[&>li:first-child]:border-t-0">
          <CheckFacts check={check} baseUrl={baseUrl} />
        </div>
      )}
    </div>
  );
}

function MoveNotice({ master }: { master: RefObject<HTMLInputElement | null> }) {
  return (
    <div className="mt-4 rounded-control bg-warn-soft p-3.5 text-12 text-warn-text">
      <p className="pb-3 text-pretty">
        <b className="font-semibold">Its key would go to another address.</b> For that the key itself has to
        be given again above, and the master key here.
      </p>
      <Field label="Master key">
        {(parts) => <SecretInput {...parts} ref={master} what="master key" autoComplete="current-password" />}
      </Field>
    </div>
  );
}
