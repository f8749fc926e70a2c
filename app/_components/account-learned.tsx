'use client';
/** What was learned about an account from its failures, each with its end, and forgetting it: one of them or all. */
import { markKey } from '../../lib/routing/mark-key.ts';
import type { AccountView } from '../../lib/wire/account-views.ts';
import { api } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';
import { useReload } from '../_data/reload.ts';
import { Button } from './button.tsx';
import { CardHead } from './card.tsx';
import { Modal } from './dialog.tsx';
import { ProblemLine } from './problem-note.tsx';
import { Until } from './times.tsx';

/** One thing to be forgotten. */
type One = Pick<Parameters<typeof api.accounts.clear.mutate>[0], 'mark' | 'model'>;

/** Cooldowns, breakers, marks and a refused key can be cleared by hand; a limit of the user's own cannot. */
const LEARNED_STATES: readonly string[] = ['cooling_down', 'out_of_quota', 'unwell', 'credential_refused'];

export const hasLearned = (account: AccountView): boolean =>
  LEARNED_STATES.includes(account.state.word) || account.marks.length > 0 || account.modelTroubles.length > 0;

/** The state is told apart only where it is not that of a single model, which has a line of its own. */
const isOfWhole = ({ state, modelTroubles }: AccountView): boolean =>
  LEARNED_STATES.includes(state.word) && !modelTroubles.some(({ reason }) => reason === state.reason);

/** Forgetting, and what it came to. */
function useClearing(onAllCleared: () => void = () => {}) {
  const reload = useReload();
  const clear = useAct(api.accounts.clear.mutate);
  const run = async (ref: string, one: One = {}) => {
    const cleared = await clear.run({ ref, ...one });
    reload('accounts.list', 'models.list');
    if (cleared !== null && !hasLearned(cleared)) onAllCleared();
  };
  return { run, busy: clear.busy, problem: clear.problem };
}
type Clearing = ReturnType<typeof useClearing>;

/** @param account as it is now, so that what is cleared is seen to go */
export function AccountLearned({ account, onClose }: { account: AccountView | null; onClose: () => void }) {
  const clearing = useClearing(onClose);
  return (
    <Modal
      open={account !== null}
      onClose={onClose}
      title={`What was learned about ${account?.name ?? ''}`}
      note="Once it is cleared, the next call may try this account again. Where the trouble is still there, that call moves on and it is learned anew."
      foot={
        <>
          <ProblemLine problem={clearing.problem} />
          <div className="ml-auto flex gap-2">
            <Button onClick={onClose}>Close</Button>
            <Button
              look="primary"
              disabled={clearing.busy || account === null || !hasLearned(account)}
              onClick={() => account && void clearing.run(account.id)}
            >
              Clear all of it
            </Button>
          </div>
        </>
      }
    >
      {account && <LearnedList account={account} clearing={clearing} />}
    </Modal>
  );
}

/** The same as a card of a page. */
export function LearnedCard({ account }: { account: AccountView }) {
  const clearing = useClearing();
  return (
    <section aria-label="Learned" className="card min-w-0">
      <CardHead title="Learned">
        {hasLearned(account) && (
          <Button
            look="link"
            size="small"
            disabled={clearing.busy}
            onClick={() => void clearing.run(account.id)}
          >
            Clear all
          </Button>
        )}
      </CardHead>
      <div className="px-4 py-1">
        {hasLearned(account) ? (
          <LearnedList account={account} clearing={clearing} />
        ) : (
          <p className="py-3 text-12 text-pretty text-fg-2">
            Nothing that keeps calls away: no failure of late, no model or endpoint that it refused.
          </p>
        )}
        <ProblemLine problem={clearing.problem} />
      </div>
    </section>
  );
}

function LearnedList({ account, clearing }: { account: AccountView; clearing: Clearing }) {
  const { run, busy } = clearing;
  return (
    <ul className="divide-y text-12">
      {isOfWhole(account) && (
        <li className="py-2.5">
          <p className="text-pretty">{account.state.reason}</p>
          {account.state.untilMs !== null && (
            <p className="pt-0.5 text-11 text-fg-3">
              <Until atMs={account.state.untilMs} word="for another" due="until the next call" />
            </p>
          )}
        </li>
      )}
      {account.modelTroubles.map(({ model, word, reason, untilMs }) => (
        <Learned
          key={`${word} ${reason}`}
          name={model}
          reason={reason}
          untilMs={untilMs}
          busy={busy}
          onClear={() => void run(account.id, { model })}
        />
      ))}
      {account.marks.map(({ kind, subject, reason, untilMs }) => (
        <Learned
          key={markKey({ kind, subject })}
          name={markKey({ kind, subject })}
          reason={reason}
          untilMs={untilMs}
          busy={busy}
          onClear={() => void run(account.id, { mark: { kind, subject } })}
        />
      ))}
    </ul>
  );
}

interface LearnedProps {
  readonly name: string;
  readonly reason: string | null;
  readonly untilMs: number | null;
  readonly busy: boolean;
  readonly onClear: () => void;
}

function Learned({ name, reason, untilMs, busy, onClear }: LearnedProps) {
  return (
    <li className="flex items-center gap-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-mono text-11">{name}</p>
        <p className="pt-0.5 text-pretty text-fg-2">{reason}</p>
        {untilMs !== null && (
          <p className="pt-0.5 text-11 text-fg-3">
            <Until atMs={untilMs} word="for another" due="over now" />
          </p>
        )}
      </div>
      <Button size="small" disabled={busy} onClick={onClear}>
        Clear<span className="sr-only"> {name}</span>
      </Button>
    </li>
  );
}
