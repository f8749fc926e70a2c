'use client';
/** What can be done with an account, wherever it is listed: the menu, and the dialogs some of it opens. */
import { Activity, Building2, CircleSlash, Eraser, Pause, Pencil, Play, Power, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import type { AccountView } from '../../lib/wire/account-views.ts';
import { api } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';
import { setParams } from '../_data/params.ts';
import { useReload } from '../_data/reload.ts';
import { useAccounts } from '../_data/resources.ts';
import { AccountLearned, hasLearned } from './account-learned.tsx';
import { AccountRemoval } from './account-removal.tsx';
import { AccountTest } from './account-test.tsx';
import { type MenuItem, MoreMenu } from './menu.tsx';
import { ProblemLine } from './problem-note.tsx';

type Deed = 'enable' | 'disable' | 'pause' | 'resume';

export interface AccountDeeds {
  menu(account: AccountView): ReactNode;
  test(account: AccountView): void;
  remove(account: AccountView): void;
  /** Edits it, or shows what its provider says. */
  open(panel: 'edit' | 'provider', account: AccountView): void;
  turn(account: AccountView, what: Deed): void;
  readonly busy: boolean;
  readonly dialogs: ReactNode;
}

/** @param panelsHere the page has the panels that open by `edit` and `provider` in the address */
export function useAccountDeeds({ panelsHere = false } = {}): AccountDeeds {
  const router = useRouter();
  const reload = useReload();
  const [testing, setTesting] = useState<AccountView | null>(null);
  const [learned, setLearned] = useState<string | null>(null);
  const { data: accounts } = useAccounts();
  const [removing, setRemoving] = useState<AccountView | null>(null);
  const deed = useAct(({ ref, what }: { ref: string; what: Deed }) => api.accounts[what].mutate({ ref }));
  const run = async (account: AccountView, what: Deed) => {
    await deed.run({ ref: account.id, what });
    reload('accounts.list', 'models.list');
  };
  const open = (panel: 'edit' | 'provider', { id }: AccountView): void =>
    panelsHere ? setParams({ [panel]: id }) : router.push(`/admin/accounts?${panel}=${id}`);
  const items = (account: AccountView): MenuItem[] => [
    { label: 'Test the key', icon: <Activity size={15} />, onPick: () => setTesting(account) },
    {
      label: 'Edit',
      icon: <Pencil size={15} />,
      onPick: () => open('edit', account),
    },
    {
      label: 'What its provider says',
      note: 'Usage, costs, limits; the admin key',
      icon: <Building2 size={15} />,
      onPick: () => open('provider', account),
    },
    ...(hasLearned(account)
      ? [
          {
            label: 'Clear what was learned',
            note: 'The next call may try it again',
            icon: <Eraser size={15} />,
            onPick: () => setLearned(account.id),
          },
        ]
      : []),
    account.state.word === 'paused'
      ? {
          label: 'Resume',
          note: 'New calls may go to it again',
          icon: <Play size={15} />,
          onPick: () => void run(account, 'resume'),
        }
      : {
          label: 'Pause',
          note: 'New calls go elsewhere until you resume it',
          icon: <Pause size={15} />,
          onPick: () => void run(account, 'pause'),
        },
    account.enabled
      ? { label: 'Disable', icon: <CircleSlash size={15} />, onPick: () => void run(account, 'disable') }
      : { label: 'Enable', icon: <Power size={15} />, onPick: () => void run(account, 'enable') },
    { label: 'Remove', icon: <Trash2 size={15} />, tone: 'bad', onPick: () => setRemoving(account) },
  ];
  return {
    open,
    test: setTesting,
    remove: setRemoving,
    turn: (account, what) => void run(account, what),
    busy: deed.busy,
    menu: (account) => <MoreMenu label={`Actions for ${account.name}`} items={items(account)} />,
    dialogs: (
      <>
        {deed.problem && (
          <div className="px-4 py-2">
            <ProblemLine problem={deed.problem} />
          </div>
        )}
        <AccountTest account={testing} onClose={() => setTesting(null)} />
        <AccountLearned
          account={accounts?.find(({ id }) => id === learned) ?? null}
          onClose={() => setLearned(null)}
        />
        <AccountRemoval account={removing} onClose={() => setRemoving(null)} />
      </>
    ),
  };
}
