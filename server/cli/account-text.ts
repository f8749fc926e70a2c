/** How accounts are put into words for people at a terminal. */
import { formatCountdown } from '../../lib/format.ts';
import type {
  AccountCheckView,
  AccountStateView,
  AccountStateWord,
  AccountView,
} from '../../lib/wire/account-views.ts';
import type { Cell } from './table.ts';
import { printable, type Style, type Terminal } from './terminal.ts';

const STATES: Record<AccountStateWord, readonly [string, Style | null]> = {
  healthy: ['healthy', 'ok'],
  unused: ['unused', 'dim'],
  near_limit: ['near limit', 'warn'],
  cooling_down: ['cooling down', 'warn'],
  limit_reached: ['limit reached', 'warn'],
  out_of_quota: ['out of quota', 'bad'],
  unwell: ['unwell', 'bad'],
  paused: ['paused', 'dim'],
  disabled: ['disabled', 'dim'],
  credential_refused: ['key refused', 'bad'],
  quarantined: ['quarantined', 'bad'],
};

export function stateCell(state: AccountStateView): Cell {
  const [text, style] = STATES[state.word];
  return style === null ? { text } : { text, style };
}

export function keyText(account: Pick<AccountView, 'keyLastFour'>): string {
  return account.keyLastFour === null ? '•••' : `…${account.keyLastFour}`;
}

export function modelsText(patterns: readonly string[]): string {
  return patterns.length === 0 ? 'all' : patterns.join(', ');
}

/** What the check said, and what it learned, on stderr; the data went to stdout. */
export function sayCheck(terminal: Terminal, check: AccountCheckView): void {
  terminal.say(check.message);
  if (check.verdict === 'skipped') return;
  const learned = [
    check.modelIds === null ? null : `${check.modelIds.length} models`,
    check.organization === null ? null : `organisation ${check.organization}`,
    check.project === null ? null : `project ${check.project}`,
  ].filter((part) => part !== null);
  if (learned.length > 0) terminal.say(`Learned: ${learned.join(', ')}.`);
}

/** An account's name as an argument of another command. */
export function argumentText(name: string): string {
  return /^[\p{L}\p{N}_.-]+$/u.test(name) ? name : `"${printable(name)}"`;
}

/** How long a state lasts, where that is known. */
export function untilText(state: AccountStateView, nowMs: number): string {
  return state.untilMs === null || state.untilMs <= nowMs ? '' : formatCountdown(state.untilMs - nowMs);
}
