'use client';
/** All accounts, filtered by what they are doing, and the panels in which one is added or changed. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { formatCount, formatLimit } from '../../../../lib/format.ts';
import type { AccountView } from '../../../../lib/wire/account-views.ts';
import { useAccountDeeds } from '../../../_components/account-deeds.tsx';
import { AccountList } from '../../../_components/account-list.tsx';
import { type AccountGroup, GROUP_NAMES, GROUP_OF } from '../../../_components/account-words.ts';
import { Button } from '../../../_components/button.tsx';
import { Empty } from '../../../_components/empty.tsx';
import { LiveLine } from '../../../_components/live-line.tsx';
import { Page } from '../../../_components/page.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { useLiveAccounts } from '../../../_data/live-accounts.ts';
import { useParam } from '../../../_data/params.ts';
import { useStatus } from '../../../_data/resources.ts';
import { AddPanel } from './add-panel.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { EditPanel } from './edit-panel.tsx';
import { ImportPanel } from './import-panel.tsx';
import { ProviderPanel } from './provider-panel.tsx';

const ORDER_WORDS = {
  least_utilized: 'Calls go to the account with the most headroom.',
  round_robin: 'Calls go to the accounts in turn, by weight.',
  priority: 'Calls go to the lowest priority number that has room.',
  sticky: 'Each session has an account of its own.',
} as const;

export function Accounts() {
  const { data: accounts, problem, retry } = useLiveAccounts();
  const [add, setAdd] = useParam('add');
  const [bring, setBring] = useParam('import');
  const [edit, setEdit] = useParam('edit');
  const [provider, setProvider] = useParam('provider');
  const [filter, setFilter] = useParam('show');
  const { menu, dialogs } = useAccountDeeds({ panelsHere: true });
  const shown = accounts?.filter(({ state }) => filter === null || GROUP_OF[state.word] === filter);
  const edited = accounts?.find(({ id }) => id === edit) ?? null;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const selection = {
    has: (id: string) => ticked.has(id),
    toggle: (id: string) =>
      setTicked(
        (before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]),
      ),
  };
  // What a filter hides is not acted upon.
  const selected = shown?.filter(({ id }) => ticked.has(id)) ?? [];
  const openAdd = () => setAdd('1');
  return (
    <Page
      title="Accounts"
      note={<LiveLine />}
      primary={
        <>
          <Button onClick={() => setBring('1')}>Import</Button>
          <Button look="primary" onClick={openAdd}>
            <Plus size={15} />
            Add account
          </Button>
        </>
      }
    >
      <Filters accounts={accounts} value={filter} onChange={setFilter} />
      <section aria-label="Accounts" className="card mt-3 min-w-0">
        {problem && !accounts ? (
          <ProblemNote title="The accounts could not be read" problem={problem} retry={retry} />
        ) : accounts?.length === 0 ? (
          <Empty title="No account yet" hint="npm run -s cam -- add Work">
            Add an API key and calls are served at once; until then clients get a 503 that says so.
          </Empty>
        ) : shown?.length === 0 ? (
          <p className="px-4 py-10 text-center text-fg-3">No account is in this state.</p>
        ) : (
          <AccountList accounts={shown} menu={menu} selection={selection} steering />
        )}
        {dialogs}
      </section>
      {accounts && accounts.length > 0 && <Together accounts={accounts} />}
      {selected.length > 0 && <BulkBar accounts={selected} onClear={() => setTicked(new Set())} />}
      <AddPanel open={add !== null} accounts={accounts ?? []} onClose={() => setAdd(null)} />
      <ImportPanel open={bring !== null} onClose={() => setBring(null)} />
      <EditPanel account={edited} onClose={() => setEdit(null)} />
      <ProviderPanel
        account={accounts?.find(({ id }) => id === provider) ?? null}
        onClose={() => setProvider(null)}
      />
    </Page>
  );
}

function Filters(props: {
  accounts: readonly AccountView[] | undefined;
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const count = (group: AccountGroup) =>
    props.accounts?.filter(({ state }) => GROUP_OF[state.word] === group).length ?? 0;
  const options: readonly (readonly [string | null, string, number])[] = [
    [null, 'All', props.accounts?.length ?? 0],
    ...GROUP_NAMES.map(([group, name]) => [group, name, count(group)] as const),
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would put a frame and a legend around a line of buttons
    <div role="group" aria-label="Show" className="-mx-1 flex gap-1 overflow-x-auto px-1 py-0.5">
      {options.map(([group, name, number]) => (
        <button
          key={name}
          type="button"
          aria-pressed={props.value === group}
          onClick={() => props.onChange(group)}
          className="hit flex h-8 shrink-0 items-center gap-1.5 rounded-control border border-transparent px-2.5 text-12 text-fg-2 hover:text-fg aria-pressed:border-line aria-pressed:bg-surface aria-pressed:font-medium aria-pressed:text-fg aria-pressed:shadow-card"
        >
          {name}
          <span className="font-normal text-fg-3">{props.accounts ? number : ''}</span>
        </button>
      ))}
    </div>
  );
}

/** What the pool can do as a whole, as far as the providers told. */
function Together({ accounts }: { accounts: readonly AccountView[] }) {
  const { data: status } = useStatus();
  const sum = (bucket: string) =>
    accounts.reduce(
      (total, account) => total + (account.enabled ? (account.headerLimits[bucket]?.limit ?? 0) : 0),
      0,
    );
  const requests = sum('requests');
  const tokens = sum('tokens');
  return (
    <p className="px-1 pt-3 text-12 text-fg-3">
      {requests > 0 && tokens > 0 && (
        <>
          Together <b className="font-medium text-fg">{formatCount(requests)}</b> requests and{' '}
          <b className="font-medium text-fg">{formatLimit(tokens)}</b> tokens a minute.{' '}
        </>
      )}
      {status && ORDER_WORDS[status.strategy]}
    </p>
  );
}
