/**
 * While our own network is down nobody is dialled who is not on this machine: a call of which nothing was sent goes
 * to one that is, or is held until the network is back, bounded by what it may wait and, should the network come and
 * go, in how often.
 */
import type { Clock } from '../../lib/base/time.ts';
import type { Failure } from '../../lib/resilience/failure.ts';
import type { Candidate } from '../../lib/routing/plan.ts';
import type { Pool } from '../upstream/pool.ts';
import type { Visit } from './doorkeeper.ts';
import type { Journey } from './journey.ts';
import type { Search } from './seek-lease.ts';

export interface OutageDeps {
  readonly pool: Pick<Pool, 'cutOff' | 'networkSettled' | 'networkBack'>;
  readonly clock: Clock;
}

const OUTAGES_MAX = 3;

export function isUnsent({ class: failed, phase }: Pick<Failure, 'class' | 'phase'>): boolean {
  return phase === 'connect' && (failed === 'connect' || failed === 'proxy');
}

/** Whether our own network kept this account from being reached, waiting for the answer where that is in doubt. */
export async function isOurNetwork(
  { accountId }: Candidate,
  visit: Pick<Visit, 'signal'>,
  { pool }: Pick<OutageDeps, 'pool'>,
): Promise<boolean> {
  await pool.networkSettled(visit.signal);
  return pool.cutOff(accountId);
}

/** Whoever is next cannot be reached now. */
export function isHeldUp({ wanted }: Search, { pool }: Pick<OutageDeps, 'pool'>): boolean {
  return wanted !== null && pool.cutOff(wanted.accountId);
}

/** Somebody can be tried: one on this machine, or, once it is back, the plan anew from its first choice. */
export async function sitOut(
  search: Search,
  {
    journey,
    visit,
  }: {
    readonly journey: Pick<Journey, 'waitedMs' | 'attempts'>;
    readonly visit: Pick<Visit, 'signal' | 'over'>;
  },
  { pool, clock }: OutageDeps,
): Promise<boolean> {
  search.again = false;
  const here = search.plan.candidates.find(({ accountId: id }) => !search.tried.has(id) && !pool.cutOff(id));
  if (here !== undefined) {
    search.wanted = here;
    return true;
  }
  if (search.outages === OUTAGES_MAX) return false;
  search.outages++;
  const startedMs = clock.monotonicMs();
  const back = await pool.networkBack(search.waitLeftMs, visit.signal);
  const waitedMs = clock.monotonicMs() - startedMs;
  journey.waitedMs += waitedMs;
  search.waitLeftMs -= waitedMs;
  search.tried.clear();
  search.unsent = journey.attempts.filter(({ failure }) => failure !== null && isUnsent(failure)).length;
  search.wanted = search.plan.candidates[0] ?? null;
  return back && !visit.over;
}
