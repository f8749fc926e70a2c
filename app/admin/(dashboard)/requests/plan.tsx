'use client';
/** Who was a candidate, in which order, and why every other account was left out. */
import { formatPercent } from '../../../../lib/format.ts';
import type { Deciding, LeftOut, LeftOutReason, RoutePlan } from '../../../../lib/routing/plan.ts';
import type { RequestView } from '../../../../lib/wire/views.ts';
import { Swatch } from '../../../_components/account-mark.tsx';
import { gaugeTone } from '../../../_components/gauge.tsx';
import { STRATEGY_WORDS } from '../../../_components/strategy-words.ts';
import { useAccounts } from '../../../_data/resources.ts';

const DECIDED: Record<Deciding, string> = {
  hard_affinity: 'what it refers to is stored there',
  organization_affinity: 'its encrypted reasoning belongs to that organisation',
  session: 'this session is at home there',
  parent_session: 'the session it belongs to is at home there',
  strategy: '',
  only_candidate: 'no other account could take it',
  fixed_account: 'the client asked for it',
  none: 'no account could take it',
};

const LEFT_OUT: Record<LeftOutReason, string> = {
  disabled: 'switched off',
  quarantined: 'its row was changed outside this program',
  wrong_provider: 'another provider',
  model_not_in_scope: 'may not serve this model',
  model_unsupported: 'does not have this model',
  endpoint_unsupported: 'does not have this endpoint',
  limit_reached: 'at a limit you set',
  price_unknown: 'the price is unknown and it has a money limit',
  cooling_down: 'cooling down',
  breaker_open: 'failed several times in a row',
  full: 'as many calls as it may have at once',
  owned_elsewhere: 'what the call refers to is stored elsewhere',
  not_for_this_key: 'not for this client key',
};

const DECIDED_BY: Readonly<Record<string, string>> = {
  in_flight: 'calls under way',
  'header.requests': 'requests a minute',
  'header.tokens': 'tokens a minute',
  'day.cost': 'day budget',
  'month.cost': 'month budget',
};

export function Plan({ plan, call }: { plan: RoutePlan; call: RequestView }) {
  const { data: accounts } = useAccounts();
  const hue = (id: string) => accounts?.find((account) => account.id === id)?.hue ?? null;
  const verdict = (id: string) => {
    if (id === call.accountId) return 'took it';
    return call.attemptList.some((attempt) => attempt.accountId === id) ? 'tried' : '';
  };
  const because = DECIDED[plan.decidedBy] || `${STRATEGY_WORDS[plan.strategy].name.toLowerCase()} first`;
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
              </span>
            </span>
            <span className="text-11 text-fg-3">
              {candidate.decidedBy === null ? '' : (DECIDED_BY[candidate.decidedBy] ?? candidate.decidedBy)}
            </span>
            <Share share={candidate.utilization} />
          </li>
        ))}
      </ol>
      <p className="pt-2 text-12 text-fg-2">
        {plan.candidates[0] && (
          <>
            <bdi>{plan.candidates[0].name}</bdi> came first: {because}.
          </>
        )}
      </p>
      {plan.leftOut.length > 0 && (
        <ul className="grid gap-1 pt-2 text-12 text-fg-3">
          {plan.leftOut.map((out) => (
            <li key={out.accountId} className="flex items-center gap-2">
              <Swatch hue={hue(out.accountId)} />
              <bdi className="w-24 shrink-0 truncate">{out.name}</bdi>
              <span className="text-fg-2">Left out: {outWords(out)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const outWords = (out: LeftOut): string =>
  LEFT_OUT[out.reason] + (out.detail === null ? '' : ` (${out.detail})`);

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
