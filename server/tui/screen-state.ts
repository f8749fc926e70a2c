/** What the screen is about at the moment, and what of the data is then on it. */
import type { AccountView } from '../../lib/wire/account-views.ts';
import type { AuditRowView } from '../../lib/wire/audit-views.ts';
import type { Period, UsageKey } from '../../lib/wire/usage-views.ts';
import type { RequestRowView } from '../../lib/wire/views.ts';
import { type Line, lineOf, textOf } from './line-edit.ts';
import { type LogEntry, logOf } from './log-entries.ts';
import type { Message, Tab } from './tabs.ts';
import type { Shown, UsageShown } from './use-data.ts';

/** What the keys are for. */
export type Mode =
  | { readonly kind: 'look' }
  | { readonly kind: 'help' }
  | { readonly kind: 'filter' }
  | { readonly kind: 'command'; readonly line: Line }
  | { readonly kind: 'remove'; readonly account: AccountView; readonly line: Line }
  | { readonly kind: 'form'; readonly account: AccountView | null };

export const LOOK: Mode = { kind: 'look' };

/** A chosen row is followed by its name: others come in above it. Without a name it is the place that counts. */
interface Place {
  readonly index: number;
  readonly key: string | null;
}
const TOP: Place = { index: 0, key: null };

export interface ScreenState {
  readonly tab: Tab;
  readonly at: Readonly<Record<Tab, Place>>;
  readonly mode: Mode;
  readonly filter: Line;
  readonly message: Message | null;
  readonly period: Period;
  readonly by: UsageKey;
}

export const startState = (): ScreenState => ({
  tab: 'Accounts',
  at: { Accounts: TOP, Live: TOP, Usage: TOP, Log: TOP },
  mode: LOOK,
  filter: lineOf(''),
  message: null,
  period: 'month',
  by: 'account',
});

export interface OnScreen {
  readonly accounts: readonly AccountView[];
  readonly calls: readonly RequestRowView[];
  readonly entries: readonly LogEntry[];
  /** The names of the rows of the tab that is shown. */
  readonly keys: readonly string[];
  readonly selected: number;
  /** The account that keys are about; only its own tab has one. */
  readonly account: AccountView | undefined;
  /** What is filtered by; empty for nothing. */
  readonly wanted: string;
}

export function onScreen(
  { tab, at, filter }: ScreenState,
  shown: Shown | null,
  usage: UsageShown | null,
  deeds: readonly AuditRowView[] | null,
): OnScreen {
  const wanted = textOf(filter).trim().toLowerCase();
  const has = (...texts: readonly (string | null)[]): boolean =>
    wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted));
  const accounts = (shown?.accounts ?? []).filter(({ name, state, learned }) =>
    has(name, state.word.replaceAll('_', ' '), learned.organization),
  );
  const calls = (shown?.calls ?? []).filter((call) => {
    const { model, accountName, firstAccountName, clientName, errorCode, status } = call;
    return has(model, accountName, firstAccountName, clientName, errorCode, `${status ?? ''}`);
  });
  const entries = logOf(shown?.alerts ?? [], deeds ?? []).filter(({ what, who }) => has(what, who));
  const rows: Readonly<Record<Tab, readonly string[]>> = {
    Accounts: accounts.map(({ id }) => id),
    Live: calls.map(({ id }) => id),
    Usage: (usage?.breakdown.groups ?? []).map(({ key }) => key),
    Log: entries.map(({ key }) => key),
  };
  const keys = rows[tab];
  const { index, key } = at[tab];
  const found = key === null ? -1 : keys.indexOf(key);
  const selected = Math.max(0, Math.min(found < 0 ? index : found, keys.length - 1));
  return {
    accounts,
    calls,
    entries,
    keys,
    selected,
    account: tab === 'Accounts' ? accounts[selected] : undefined,
    wanted,
  };
}

/** The place of another row. The first is a place and no name: what comes in new is selected then. */
export function placeAt({ keys }: OnScreen, row: number): Place {
  const index = Math.max(0, Math.min(row, keys.length - 1));
  return { index, key: index === 0 ? null : (keys[index] ?? null) };
}
