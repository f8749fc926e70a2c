'use client';
/** What a strategy would have done with yesterday's calls: who served them, 429s met, and the cost. */
import { DASH, formatCount, formatCountOf, formatMoney } from '../../../../lib/format.ts';
import type { StrategyName } from '../../../../lib/routing/plan.ts';
import type { ReplayView } from '../../../../lib/wire/route-views.ts';
import { hueClass, Swatch } from '../../../_components/account-mark.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import type { Answer } from '../../../_data/ask.ts';
import { useAccounts } from '../../../_data/resources.ts';

/** The same in every state, so that nothing moves when the figures come. */
const ROOM = 'block h-11 pt-3';

export function ReplayOf({ replay, strategy }: { replay: Answer<ReplayView>; strategy: StrategyName }) {
  const hueOf = useHues();
  const result = replay.data?.results.find((one) => one.strategy === strategy);
  if (replay.data === undefined && replay.problem === null) {
    return (
      <span className={ROOM}>
        <Bone className="h-1.5" />
        <Bone className="mt-2 h-3 w-24" />
      </span>
    );
  }
  if (result === undefined) return <span className={ROOM}>{DASH}</span>;
  const tokens = result.accounts.reduce((sum, account) => sum + account.tokens, 0);
  const shares = result.accounts.filter((account) => account.tokens > 0);
  const words = shares.map((account) => `${account.name} ${Math.round((100 * account.tokens) / tokens)} %`);
  return (
    <span className={ROOM}>
      <span className="sr-only">Yesterday: {words.join(', ')}. </span>
      <span aria-hidden="true" className="flex h-1.5 gap-px overflow-hidden rounded-full">
        {shares.map(({ name, tokens: own }) => {
          const hue = hueOf(name);
          return (
            <span
              key={name}
              className={hue === null ? 'bg-fg-3' : `${hueClass(hue)} bg-hue`}
              style={{ width: `${(100 * own) / tokens}%` }}
            />
          );
        })}
      </span>
      <span className="flex justify-between gap-3 pt-1.5 text-fg-2">
        <span>
          <b className="font-medium text-fg">{formatCount(result.rateLimited)}</b> × 429
          {result.failed > 0 && (
            <span className="text-bad-text"> · {formatCountOf(result.failed, 'call')} failed</span>
          )}
        </span>
        <b className="font-medium text-fg">{formatMoney(result.cost)}</b>
      </span>
    </span>
  );
}

export function ReplayFoot({ replay }: { replay: Answer<ReplayView> }) {
  const hueOf = useHues();
  const { data, problem } = replay;
  if (data === undefined) {
    return (
      <div className="border-t px-4 py-2.5 text-12 text-fg-3">
        {problem === null ? (
          <span role="status">Yesterday’s calls are passing through each strategy…</span>
        ) : (
          <ProblemLine problem={problem} />
        )}
      </div>
    );
  }
  const [first] = data.results;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t px-4 py-2.5 text-12 text-fg-3">
      {first === undefined ? (
        <span>
          {data.calls === 0
            ? 'There was no call yesterday to compare them by.'
            : 'No account could serve, so there is nothing to compare.'}
        </span>
      ) : (
        <>
          <span className="flex flex-wrap gap-x-4 gap-y-1">
            {first.accounts.map(({ name }) => (
              <span key={name} className="flex items-center gap-1.5">
                <Swatch hue={hueOf(name)} />
                <bdi className="max-w-40 truncate">{name}</bdi>
              </span>
            ))}
          </span>
          <span>
            Replayed on {data.partial ? 'the first ' : ''}
            {formatCountOf(data.calls, 'call')} of yesterday
            {data.leftOut.length > 0 && `, without ${data.leftOut.join(', ')}`}
          </span>
        </>
      )}
    </div>
  );
}

function useHues(): (name: string) => number | null {
  const accounts = useAccounts().data;
  return (name) => accounts?.find((account) => account.name === name)?.hue ?? null;
}
