'use client';
/** Only when it is needed: what happened, what was done about it, and when it ends. */
import { ArrowRight, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { AccountView } from '../../../../lib/wire/account-views.ts';
import type { AlertView } from '../../../../lib/wire/alert-views.ts';
import type { UsageSummaryView } from '../../../../lib/wire/views.ts';
import { GROUP_OF, needsAttention, STATE_WORDS } from '../../../_components/account-words.ts';
import { RANGE_WORDS } from '../../../_components/range-pick.tsx';
import { Until } from '../../../_components/times.tsx';
import { useLink, useTick } from '../../../_data/live.tsx';
import { useAlerts, useClientKeys } from '../../../_data/resources.ts';

export interface AttentionProps {
  readonly accounts: readonly AccountView[] | undefined;
  readonly usage: UsageSummaryView | undefined;
}

export function AttentionStrip({ accounts, usage }: AttentionProps) {
  const { phase, nextTryAtMs, tryNow } = useLink();
  const network = useTick()?.network;
  const { data: keys } = useClientKeys();
  const { data: alerts } = useAlerts();
  const unwell = accounts?.filter(needsAttention) ?? [];
  const [first] = [...unwell].sort((a, b) => (a.state.untilMs ?? Infinity) - (b.state.untilMs ?? Infinity));
  if (phase === 'offline') {
    return (
      <Strip
        tone="bad"
        title="The server stopped answering."
        way={
          <button type="button" className={WAY} onClick={tryNow}>
            Try now <ArrowRight size={13} aria-hidden="true" />
          </button>
        }
      >
        Clients cannot connect either. {nextTryAtMs !== null && 'It is tried again by itself; '}
        start it with <code className="font-mono text-12">npm start</code>.
      </Strip>
    );
  }
  if (network === 'unreachable') {
    return (
      <Strip tone="bad" title="This machine is offline.">
        No provider can be reached. Accounts are not blamed for it; calls go through as soon as the network is
        back.
      </Strip>
    );
  }
  if (first) return <AccountTrouble account={first} all={unwell} accounts={accounts ?? []} usage={usage} />;
  const alert = gravest(alerts ?? []);
  if (alert) {
    return (
      <Strip
        tone={alert.severity}
        title={ALERT_TITLES[alert.kind] ?? 'Good to know.'}
        way={<Way href="/admin/requests">Requests</Way>}
      >
        {alert.text}
      </Strip>
    );
  }
  if (keys && accounts && accounts.length > 0 && !keys.some(({ revokedAtMs }) => revokedAtMs === null)) {
    return (
      <Strip tone="warn" title="No client key yet." way={<Way href="/admin/clients?new=1">Make one</Way>}>
        Calls are answered 401 until there is one.
      </Strip>
    );
  }
  return null;
}

const ALERT_TITLES: Readonly<Record<string, string>> = {
  limit_used: 'A limit is running out.',
  limit_forecast: 'A limit will run out.',
  error_rate: 'Many calls fail.',
  unusual_spend: 'An unusual day.',
};

/** Of what holds and is not about an account's health, which has a strip of its own: the worst, then the newest. */
function gravest(alerts: readonly AlertView[]): AlertView | undefined {
  const open = alerts.filter(
    ({ endedAtMs, kind }) => endedAtMs === null && Object.hasOwn(ALERT_TITLES, kind),
  );
  return open.find(({ severity }) => severity === 'bad') ?? open[0];
}

function AccountTrouble(props: {
  account: AccountView;
  all: readonly AccountView[];
  accounts: readonly AccountView[];
  usage: UsageSummaryView | undefined;
}) {
  const { account, all, accounts, usage } = props;
  const serving = accounts.filter(({ state }) => GROUP_OF[state.word] === 'serving').length;
  const byHand = GROUP_OF[account.state.word] === 'broken';
  return (
    <Strip
      tone="bad"
      title={
        <>
          <bdi>{account.name}</bdi>: {STATE_WORDS[account.state.word].label.toLowerCase()}
          {all.length > 1 && `, and ${all.length - 1} more`}.
        </>
      }
      way={
        byHand ? (
          <Way href={`/admin/accounts?edit=${account.id}`}>Mend it</Way>
        ) : (
          <Way href={`/admin/requests?account=${account.id}`}>See its requests</Way>
        )
      }
    >
      {account.state.reason} {serving === 0 ? 'No account can serve now.' : usage && movedWords(usage)}{' '}
      {account.state.untilMs !== null && (
        <>
          <Until atMs={account.state.untilMs} word="Back in" due="Back now" late="Was due back at" />.
        </>
      )}
    </Strip>
  );
}

function movedWords({ totals, range }: UsageSummaryView): string {
  if (totals.movedCalls === 0) return '';
  const failed = totals.failed === 0 ? 'none failed' : `${totals.failed} failed`;
  const calls = totals.movedCalls === 1 ? '1 call' : `${totals.movedCalls} calls`;
  return `${calls} moved to other accounts in ${RANGE_WORDS[range]}; ${failed}.`;
}

const WAY =
  'hit inline-flex shrink-0 items-center gap-1.5 text-12 font-medium text-acc-text underline-offset-2 hover:underline';

function Way({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className={WAY}>
      <span className="max-sm:sr-only">{children}</span>
      <ArrowRight size={13} aria-hidden="true" />
    </Link>
  );
}

function Strip(props: { tone: 'bad' | 'warn'; title: ReactNode; way?: ReactNode; children: ReactNode }) {
  const look = props.tone === 'bad' ? 'bg-bad-soft text-bad-text' : 'bg-warn-soft text-warn-text';
  return (
    <section
      aria-label="Needs attention"
      className="card mb-4 flex min-h-11.5 items-center gap-3 px-3 py-2 sm:pr-4"
    >
      <span className={`grid size-6 shrink-0 place-items-center rounded-inner max-sm:self-start ${look}`}>
        <TriangleAlert size={14} strokeWidth={1.75} aria-hidden="true" />
      </span>
      <p className="min-w-0 flex-1 text-pretty text-fg-2">
        <b className="font-medium text-fg">{props.title}</b> {props.children}
      </p>
      {props.way}
    </section>
  );
}
