'use client';
/** How much is left: the provider's limits as its last answer told them, with the age of that, and the user's own. */
import type { ReactNode } from 'react';
import { DASH, formatLimit, formatMoney } from '../../../../../lib/format.ts';
import type { AccountView, LimitUseView } from '../../../../../lib/wire/account-views.ts';
import { wholeMoney } from '../../../../_components/account-figures.ts';
import { GaugeBar, gaugeTone } from '../../../../_components/gauge.tsx';
import { Ago, clockTime, dayMonth, hourMinute } from '../../../../_components/times.tsx';
import { useNow } from '../../../../_data/now.ts';

interface Figure {
  readonly name: string;
  readonly source: string;
  readonly used: string;
  readonly of: string | null;
  readonly share: number | null;
  readonly note: ReactNode;
}

const WORDS = { requests: 'Requests', tokens: 'Tokens', cost: 'Spend' } as const;
const WINDOWS = { day: 'today', month: 'this month' } as const;

export function LimitStrip({ account }: { account: AccountView }) {
  const nowMs = useNow();
  const figures = [
    ofHeaders(account, 'requests', nowMs),
    ofHeaders(account, 'tokens', nowMs),
    ...account.limitUse.map(ofOwn),
  ];
  if (!account.limitUse.some(({ window, kind }) => window === 'day' && kind === 'cost'))
    figures.push(spentToday(account));
  return (
    <section
      aria-label="Limits"
      className="card grid min-w-0 grid-cols-2 overflow-hidden md:grid-cols-[repeat(auto-fit,minmax(210px,1fr))]"
    >
      {figures.map((figure) => (
        <Cell key={`${figure.name} ${figure.source}`} {...figure} />
      ))}
    </section>
  );
}

function Cell({ name, source, used, of, share, note }: Figure) {
  const tone = gaugeTone(share ?? 0);
  const percent = share === null ? null : Math.round(share * 100);
  return (
    <div className="-mt-px -ml-px min-w-0 border-t border-l px-4 py-3">
      <div className="flex justify-between gap-2 text-12">
        <span className="text-fg-2">{name}</span>
        <span className="truncate text-fg-3 max-sm:hidden">{source}</span>
      </div>
      <div className="flex flex-wrap items-baseline gap-x-1.5 pt-0.5">
        <span className="text-20 font-semibold tracking-[-0.02em]">{used}</span>
        {of !== null && <span className="text-12 text-fg-3">of {of}</span>}
        {percent !== null && <span className={`ml-auto text-12 ${tone.text}`}>{percent}%</span>}
      </div>
      <GaugeBar share={share} className="mt-1.5" />
      <p className="min-h-4 pt-1.5 text-11 text-fg-3">{note}</p>
    </div>
  );
}

function ofHeaders(account: AccountView, bucket: 'requests' | 'tokens', nowMs: number | null): Figure {
  const figure = account.headerLimits[bucket];
  const name = `${WORDS[bucket]} / min`;
  const source = 'from headers';
  if (!figure || figure.limit === null || figure.remaining === null || figure.limit <= 0) {
    return { name, source, used: DASH, of: null, share: null, note: 'No answer told it yet' };
  }
  const full = figure.fullAtMs !== null && nowMs !== null && figure.fullAtMs <= nowMs;
  const used = full ? 0 : Math.max(0, figure.limit - figure.remaining);
  const refills =
    figure.fullAtMs === null || full ? 'Full again' : `Full again ${clockTime(figure.fullAtMs)}`;
  return {
    name,
    source,
    used: formatLimit(used),
    of: formatLimit(figure.limit),
    share: used / figure.limit,
    note: (
      <>
        {figure.fullAtMs === null ? '' : `${refills} · `}seen <Ago atMs={figure.readAtMs} />
      </>
    ),
  };
}

function ofOwn({ window, kind, limit, used, reserved, resetsAtMs }: LimitUseView): Figure {
  const all = used + reserved;
  const say = kind === 'cost' ? formatMoney : formatLimit;
  const resets = window === 'day' ? hourMinute(resetsAtMs) : dayMonth(resetsAtMs);
  return {
    name: `${WORDS[kind]} ${WINDOWS[window]}`,
    source: 'set by you',
    used: say(all),
    of: kind === 'cost' ? wholeMoney(limit) : formatLimit(limit),
    share: limit > 0 ? all / limit : 1,
    note: `Begins anew ${resets}${reserved > 0 ? ` · ${say(reserved)} held for calls under way` : ''}`,
  };
}

const spentToday = (account: AccountView): Figure => ({
  name: 'Spend today',
  source: 'no limit',
  used: formatMoney(account.today.cost),
  of: null,
  share: null,
  note: 'Edit the account to set a limit',
});
