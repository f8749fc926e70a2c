'use client';
/** Who it is and what can be done with it; where something is wrong, what, until when, and the one way to end it. */
import { Activity, Pencil, Play, Power } from 'lucide-react';
import type { AccountView } from '../../../../../lib/wire/account-views.ts';
import type { AccountDeeds } from '../../../../_components/account-deeds.tsx';
import { identityLine } from '../../../../_components/account-figures.ts';
import { AccountTile } from '../../../../_components/account-mark.tsx';
import { AccountPill } from '../../../../_components/account-state.tsx';
import { STATE_WORDS } from '../../../../_components/account-words.ts';
import { Button } from '../../../../_components/button.tsx';
import { dayMonthYear, Until } from '../../../../_components/times.tsx';

export function AccountHead({ account, deeds }: { account: AccountView; deeds: AccountDeeds }) {
  return (
    <section aria-label="State" className="card min-w-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-3.5">
        <AccountTile name={account.name} hue={account.hue} />
        <div className="min-w-0 flex-1 basis-60">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="min-w-0 text-14 font-semibold break-words">
              <bdi>{account.name}</bdi>
            </span>
            <AccountPill account={account} />
          </div>
          <p className="pt-0.5 text-12 text-fg-3">
            <span className="font-mono text-11 break-all">{identityLine(account)}</span> · added{' '}
            {dayMonthYear(account.createdAtMs)} · priority {account.priority} · weight {account.weight} ·{' '}
            {account.inFlight} in flight
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => deeds.test(account)}>
            <Activity size={14} />
            Test
          </Button>
          <Button onClick={() => deeds.open('edit', account)}>
            <Pencil size={14} />
            Edit
          </Button>
          {deeds.menu(account)}
        </div>
      </div>
      <StateBand account={account} deeds={deeds} />
    </section>
  );
}

/** When all is well there is none. */
function StateBand({ account, deeds }: { account: AccountView; deeds: AccountDeeds }) {
  const { word, reason, untilMs } = account.state;
  if (word === 'healthy' || word === 'unused') return null;
  const model = account.modelTroubles.find((trouble) => trouble.reason === reason)?.model;
  const bad = STATE_WORDS[word].tone === 'bad';
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t px-4 py-3">
      {untilMs !== null && (
        <p
          className={`text-20 font-semibold tracking-[-0.02em] tabular-nums ${bad ? 'text-bad-text' : 'text-fg'}`}
        >
          <Until atMs={untilMs} word="" due="now" />
          <span className="pl-1.5 text-12 font-normal tracking-normal text-fg-2">
            until it serves {model === undefined ? '' : <span className="font-mono text-11">{model} </span>}
            again
          </span>
        </p>
      )}
      <p className="min-w-0 flex-1 basis-60 text-pretty text-fg-2">{reason ?? PLAIN[word]}</p>
      {word === 'paused' && (
        <Button disabled={deeds.busy} onClick={() => deeds.turn(account, 'resume')}>
          <Play size={14} />
          Resume
        </Button>
      )}
      {word === 'disabled' && (
        <Button disabled={deeds.busy} onClick={() => deeds.turn(account, 'enable')}>
          <Power size={14} />
          Enable
        </Button>
      )}
    </div>
  );
}

const PLAIN: Partial<Record<AccountView['state']['word'], string>> = {
  paused: 'Paused by hand: new calls go elsewhere until you resume it.',
  disabled: 'Switched off: no call goes here until you enable it.',
  near_limit: 'Close to a limit: calls that may go elsewhere do.',
};
