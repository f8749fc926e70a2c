/** An account's state as people read it: the word, its tone, and whether somebody should look. */
import type { AccountStateWord, AccountView } from '../../lib/wire/account-views.ts';
import type { Tone } from './state-pill.tsx';

export const STATE_WORDS: Record<AccountStateWord, { readonly label: string; readonly tone: Tone }> = {
  healthy: { label: 'Healthy', tone: 'ok' },
  cooling_down: { label: 'Cooling down', tone: 'bad' },
  out_of_quota: { label: 'Out of quota', tone: 'bad' },
  near_limit: { label: 'Near limit', tone: 'warn' },
  limit_reached: { label: 'Limit reached', tone: 'warn' },
  unwell: { label: 'Unwell', tone: 'bad' },
  paused: { label: 'Paused', tone: 'idle' },
  credential_refused: { label: 'Key refused', tone: 'bad' },
  quarantined: { label: 'Quarantined', tone: 'bad' },
  disabled: { label: 'Disabled', tone: 'idle' },
  unused: { label: 'Ready', tone: 'idle' },
};

/** The groups of the filter on the accounts page; every state is in exactly one. */
export type AccountGroup = 'serving' | 'cooling' | 'limited' | 'disabled' | 'broken';

export const GROUP_OF: Record<AccountStateWord, AccountGroup> = {
  healthy: 'serving',
  unused: 'serving',
  near_limit: 'serving',
  cooling_down: 'cooling',
  unwell: 'cooling',
  out_of_quota: 'limited',
  limit_reached: 'limited',
  paused: 'disabled',
  disabled: 'disabled',
  credential_refused: 'broken',
  quarantined: 'broken',
};

export const GROUP_NAMES: readonly (readonly [AccountGroup, string])[] = [
  ['serving', 'Serving'],
  ['cooling', 'Cooling down'],
  ['limited', 'At a limit'],
  ['disabled', 'Disabled'],
  ['broken', 'Broken'],
];

export function needsAttention(account: AccountView): boolean {
  return STATE_WORDS[account.state.word].tone === 'bad';
}

/** `3 serving · 1 cooling down`, leaving out what there is none of. */
export function groupSummary(accounts: readonly AccountView[]): string {
  return GROUP_NAMES.map(([group, name]) => ({
    name: name.toLowerCase(),
    count: accounts.filter((account) => GROUP_OF[account.state.word] === group).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`)
    .join(' · ');
}
