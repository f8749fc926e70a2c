'use client';
/** Who was a candidate, in which order, and why every other account was left out. */
import { formatCountdown, formatPercent } from '../../../../lib/format.ts';
import type { RoutePlan } from '../../../../lib/routing/plan.ts';
import {
  sayDecided,
  sayLeftOut,
  sayOmitted,
  sayShare,
  sayShort,
} from '../../../../lib/routing/plan-words.ts';
import type { RequestView } from '../../../../lib/wire/views.ts';
import { Swatch } from '../../../_components/account-mark.tsx';
import { gaugeTone } from '../../../_components/gauge.tsx';
import { useAccounts } from '../../../_data/resources.ts';

export function Plan({ plan, call }: { plan: RoutePlan; call: RequestView }) {
  const { data: accounts } = useAccounts();
  const hue = (id: string) => accounts?.find((account) => account.id === id)?.hue ?? null;
  const verdict = (id: string) => {
    if (id === call.accountId) return 'took it';
    return call.attemptList.some((attempt) => attempt.accountId === id) ? 'tried' : '';
  };
  const omitted = sayOmitted(plan);
  return (
    <>
      <ol className="grid gap-2">
        {plan.candidates.map((candidate) => (
          <li
            key={candidate.accountId}
            className="grid grid-cols-[minmax(0,1fr)_auto_72px] items-center gap-3 text-12"
          >
            <span className="flex min-w-0 items-center gap-2">
              <Swatch hue={hue(candidate.accountId)} />
              <bdi className="truncate">{candidate.name}</bdi>
              <span className="shrink-0 text-11 text-fg-3">
                {verdict(candidate.accountId)}
                {candidate.probe && ' one call, to try it'}
                {candidate.short !== undefined && ` ${sayShort(candidate.short)}`}
                {candidate.stripReasoning && ' without its reasoning'}
              </span>
            </span>
            <span className="text-11 text-fg-3">
              {candidate.decidedBy === null ? '' : sayShare(candidate.decidedBy)}
            </span>
            <Share share={candidate.utilization} />
          </li>
        ))}
      </ol>
      <p className="pt-2 text-12 text-fg-2">
        {plan.candidates[0] && (
          <>
            <bdi>{plan.candidates[0].name}</bdi> came first: {sayDecided(plan, call.sessionHash !== null)}.
          </>
        )}
      </p>
      {plan.leftOut.length > 0 && (
        <ul className="grid gap-1 pt-2 text-12 text-fg-3">
          {plan.leftOut.map((out) => (
            <li key={out.accountId} className="flex items-center gap-2">
              <Swatch hue={hue(out.accountId)} />
              <bdi className="w-24 shrink-0 truncate">{out.name}</bdi>
              <span className="text-fg-2">
                Left out: {sayLeftOut(out)}
                {out.untilMs !== null && `, for another ${formatCountdown(out.untilMs - plan.madeAtMs)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {omitted !== null && <p className="pt-2 text-12 text-fg-3">{omitted}</p>}
    </>
  );
}

function Share({ share }: { share: number | null }) {
  if (share === null) return <span className="text-right text-11 text-fg-3">unknown</span>;
  return (
    <span className="flex items-center gap-2 text-11">
      <svg className="h-1 flex-1" aria-hidden="true">
        <rect width="100%" height="4" rx="2" className="fill-track" />
        <rect width={`${Math.min(100, share * 100)}%`} height="4" rx="2" className={gaugeTone(share).bar} />
      </svg>
      <span className="w-8 text-right">{formatPercent(share)}</span>
    </span>
  );
}
