/** The terminal's face of the program: four tabs over the same API as the browser. */
import { Box, useApp, usePaste, useWindowSize } from 'ink';
import type { AccountView } from '../../lib/wire/account-views.ts';
import type { Period, UsageKey } from '../../lib/wire/usage-views.ts';
import { adminError } from '../cli/client.ts';
import type { Connection } from '../cli/connection.ts';
import { AccountForm } from './account-form.tsx';
import { AccountsTab } from './accounts-tab.tsx';
import { createActs } from './acts.ts';
import { Foot } from './foot.tsx';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { type Line, lineOf, pressed, textOf, typed } from './line-edit.ts';
import { LiveTab } from './live-tab.tsx';
import { LogTab } from './log-tab.tsx';
import { LOOK, type Mode, type OnScreen, onScreen, placeAt, startState } from './screen-state.ts';
import { type Message, TABS, type Tab } from './tabs.ts';
import { UsageTab } from './usage-tab.tsx';
import { askAll, askDeeds, askUsage, useFresh } from './use-data.ts';
import { useHeld } from './use-held.ts';
import { useKeys } from './use-keys.ts';

const PERIODS: readonly Period[] = ['today', '7d', '30d', 'month', 'last_month'];
const USAGE_KEYS: readonly UsageKey[] = ['account', 'model', 'client', 'endpoint'];
const next = <T,>(all: readonly T[], one: T): T => all[(all.indexOf(one) + 1) % all.length] ?? one;

export function App({ connection }: { connection: Connection }) {
  const { exit, suspendTerminal } = useApp();
  const { columns, rows } = useWindowSize();
  const held = useHeld(startState);
  const { now, set } = held;
  const { tab, mode, filter, message, period, by } = now();

  const ask = <T,>(use: (api: Connection['open']) => Promise<T>): Promise<T> => use(connection.open);
  const act = createActs(ask);
  const fresh = useFresh('all', () => ask(askAll));
  const usage = useFresh(tab === 'Usage' ? `${period} ${by}` : null, () =>
    ask((api) => askUsage(api, period, by)),
  );
  const deeds = useFresh(tab === 'Log' ? 'deeds' : null, () => ask(askDeeds));
  const here = (): OnScreen => onScreen(now(), fresh.data, usage.data, deeds.data);
  const { accounts, calls, entries, selected, wanted } = here();

  const setMode = (to: Mode): void => set({ mode: to });
  const setTab = (to: Tab): void => set({ tab: to });
  const setMessage = (to: Message | null): void => set({ message: to });
  const said = (text: string): void => setMessage({ text, bad: false });
  const failed = (thrown: unknown): void => {
    const { message: why, hint } = adminError(thrown);
    setMessage({ text: hint ? `${why} ${hint}` : why, bad: true });
  };
  const done = (work: Promise<string>, meanwhile: string): void => {
    said(meanwhile);
    work.then((text) => {
      said(text);
      fresh.again();
    }, failed);
  };
  const signIn = (): void => {
    suspendTerminal(async () => {
      await connection.signIn();
    }).then(() => {
      said('Signed in.');
      fresh.again();
    }, failed);
  };
  const ofAccount = (work: (one: AccountView) => void, named?: string): void => {
    const all = fresh.data?.accounts ?? [];
    const one =
      named === undefined
        ? here().account
        : all.find(({ name }) => name.toLowerCase() === named.toLowerCase());
    if (one !== undefined) work(one);
    else {
      const text = named === undefined ? 'No account is selected.' : `There is no account ${named}.`;
      setMessage({ text, bad: true });
    }
  };
  const toggle = (one: AccountView): void => done(act.toggle(one), '…');
  const test = (one: AccountView): void => done(act.test(one), `Asking about ${one.name}…`);
  const refresh = (one: AccountView): void => done(act.refresh(one), `Asking the provider of ${one.name}…`);
  const remove = (one: AccountView): void => setMode({ kind: 'remove', account: one, line: lineOf('') });
  const edit = (one: AccountView): void => setMode({ kind: 'form', account: one });

  const add = (): void => setMode({ kind: 'form', account: null });
  const help = (): void => setMode({ kind: 'help' });
  const switched =
    (on: boolean) =>
    (one: AccountView): void => {
      if (one.enabled === on) said(`${one.name} is ${on ? 'enabled' : 'disabled'} already.`);
      else toggle(one);
    };

  const command = (text: string): void => {
    const [verb = '', ...rest] = text.trim().split(/\s+/);
    const named = rest.join(' ') || undefined;
    const place = TABS.find((one) => one.toLowerCase() === verb);
    const commands: Readonly<Record<string, () => void>> = {
      q: exit,
      quit: exit,
      add,
      edit: () => ofAccount(edit, named),
      test: () => ofAccount(test, named),
      refresh: () => ofAccount(refresh, named),
      remove: () => ofAccount(remove, named),
      enable: () => ofAccount(switched(true), named),
      disable: () => ofAccount(switched(false), named),
      filter: () => set({ filter: lineOf(named ?? '') }),
      lock: () => done(act.lock(), '…'),
      unlock: signIn,
      help,
    };
    const run = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
    if (place !== undefined) setTab(place);
    else if (run !== undefined) run();
    else if (verb !== '') setMessage({ text: `There is no command ${verb}; ? lists them.`, bad: true });
  };

  const look = (input: string, move: number | null): void => {
    const ofTab: Readonly<Record<Tab, Readonly<Record<string, () => void>>>> = {
      Accounts: {
        a: add,
        e: () => ofAccount(edit),
        d: () => ofAccount(remove),
        ' ': () => ofAccount(toggle),
        t: () => ofAccount(test),
        r: () => ofAccount(refresh),
      },
      Live: {},
      Usage: {
        b: () => set({ by: next(USAGE_KEYS, now().by) }),
        p: () => set({ period: next(PERIODS, now().period) }),
      },
      Log: {},
    };
    const everywhere: Readonly<Record<string, () => void>> = {
      q: exit,
      '?': help,
      '/': () => setMode({ kind: 'filter' }),
      ':': () => setMode({ kind: 'command', line: lineOf('') }),
      u: signIn,
    };
    const place = TABS[Number(input) - 1];
    setMessage(null);
    const shown = now().tab;
    if (move !== null) {
      const screen = here();
      set({ at: { ...now().at, [shown]: placeAt(screen, screen.selected + move) } });
    } else if (place !== undefined) setTab(place);
    else (ofTab[shown][input] ?? everywhere[input])?.();
  };

  const list = Math.max(3, rows - 8);
  const answered = (prompt: Extract<Mode, { line: Line }>): void => {
    const text = textOf(prompt.line).trim();
    setMode(LOOK);
    if (prompt.kind === 'command') command(text);
    else if (/^y(es)?$/i.test(text)) done(act.remove(prompt.account), '…');
    else said(`${prompt.account.name} stays.`);
  };
  useKeys((input, key) => {
    const { mode: is, filter: line, tab: shown } = now();
    if (is.kind === 'form') return;
    if (key.ctrl && input === 'c') exit();
    else if (is.kind === 'help') setMode(LOOK);
    else if (is.kind === 'filter') {
      if (key.escape) set({ filter: lineOf('') });
      if (key.escape || key.return) setMode(LOOK);
      else set({ filter: pressed(line, input, key) ?? line });
    } else if (is.kind === 'command' || is.kind === 'remove') {
      if (key.escape) setMode(LOOK);
      else if (key.return) answered(is);
      else setMode({ ...is, line: pressed(is.line, input, key) ?? is.line });
    } else if (key.escape) set({ filter: lineOf(''), message: null });
    else if (key.tab) setTab(next(key.shift ? TABS.toReversed() : TABS, shown));
    else look(input, moveOf(input, key, list));
  });
  usePaste(
    (text) => {
      const { mode: is, filter: line } = now();
      if (is.kind === 'filter') set({ filter: typed(line, text) });
      else if (is.kind === 'command') setMode({ ...is, line: typed(is.line, text) });
    },
    { isActive: mode.kind === 'filter' || mode.kind === 'command' },
  );

  const nowMs = fresh.data?.status.nowMs ?? Date.now();
  const body = rows - 3;
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Header fresh={fresh} tab={tab} columns={columns} local={connection.via === 'in_process'} />
      <Box flexDirection="column" height={body} flexShrink={0} overflow="hidden">
        {mode.kind === 'help' ? (
          <Help />
        ) : mode.kind === 'form' ? (
          <AccountForm
            account={mode.account}
            act={act}
            columns={columns}
            onCancel={() => setMode(LOOK)}
            onDone={(text) => {
              setMode(LOOK);
              said(text);
              fresh.again();
            }}
          />
        ) : tab === 'Accounts' ? (
          <AccountsTab
            {...{ fresh, accounts, calls, selected, nowMs, columns, rows: body, filtered: wanted !== '' }}
          />
        ) : tab === 'Live' ? (
          <LiveTab {...{ fresh, calls, selected, ask, columns, rows: body, filtered: wanted !== '' }} />
        ) : tab === 'Usage' ? (
          <UsageTab {...{ usage, by, period, selected, columns, rows: body }} />
        ) : (
          <LogTab {...{ entries, problem: deeds.problem, selected, columns, rows: body }} />
        )}
      </Box>
      <Foot
        prompt={
          mode.kind === 'filter'
            ? { label: '/', line: filter }
            : mode.kind === 'command'
              ? { label: ':', line: mode.line }
              : mode.kind === 'remove'
                ? { label: `Remove ${mode.account.name} and its key? Type y: `, line: mode.line }
                : null
        }
        filter={wanted}
        message={message}
        problem={fresh.problem}
        tab={tab}
        columns={columns}
      />
    </Box>
  );
}

interface MoveKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly pageUp: boolean;
  readonly pageDown: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly ctrl: boolean;
}

/** How many rows down; null for what moves nothing. */
function moveOf(input: string, key: MoveKey, page: number): number | null {
  if (key.downArrow || input === 'j') return 1;
  if (key.upArrow || input === 'k') return -1;
  if (key.pageDown || (key.ctrl && input === 'd')) return page;
  if (key.pageUp || (key.ctrl && input === 'u')) return -page;
  if (key.home || input === 'g') return -FAR;
  if (key.end || input === 'G') return FAR;
  return null;
}
const FAR = 1_000_000;
