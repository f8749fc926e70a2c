'use client';
/** What an account's provider says of it, asked now or by the clock, and the admin key that lets it say more. */
import { RefreshCw } from 'lucide-react';
import { useRef, useState } from 'react';
import { formatSpan } from '../../../../lib/format.ts';
import { SOURCE_NAMES, saySource } from '../../../../lib/introspection/say-source.ts';
import type { AccountView } from '../../../../lib/wire/account-views.ts';
import type { ProviderAccountView, SourceView } from '../../../../lib/wire/provider-views.ts';
import { Button } from '../../../_components/button.tsx';
import { SidePanel } from '../../../_components/dialog.tsx';
import { Field, SecretInput } from '../../../_components/field.tsx';
import { PanelFoot } from '../../../_components/panel-foot.tsx';
import { ProblemLine, ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { Dot } from '../../../_components/state-pill.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useNow } from '../../../_data/now.ts';
import { useReload } from '../../../_data/reload.ts';
import { useProviders } from '../../../_data/resources.ts';

export function ProviderPanel({ account, onClose }: { account: AccountView | null; onClose: () => void }) {
  return (
    <SidePanel
      open={account !== null}
      onClose={onClose}
      title={`${account?.name ?? ''}, as its provider tells it`}
    >
      {account && <Told key={account.id} account={account} onClose={onClose} />}
    </SidePanel>
  );
}

function Told({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const { data, problem, retry } = useProviders();
  const reload = useReload();
  const refresh = useAct(() => api.providers.refresh.mutate({ ref: account.id }));
  const told = data?.accounts.find(({ id }) => id === account.id);
  return (
    <>
      <div className="min-h-0 flex-1 divide-y overflow-y-auto">
        {problem && !told ? (
          <ProblemNote title="What it told could not be read" problem={problem} retry={retry} />
        ) : told === undefined ? (
          <div className="grid gap-3 p-5">
            <Bone className="h-9" />
            <Bone className="h-9" />
          </div>
        ) : (
          <>
            <Sources told={told} />
            <AdminKey told={told} />
          </>
        )}
      </div>
      <PanelFoot
        note="Asks now; with an admin key it is asked every hour."
        problem={refresh.problem}
        onCancel={onClose}
      >
        <Button
          look="primary"
          disabled={refresh.busy || told === undefined}
          onClick={() =>
            void refresh
              .run(undefined)
              .then(() => reload('providers.list', 'providers.reconcile', 'accounts.list'))
          }
        >
          <RefreshCw size={14} />
          {refresh.busy ? 'Asking' : 'Refresh'}
        </Button>
      </PanelFoot>
    </>
  );
}

function Sources({ told }: { told: ProviderAccountView }) {
  const nowMs = useNow();
  if (told.sources.length === 0)
    return <p className="px-5 py-4 text-12 text-fg-2">It has not been asked yet.</p>;
  return (
    <ul className="px-5 py-2">
      {told.sources.map((source) => (
        <li key={source.source} className="flex items-start gap-3 border-b py-2.5 text-12 last:border-b-0">
          <Dot tone={toneOf(source)} className="mt-1.5" />
          <div className="min-w-0 flex-1">
            <p className="font-medium first-letter:uppercase">{SOURCE_NAMES[source.source]}</p>
            <p
              className={`text-pretty break-words ${source.error === null ? 'text-fg-2' : 'text-warn-text'}`}
            >
              {saySource(source)}
            </p>
            {source.error !== null && source.okAtMs !== null && (
              <p className="text-pretty text-fg-3">Before: {saySource({ ...source, error: null })}</p>
            )}
          </div>
          <span className="shrink-0 text-11 text-fg-3">
            {nowMs !== null && `${formatSpan(nowMs - (source.errorAtMs ?? source.okAtMs ?? nowMs))} ago`}
          </span>
        </li>
      ))}
    </ul>
  );
}

const toneOf = ({ error, okAtMs }: SourceView) =>
  error === null ? 'ok' : okAtMs === null ? 'idle' : ('warn' as const);

const ABOUT: Readonly<Record<NonNullable<ProviderAccountView['scope']>, string>> = {
  key: 'Its figures are about this very key.',
  project: 'Its figures are about the whole project: other keys are in them.',
  organization: 'Its figures are about the whole organisation: other keys are in them.',
};

function AdminKey({ told }: { told: ProviderAccountView }) {
  const key = useRef<HTMLInputElement>(null);
  const master = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(false);
  const reload = useReload();
  const act = useAct(api.providers.setAdminKey.mutate);
  const set = async (adminKey: string | null) => {
    const masterKey = master.current?.value ?? '';
    if (masterKey === '') return master.current?.focus();
    const done = await act.run({ ref: told.id, adminKey, masterKey });
    if (done === null) return;
    for (const field of [key, master]) if (field.current) field.current.value = '';
    setTyped(false);
    reload('providers.list', 'providers.reconcile');
  };
  return (
    <form
      className="grid gap-4 px-5 py-4"
      onSubmit={(event) => {
        event.preventDefault();
        void set(key.current?.value ?? '');
      }}
    >
      <p className="text-12 text-pretty text-fg-2">
        {told.scope !== null
          ? ABOUT[told.scope]
          : 'Use, costs and limits are told only to an admin key of its organisation. It is sealed like the account’s own key, sent to this provider alone, and used for reading.'}
      </p>
      <Field label={told.hasAdminKey ? 'Another admin key' : 'Admin key'}>
        {(parts) => (
          <SecretInput
            {...parts}
            ref={key}
            what="admin key"
            autoComplete="off"
            placeholder="sk-admin-…"
            onChange={(event) => setTyped(event.target.value.trim() !== '')}
          />
        )}
      </Field>
      <Field label="Master key">
        {(parts) => <SecretInput {...parts} ref={master} what="master key" autoComplete="current-password" />}
      </Field>
      <ProblemLine problem={act.problem} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" disabled={act.busy || !typed}>
          {told.hasAdminKey ? 'Replace it' : 'Give it this key'}
        </Button>
        {told.hasAdminKey && (
          <Button look="danger" disabled={act.busy} onClick={() => void set(null)}>
            Take the admin key away
          </Button>
        )}
      </div>
    </form>
  );
}
