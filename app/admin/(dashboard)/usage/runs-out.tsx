'use client';
/** What every limit of a day or a month will come to. A forecast is amber at most; red is for what has happened. */
import { useState } from 'react';
import { formatCount, formatLimit, formatMoney, formatPercent } from '../../../../lib/format.ts';
import type { LimitForecastView } from '../../../../lib/wire/usage-views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardHead } from '../../../_components/card.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { dayMonth, hourMinute } from '../../../_components/times.tsx';
import { useForecast } from '../../../_data/resources.ts';
import { BurnChart } from './burn-chart.tsx';

export function RunsOut() {
  const { data, problem, retry } = useForecast();
  const [all, setAll] = useState(false);
  const limits = [...(data?.limits ?? [])].sort((a, b) => nearness(b) - nearness(a));
  const shown = all ? limits : limits.slice(0, SHOWN);
  const [chosen, setChosen] = useState<string | null>(null);
  const drawn = limits.find((one) => keyOf(one) === chosen) ?? limits[0];
  return (
    <section aria-label="Limits and what is expected of them" className="card min-w-0">
      <CardHead title="Limits" note="and what is expected of them" />
      {problem && !data ? (
        <ProblemNote title="The forecast could not be read" problem={problem} retry={retry} />
      ) : data?.limits.length === 0 ? (
        <p className="px-4 py-4 text-12 text-pretty text-fg-2">
          No account and no client key has a limit for a day or a month, so nothing can run out.
        </p>
      ) : (
        <>
          <div className="grid grid-cols-1 xl:grid-cols-[minmax(0,1fr)_404px]">
            {drawn && <BurnChart limit={drawn} />}
            <ul className="min-w-0 max-xl:border-t xl:border-l">
              {shown.map((limit) => (
                <Limit
                  key={keyOf(limit)}
                  limit={limit}
                  here={limit === drawn}
                  onPick={() => setChosen(keyOf(limit))}
                />
              ))}
            </ul>
          </div>
          {limits.length > SHOWN && (
            <div className="border-t px-2 py-1.5">
              <Button look="quiet" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
                {all ? 'Show the nearest only' : `Show all ${limits.length}`}
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}

const SHOWN = 6;
const keyOf = ({ holder, window, amount }: LimitForecastView): string => `${holder.id} ${window} ${amount}`;

/** How much of it will be used as far as can be told: what may run out stands first. */
const nearness = ({ used, high, limit }: LimitForecastView): number => Math.max(used, high ?? 0) / limit;

function Limit({ limit, here, onPick }: { limit: LimitForecastView; here: boolean; onPick: () => void }) {
  const { holder, window, amount, used, expected, high } = limit;
  const say = amount === 'cost' ? formatMoney : amount === 'tokens' ? formatLimit : formatCount;
  const most = Math.max(limit.limit, used, high ?? 0) || 1;
  const share = (figure: number): string => `${(100 * figure) / most}%`;
  const full = used >= limit.limit;
  const soon = limit.runsOutMs !== null;
  const words = `${say(used)} of ${say(limit.limit)} a ${window}${expected === null ? '' : `, ${say(expected)} expected`}`;
  return (
    <li
      className={`relative border-t px-4 py-2.5 first:border-t-0 hover:bg-raised ${here ? 'bg-hover shadow-[inset_2px_0_var(--fg)]' : ''}`}
    >
      <div className="flex items-baseline justify-between gap-3 text-12">
        <span className="min-w-0 truncate">
          <button
            type="button"
            aria-pressed={here}
            aria-label={`${holder.name}: draw its ${window} limit`}
            onClick={onPick}
            className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-acc"
          >
            <bdi>{holder.name}</bdi>
          </button>{' '}
          <span className="text-fg-3">
            {say(used)} of {say(limit.limit)} a {window}
          </span>
        </span>
        <span className={`shrink-0 ${full ? 'text-bad-text' : soon ? 'text-warn-text' : 'text-fg-3'}`}>
          {verdict(limit)}
        </span>
      </div>
      <svg role="img" aria-label={words} className="mt-1.5 block h-2 w-full">
        <rect y="2" width="100%" height="4" rx="2" className="fill-track" />
        {high !== null && (
          <rect y="2" width={share(high)} height="4" rx="2" className="fill-acc opacity-25" />
        )}
        <rect
          y="2"
          width={share(used)}
          height="4"
          rx="2"
          className={full ? 'fill-bad' : soon ? 'fill-warn' : 'fill-fg-3'}
        />
        <rect x={share(limit.limit)} width="2" height="8" transform="translate(-2 0)" className="fill-fg" />
      </svg>
      {expected !== null && (
        <div className="pt-1 text-11 text-fg-3">
          ends near {say(expected)}, between {say(limit.low ?? expected)} and {say(high ?? expected)}
        </div>
      )}
    </li>
  );
}

function verdict({ used, limit, expected, runsOutMs, runsOutChance, window }: LimitForecastView): string {
  if (used >= limit) return 'Used up';
  if (expected === null) return 'too early to say';
  if (runsOutMs !== null) {
    return `Runs out ${window === 'day' ? hourMinute(runsOutMs) : dayMonth(runsOutMs)}`;
  }
  return runsOutChance !== null && runsOutChance >= 0.1 ? `Tight: ${formatPercent(runsOutChance)}` : 'Lasts';
}
