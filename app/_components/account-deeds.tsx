'use client';
/** What can be done with an account, wherever it is listed: the menu, and the two dialogs some of it opens. */
import { Activity, CircleSlash, Eraser, Pencil, Power, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import type { AccountView } from '../../lib/wire/account-views.ts';
import { api } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';
import { useReload } from '../_data/reload.ts';
import { AccountRemoval } from './account-removal.tsx';
import { AccountTest } from './account-test.tsx';
import { type MenuItem, MoreMenu } from './menu.tsx';
import { ProblemLine } from './problem-note.tsx';

type Deed = 'enable' | 'disable' | 'clear';

export function useAccountDeeds(): { menu: (account: AccountView) => ReactNode; dialogs: ReactNode } {
  const router = useRouter();
  const reload = useReload();
  const [testing, setTesting] = useState<AccountView | null>(null);
  const [removing, setRemoving] = useState<AccountView | null>(null);
  const deed = useAct(({ ref, what }: { ref: string; what: Deed }) => api.accounts[what].mutate({ ref }));
  const run = async (account: AccountView, what: Deed) => {
    await deed.run({ ref: account.id, what });
    reload('accounts.list', 'models.list');
  };
  const items = (account: AccountView): MenuItem[] => [
    { label: 'Test the key', icon: <Activity size={15} />, onPick: () => setTesting(account) },
    {
      label: 'Edit',
      icon: <Pencil size={15} />,
      onPick: () => router.push(`/admin/accounts?edit=${account.id}`),
    },
    ...(hasLearnedTrouble(account)
      ? [
          {
            label: 'Clear what it learned',
            icon: <Eraser size={15} />,
            onPick: () => void run(account, 'clear'),
          },
        ]
      : []),
    account.enabled
      ? { label: 'Disable', icon: <CircleSlash size={15} />, onPick: () => void run(account, 'disable') }
      : { label: 'Enable', icon: <Power size={15} />, onPick: () => void run(account, 'enable') },
    { label: 'Remove', icon: <Trash2 size={15} />, tone: 'bad', onPick: () => setRemoving(account) },
  ];
  return {
    menu: (account) => <MoreMenu label={`Actions for ${account.name}`} items={items(account)} />,
    dialogs: (
      <>
        {deed.problem && (
          <div className="px-4 py-2">
            <ProblemLine problem={deed.problem} />
          </div>
        )}
        <AccountTest account={testing} onClose={() => setTesting(null)} />
        <AccountRemoval account={removing} onClose={() => setRemoving(null)} />
      </>
    ),
  };
}

/** Cooldowns, breakers and marks can be cleared by hand; a limit of the user's own cannot. */
function hasLearnedTrouble(account: AccountView): boolean {
  const words = ['cooling_down', 'out_of_quota', 'unwell', 'credential_refused'];
  return words.includes(account.state.word) || account.marks.length > 0;
}
