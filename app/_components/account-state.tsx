'use client';
/** An account's state over what that means right now, in a few words; the whole reason is one hover away. */
import type { AccountView } from '../../lib/wire/account-views.ts';
import { STATE_WORDS } from './account-words.ts';
import { Pill } from './state-pill.tsx';
import { Until } from './times.tsx';

export function AccountPill({ account }: { account: AccountView }) {
  const { label, tone } = STATE_WORDS[account.state.word];
  return <Pill tone={tone}>{label}</Pill>;
}

export function AccountMeaning({ account }: { account: AccountView }) {
  const { word, untilMs, reason } = account.state;
  return (
    <span title={reason ?? undefined}>
      {reason !== null && <span className="sr-only">{reason} </span>}
      <span aria-hidden={reason !== null}>
        <Meaning account={account} word={word} untilMs={untilMs} />
      </span>
    </span>
  );
}

function Meaning({
  account,
  word,
  untilMs,
}: {
  account: AccountView;
  word: AccountView['state']['word'];
  untilMs: number | null;
}) {
  switch (word) {
    case 'cooling_down':
      return untilMs === null ? (
        '429'
      ) : (
        <>
          429 · <Until atMs={untilMs} word="back in" due="back now" />
        </>
      );
    case 'out_of_quota':
      return untilMs === null ? 'No credit' : <Until atMs={untilMs} word="asked again in" />;
    case 'limit_reached':
      return untilMs === null ? 'Your limit' : <Until atMs={untilMs} word="resets in" due="resets now" />;
    case 'unwell':
      return untilMs === null ? (
        'Next call tries it'
      ) : (
        <Until atMs={untilMs} word="tried in" due="next call tries it" />
      );
    case 'near_limit':
      return nearest(account);
    case 'credential_refused':
      return 'Replace the key';
    case 'quarantined':
      return 'Changed outside';
    case 'disabled':
      return 'Switched off';
    case 'paused':
      return 'Paused by hand';
    case 'unused':
      return 'No call yet';
    case 'healthy':
      return `${account.inFlight} in flight`;
  }
}

function nearest(account: AccountView): string {
  const [top] = account.limitUse
    .map((use) => ({ use, share: use.used / use.limit }))
    .sort((a, b) => b.share - a.share);
  if (!top || top.share < 0.75) return 'At the provider’s limit';
  const what = { cost: 'budget', tokens: 'tokens', requests: 'requests' }[top.use.kind];
  return `${Math.floor(top.share * 100)}% of ${top.use.window} ${what}`;
}
