import { describe, expect, it } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import { briefPlan, KEPT_MAX } from '../../../lib/routing/brief-plan.ts';
import { makePlan } from '../../../lib/routing/make-plan.ts';
import type { RoutePlan } from '../../../lib/routing/plan.ts';
import { sayOmitted } from '../../../lib/routing/plan-words.ts';
import { input, upstream } from './fixtures.ts';

const many = (count: number, enabled: boolean) =>
  Array.from({ length: count }, (_, at) =>
    upstream(`${enabled ? 'well' : 'off'} ${at}`, {
      account: { enabled, id: accountId(`${enabled ? 'w' : 'o'}${at}`) },
    }),
  );
const planOf = (well: number, off: number): RoutePlan =>
  makePlan(input([...many(well, true), ...many(off, false)]));
const ids = (list: readonly { readonly accountId: string }[]): readonly string[] =>
  list.map(({ accountId: id }) => id);

describe('A plan that is kept with its call', () => {
  it('is kept whole while it is short', () => {
    const plan = planOf(KEPT_MAX, KEPT_MAX);
    expect(briefPlan(plan, new Set())).toBe(plan);
    expect(sayOmitted(plan)).toBeNull();
  });

  it('of a thousand accounts lists the first ones and counts the others by reason', () => {
    const plan = planOf(600, 400);
    const brief = briefPlan(plan, new Set());
    expect(brief.candidates).toEqual(plan.candidates.slice(0, KEPT_MAX));
    expect(brief.leftOut).toEqual(plan.leftOut.slice(0, KEPT_MAX));
    expect(brief.omitted).toEqual({ candidates: 536, leftOut: { disabled: 336 } });
    expect(JSON.stringify(brief).length).toBeLessThan(25_000);
    expect(sayOmitted(brief)).toBe('Not listed: 536 candidates; 336 left out: switched off.');
  });

  it('lists whoever was tried and the home of the conversation, wherever they stand', () => {
    const plan = planOf(600, 400);
    const tried = plan.candidates.at(-1)?.accountId ?? accountId('none');
    const home = plan.leftOut.at(-1)?.accountId ?? accountId('none');
    const brief = briefPlan({ ...plan, home }, new Set([tried]));
    expect(ids(brief.candidates)).toContain(tried);
    expect(ids(brief.leftOut)).toContain(home);
    expect(brief.omitted).toEqual({ candidates: 535, leftOut: { disabled: 335 } });
  });
});
