'use client';
/** What was learned about an account from its failures, each with its end, and forgetting it: one mark or all. */
import { markKey } from '../../lib/routing/mark-key.ts';
import type { AccountView } from '../../lib/wire/account-views.ts';
import { api } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';
import { useReload } from '../_data/reload.ts';
import { Button } from './button.tsx';
import { Modal } from './dialog.tsx';
import { ProblemLine } from './problem-note.tsx';
import { Until } from './times.tsx';

type Mark = AccountView['marks'][number];

/** Cooldowns, breakers, marks and a refused key can be cleared by hand; a limit of the user's own cannot. */
const LEARNED_STATES: readonly string[] = ['cooling_down', 'out_of_quota', 'unwell', 'credential_refused'];

export const hasLearned = (account: AccountView): boolean =>
  LEARNED_STATES.includes(account.state.word) || account.marks.length > 0;

/** @param account as it is now, so that what is cleared is seen to go */
export function AccountLearned({ account, onClose }: { account: AccountView | null; onClose: () => void }) {
  const reload = useReload();
  const clear = useAct(api.accounts.clear.mutate);
  const run = async (ref: string, mark?: Mark) => {
    const cleared = await clear.run(
      mark ? { ref, mark: { kind: mark.kind, subject: mark.subject } } : { ref },
    );
    reload('accounts.list', 'models.list');
    if (cleared !== null && !hasLearned(cleared)) onClose();
  };
  return (
    <Modal
      open={account !== null}
      onClose={onClose}
      title={`What was learned about ${account?.name ?? ''}`}
      note="Once it is cleared, the next call may try this account again. Where the trouble is still there, that call moves on and it is learned anew."
      foot={
        <>
          <ProblemLine problem={clear.problem} />
          <div className="ml-auto flex gap-2">
            <Button onClick={onClose}>Close</Button>
            <Button
              look="primary"
              disabled={clear.busy || account === null || !hasLearned(account)}
              onClick={() => account && void run(account.id)}
            >
              Clear all of it
            </Button>
          </div>
        </>
      }
    >
      {account && (
        <ul className="divide-y text-12">
          {LEARNED_STATES.includes(account.state.word) && (
            <li className="py-2.5">
              <p className="text-pretty">{account.state.reason}</p>
              {account.state.untilMs !== null && (
                <p className="pt-0.5 text-11 text-fg-3">
                  <Until atMs={account.state.untilMs} word="for another" due="until the next call" />
                </p>
              )}
            </li>
          )}
          {account.marks.map((mark) => (
            <li key={markKey(mark)} className="flex items-center gap-3 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="truncate font-mono text-11">{markKey(mark)}</p>
                <p className="pt-0.5 text-pretty text-fg-2">{mark.reason}</p>
                <p className="pt-0.5 text-11 text-fg-3">
                  <Until atMs={mark.untilMs} word="for another" due="over now" />
                </p>
              </div>
              <Button size="small" disabled={clear.busy} onClick={() => void run(account.id, mark)}>
                Clear<span className="sr-only"> {markKey(mark)}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}
