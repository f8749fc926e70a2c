'use client';
/** Asks the provider whether a stored key still works, and shows what it says. */
import { RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AccountCheckView, AccountView } from '../../lib/wire/account-views.ts';
import { api } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';
import { useReload } from '../_data/reload.ts';
import { Button } from './button.tsx';
import { CheckFacts } from './check-facts.tsx';
import { Modal } from './dialog.tsx';
import { ProblemLine } from './problem-note.tsx';

export function AccountTest({ account, onClose }: { account: AccountView | null; onClose: () => void }) {
  return (
    <Modal
      open={account !== null}
      onClose={onClose}
      title={`Test of ${account?.name ?? ''}`}
      note="One question to the provider, free of charge. A refused key that works again may serve again; an account that the provider closed, or that is not paid for, is not told by it."
    >
      {account && <Result key={account.id} account={account} />}
    </Modal>
  );
}

function Result({ account }: { account: AccountView }) {
  const reload = useReload();
  const [view, setView] = useState<AccountCheckView | null>(null);
  const [round, setRound] = useState(0);
  const test = useAct((ref: string) => api.accounts.test.mutate({ ref }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: one test a round; the rest is new on every render
  useEffect(() => {
    setView(null);
    void test.run(account.id).then((answer) => {
      setView(answer);
      reload('accounts.list', 'models.list');
    });
  }, [account.id, round]);
  return (
    <>
      <div className="overflow-hidden rounded-control border *:[ul]:[&>li:first-child]:border-t-0">
        <CheckFacts check={{ view, busy: test.busy }} baseUrl={account.baseUrl} />
      </div>
      <div className="flex items-center justify-between gap-3 pt-4">
        <ProblemLine problem={test.problem} />
        <Button className="ml-auto" disabled={test.busy} onClick={() => setRound(round + 1)}>
          <RefreshCw size={14} />
          Test again
        </Button>
      </div>
    </>
  );
}
