/** An account as people see it: its row, how it is right now, and what it was used for. */
import type { AccountFacts } from '../../../lib/accounts/account.ts';
import { LIMIT_WINDOWS, type LimitSet, type WindowUses } from '../../../lib/metering/limit.ts';
import { limitGroupOf } from '../../../lib/routing/limit-group.ts';
import { holds } from '../../../lib/routing/mark-key.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import type { AccountView, LimitUseView } from '../../../lib/wire/account-views.ts';
import type { AccountActivity } from '../../db/activity.ts';
import type { LimitBook } from '../../db/ledger.ts';
import type { AccountRow } from '../../db/schema.ts';
import { accountOf } from './account-row.ts';
import { accountState } from './account-state.ts';
import { modelTroubles } from './account-troubles.ts';
import { hex } from './duplicates.ts';
import type { LimitWindows } from './limit-windows.ts';

const FINGERPRINT_SHOWN = 8;
const KINDS = ['requests', 'tokens', 'cost'] as const;

export interface ViewParts {
  readonly row: AccountRow;
  readonly hue: number;
  readonly upstream: Upstream;
  /** All of them, for who shares limits with whom. */
  readonly upstreams: readonly Upstream[];
  readonly figures: AccountActivity;
  readonly windows: LimitWindows;
  readonly limitBook: Pick<LimitBook, 'uses' | 'reserved'>;
  readonly nowMs: number;
}

export function accountView(parts: ViewParts): AccountView {
  const { row, upstream, figures, windows, nowMs } = parts;
  const { account, facts } = { account: accountOf(row), facts: upstream.facts };
  return {
    ...account,
    keyLastFour: row.key_last_four,
    keyFingerprint:
      row.key_fingerprint === null ? null : hex(row.key_fingerprint).slice(0, FINGERPRINT_SHOWN),
    hue: parts.hue,
    state: accountState(upstream, (window) => windows(nowMs, window).toMs, nowMs),
    inFlight: upstream.inFlight,
    learned: learnedView(facts),
    sharesLimitsWith: sharesLimitsWith(upstream, parts.upstreams),
    headerLimits: upstream.headerLimits,
    limitUse: limitUse(
      account.limits,
      parts.limitBook.uses(account.id),
      parts.limitBook.reserved(account.id),
      (window) => windows(nowMs, window).toMs,
    ),
    today: figures.today,
    heartbeat: figures.heartbeat,
    p95Ms: figures.p95Ms,
    marks: upstream.marks.filter((mark) => holds(mark, nowMs)),
    modelTroubles: modelTroubles(upstream, nowMs),
    lastUsedAtMs: later(upstream.lastUsedAtMs, figures.lastUsedAtMs),
  };
}

/** The pool knows of calls that are not in the ledger yet, the ledger of those before the last start. */
function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

function learnedView(facts: AccountFacts): AccountView['learned'] {
  const { organization, project, modelIds, checkedAtMs } = facts;
  return { organization, project, modelIds, checkedAtMs };
}

/** Accounts of one bucket: when one meets a 429, the others are no help. */
function sharesLimitsWith(self: Upstream, all: readonly Upstream[]): string[] {
  const group = limitGroupOf(self);
  return all
    .filter((other) => other.account.id !== self.account.id && limitGroupOf(other) === group)
    .map(({ account }) => account.name);
}

/** One entry for each limit that is set. */
function limitUse(
  limits: LimitSet,
  uses: WindowUses,
  reserved: WindowUses,
  resetsAtMs: (window: 'day' | 'month') => number,
): LimitUseView[] {
  return LIMIT_WINDOWS.flatMap((window) =>
    KINDS.flatMap((kind) => {
      const limit = limits[window]?.[kind];
      if (limit === undefined) return [];
      return [
        {
          window,
          kind,
          limit,
          used: uses[window][kind],
          reserved: reserved[window][kind],
          resetsAtMs: resetsAtMs(window),
        },
      ];
    }),
  );
}
