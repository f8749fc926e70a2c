/**
 * Yesterday's calls through each strategy, by the simulator: who would have served, how many 429s would have been met,
 * and what it would have cost. In a thread of its own, and remembered while what it depends on stays the same.
 */
import type { Clock } from '../../../lib/base/time.ts';
import { ownAccounts } from '../../../lib/routing/simulate/own-pool.ts';
import type { SimulationResult } from '../../../lib/routing/simulate/tally.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { ReplayView } from '../../../lib/wire/route-views.ts';
import type { RecordedCallView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import type { Reader } from '../../db/reader.ts';
import { createLazyWorker } from '../../lazy-worker.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';
import type { ReplayQuestion } from './replay-worker.ts';

export interface ReplayDeps {
  readonly reader: Pick<Reader, 'run'>;
  readonly windows: LimitWindows;
  readonly settings: Pick<Settings, 'config'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly listAccounts: () => Promise<readonly AccountView[]>;
}

export interface Replays {
  replay(): Promise<ReplayView>;
  close(): Promise<void>;
}

const PAGE = 5_000;
/** More would take minutes: of a busier day its first so many calls are taken, and the answer says so. */
const CALLS_MAX = 20_000;
const IDLE_MS = 30_000;
const ANSWER_MS = 120_000;
/** Where no provider has told. */
const USUAL = { requests: 500, tokens: 500_000 } as const;

export function createReplays(deps: ReplayDeps): Replays {
  const file = import.meta.url.endsWith('.ts') ? './replay-worker.ts' : './replay-worker.js';
  const worker = createLazyWorker<ReplayQuestion, readonly SimulationResult[]>({
    url: new URL(file, import.meta.url),
    name: 'replay',
    idleMs: IDLE_MS,
    answerMs: ANSWER_MS,
  });
  let known: { readonly key: string; readonly view: Promise<ReplayView> } | null = null;

  return {
    async replay() {
      const { fromMs, toMs } = yesterdayOf(deps);
      const accounts = await deps.listAccounts();
      const own = ownAccounts(accounts);
      const { config } = deps.settings;
      const leftOut = own?.leftOut ?? accounts.map(({ name }) => name);
      const key = JSON.stringify([fromMs, config, own?.pool.known, leftOut]);
      if (known?.key === key) return known.view;
      const ask = async (): Promise<ReplayView> => {
        const { rows, more } = await rowsOf(deps.reader, fromMs, toMs);
        const about = { fromMs, toMs, calls: rows.length, partial: more, leftOut };
        if (own === null || rows.length === 0) return { ...about, results: [] };
        const results = await worker.ask({
          rows,
          pool: own.pool,
          config,
          requestsPerMinute: toldLimit(accounts, 'requests'),
          tokensPerMinute: toldLimit(accounts, 'tokens'),
        });
        return { ...about, results: results.map(toView) };
      };
      const view = ask();
      known = { key, view };
      view.catch(() => {
        if (known?.view === view) known = null;
      });
      return view;
    },
    close: () => worker.close(),
  };
}

function yesterdayOf({ windows, clock }: ReplayDeps): { readonly fromMs: number; readonly toMs: number } {
  return windows(windows(clock.nowMs(), 'day').fromMs - 1, 'day');
}

async function rowsOf(
  reader: ReplayDeps['reader'],
  fromMs: number,
  toMs: number,
): Promise<{ readonly rows: readonly RecordedCallView[]; readonly more: boolean }> {
  const rows: RecordedCallView[] = [];
  for (let after: { readonly startedAtMs: number; readonly id: string } | null = null; ; ) {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(reader, fromMs, after);
    for (const row of page.rows) {
      if (row.startedAtMs >= toMs) return { rows, more: false };
      if (rows.length === CALLS_MAX) return { rows, more: true };
      rows.push(row);
    }
    if (page.nextAfter === null) return { rows, more: false };
    after = page.nextAfter;
  }
}

const readPage = (
  reader: ReplayDeps['reader'],
  since: number,
  after: { readonly startedAtMs: number; readonly id: string } | null,
) => reader.run('requests.recorded', { since, after, limit: PAGE });

/** The middle one of what providers told of a minute: the simulator knows one limit for all. */
function toldLimit(accounts: readonly AccountView[], bucket: 'requests' | 'tokens'): number {
  const told = accounts
    .flatMap(({ headerLimits }) => headerLimits[bucket]?.limit ?? [])
    .sort((a, b) => a - b);
  return told[Math.floor(told.length / 2)] ?? USUAL[bucket];
}

function toView(result: SimulationResult): ReplayView['results'][number] {
  const { strategy, failed, rateLimited, cost, cachedShare } = result;
  const accounts = result.accounts.map(({ name, served, tokens }) => ({ name, served, tokens }));
  return { strategy, failed, rateLimited, cost, cachedShare, accounts };
}
