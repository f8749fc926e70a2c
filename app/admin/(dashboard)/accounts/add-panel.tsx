'use client';
/** Adding an account in one column: what was typed, what it is, what it brings, how it takes part. */
import { Plus } from 'lucide-react';
import { type RefObject, useRef } from 'react';
import type { AccountView } from '../../../../lib/wire/account-views.ts';
import { AccountKeyField } from '../../../_components/account-key-field.tsx';
import { Button } from '../../../_components/button.tsx';
import { DestinationFields } from '../../../_components/destination-fields.tsx';
import { SidePanel } from '../../../_components/dialog.tsx';
import { Field } from '../../../_components/field.tsx';
import {
  type Destination,
  destinationInput,
  hostOf,
  NOWHERE_SPECIAL,
} from '../../../_components/key-check.ts';
import { type NewKey, useNewKey } from '../../../_components/new-key.ts';
import { PanelFoot } from '../../../_components/panel-foot.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { type Draft, useDraft } from '../../../_data/drafts.tsx';
import { useReload } from '../../../_data/reload.ts';
import { AccountFields, BLANK_FORM, formReady, limitsOf } from './account-fields.tsx';
import { CheckLine } from './check-line.tsx';
import { Capacity, Facts } from './key-facts.tsx';

export function AddPanel(props: { open: boolean; accounts: readonly AccountView[]; onClose: () => void }) {
  const first = useRef<HTMLInputElement>(null);
  return (
    <SidePanel open={props.open} onClose={props.onClose} title="Add account" initialFocus={first}>
      {props.open && <AddForm first={first} {...props} />}
    </SidePanel>
  );
}

function useAddAccount(first: RefObject<HTMLInputElement | null>, onAdded: () => void) {
  const form = useDraft('account.add', BLANK_FORM);
  const to = useDraft('account.add.to', NOWHERE_SPECIAL);
  const newKey = useNewKey(to.value, first);
  const reload = useReload();
  const add = useAct(api.accounts.add.mutate);
  const save = async () => {
    const { name, models, priority, weight } = form.value;
    const added = await add.run({
      name,
      key: newKey.text(),
      ...destinationInput(to.value),
      models: [...models],
      priority: Number(priority),
      weight: Number(weight),
      limits: limitsOf(form.value),
      check: newKey.good,
    });
    if (added === null) return;
    newKey.wipe();
    form.discard();
    to.discard();
    reload('accounts.list', 'models.list', 'usage.summary');
    onAdded();
  };
  const ready = newKey.typed && (newKey.good || newKey.refused) && formReady(form.value) && !add.busy;
  return { form, to, newKey, save, ready, problem: add.problem };
}

function AddForm(props: {
  first: RefObject<HTMLInputElement | null>;
  accounts: readonly AccountView[];
  onClose: () => void;
}) {
  const { form, to, newKey, save, ready, problem } = useAddAccount(props.first, props.onClose);
  const { good, refused, check } = newKey;
  const name = form.value.name.trim();
  return (
    <>
      <div className="min-h-0 flex-1 divide-y overflow-y-auto">
        <KeySection newKey={newKey} to={to} />
        {good && check.view && <Facts view={check.view} />}
        {good && check.view && <Capacity view={check.view} accounts={props.accounts} />}
        <AccountFields form={form.value} set={form.set} knownModels={check.view?.modelIds ?? []} />
      </div>
      <PanelFoot note={consequence(newKey)} problem={problem} onCancel={props.onClose}>
        <Button look={refused ? 'plain' : 'primary'} disabled={!ready} onClick={() => void save()}>
          <Plus size={14} />
          <span className="max-w-40 truncate">
            {refused ? 'Add unchecked' : name === '' ? 'Add account' : `Add ${name}`}
          </span>
        </Button>
      </PanelFoot>
    </>
  );
}

function consequence({ good, refused }: NewKey): string {
  if (good) return 'Serves from the next call on.';
  return refused ? 'Can be added all the same, unchecked.' : 'The key goes straight into the vault.';
}

function KeySection({ newKey, to }: { newKey: NewKey; to: Draft<Destination> }) {
  return (
    <div className="px-5 py-4">
      <Field label="Account key">{(parts) => <AccountKeyField newKey={newKey} parts={parts} />}</Field>
      <CheckLine newKey={newKey} host={hostOf(to.value.baseUrl)} />
      <div className="pt-3">
        <DestinationFields
          value={to.value}
          open={to.changed}
          onChange={(patch) => {
            to.set(patch);
            newKey.changed();
          }}
        />
      </div>
    </div>
  );
}
