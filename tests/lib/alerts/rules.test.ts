import { describe, expect, it } from 'vitest';
import { type Condition, compareAlerts } from '../../../lib/alerts/condition.ts';
import { type AlertFacts, conditionsOf, type LimitFact } from '../../../lib/alerts/rules.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import { type Config, defaultConfig } from '../../../lib/config.ts';

const NOW = Date.UTC(2026, 10, 18, 12);
const DAY = Date.UTC(2026, 10, 18);
const DOLLAR = 1_000_000_000;
const CALM: AlertFacts = {
  nowMs: NOW,
  accounts: [{ id: 'a1', name: 'Work', out: null, coolingSinceMs: null }],
  limits: [],
  recent: { asked: 0, failed: 0 },
  spending: { dayFromMs: DAY, today: 0, dearestDay: null },
};
const limit = (over: Partial<LimitFact>): LimitFact => ({
  holder: { kind: 'account', id: 'a1', name: 'Work' },
  window: 'day',
  amount: 'cost',
  limit: 10 * DOLLAR,
  used: 0,
  windowFromMs: DAY,
  runsOutMs: null,
  endMs: DAY + DAY_MS,
  ...over,
});
const settings = (over: Partial<Config['alerts']> = {}) => ({
  alerts: { ...defaultConfig().alerts, ...over },
});
const found = (facts: Partial<AlertFacts>, over: Partial<Config['alerts']> = {}) =>
  conditionsOf({ ...CALM, ...facts }, settings(over));
const raised = (facts: Partial<AlertFacts>, over: Partial<Config['alerts']> = {}) =>
  compareAlerts(found(facts, over), [], NOW).raise.map(({ kind, text }) => [kind, text]);

describe('Something that somebody should know of', () => {
  it('is nothing while all is well', () => {
    expect(found({})).toEqual([]);
    expect(found({ limits: [limit({ used: 7.4 * DOLLAR })] })).toEqual([]);
  });

  it('is each share of a limit, of which the highest is told', () => {
    expect(raised({ limits: [limit({ used: 7.5 * DOLLAR })] })).toEqual([
      ['limit_used', '75% of a limit is used: Work ($7.50 of $10.00 a day).'],
    ]);
    expect(raised({ limits: [limit({ used: 9.5 * DOLLAR })] })).toEqual([
      ['limit_used', '90% of a limit is used: Work ($9.50 of $10.00 a day).'],
    ]);
    expect(raised({ limits: [limit({ used: 10 * DOLLAR })] })[0]?.[1]).toContain('A limit is reached');
    const key = limit({
      holder: { kind: 'client', id: 'c1', name: 'laptop' },
      amount: 'requests',
      limit: 20,
      used: 18,
    });
    expect(raised({ limits: [key] })[0]?.[1]).toBe(
      '90% of a limit is used: the client key laptop (18 requests of 20 requests a day).',
    );
    expect(found({ limits: [limit({ used: 10 * DOLLAR })] }, { limit_shares: [] })).toEqual([]);
  });

  it('is a limit that will be reached, while no share of it is', () => {
    const soon = { runsOutMs: NOW + 3 * HOUR_MS };
    expect(raised({ limits: [limit({ used: DOLLAR, ...soon })] })).toEqual([
      [
        'limit_forecast',
        'A limit will be reached in about 3h if this goes on: Work ($1.00 of $10.00 a day).',
      ],
    ]);
    expect(raised({ limits: [limit({ used: 8 * DOLLAR, ...soon })] }).map(([kind]) => kind)).toEqual([
      'limit_used',
    ]);
    expect(found({ limits: [limit({ used: DOLLAR, ...soon })] }, { forecast: false })).toEqual([]);
  });

  it('is an account that is out, or was kept from calls for long', () => {
    const account = { id: 'a1', name: 'Work', out: null, coolingSinceMs: NOW - 14 * MINUTE_MS };
    expect(found({ accounts: [account] })).toEqual([]);
    const longer = { ...account, coolingSinceMs: NOW - 16 * MINUTE_MS };
    expect(raised({ accounts: [longer] })[0]?.[1]).toContain('Work has been left alone for 16m');
    expect(found({ accounts: [longer] }, { cooling_minutes: 0 })).toEqual([]);
    expect(raised({ accounts: [{ ...longer, out: 'its key was refused.' }] })).toEqual([
      ['account_out', 'Work serves no calls any more: its key was refused.'],
    ]);
  });

  it('is a rate of errors, once there are calls enough to tell one', () => {
    expect(found({ recent: { asked: 19, failed: 19 } })).toEqual([]);
    expect(found({ recent: { asked: 100, failed: 19 } })).toEqual([]);
    expect(raised({ recent: { asked: 100, failed: 20 } })[0]?.[1]).toContain('20% of the calls');
    expect(found({ recent: { asked: 100, failed: 100 } }, { error_share: 0 })).toEqual([]);
  });

  it('is a day much dearer than others, which is not known of the first days or of cents', () => {
    const spending = (today: number | null, dearestDay: number | null) => ({
      spending: { dayFromMs: DAY, today, dearestDay },
    });
    expect(raised(spending(20 * DOLLAR, 10 * DOLLAR))[0]?.[1]).toBe(
      'Today has cost $20.00, and the dearest of the last 14 days $10.00.',
    );
    expect(found(spending(19 * DOLLAR, 10 * DOLLAR))).toEqual([]);
    expect(found(spending(500 * DOLLAR, null))).toEqual([]);
    expect(found(spending(null, 1))).toEqual([]);
    expect(found(spending(0.9 * DOLLAR, 0.01 * DOLLAR))).toEqual([]);
  });
});

describe('Alerts beside how things are', () => {
  const one = (over: Partial<Condition> = {}): Condition => ({
    key: 'k',
    kind: 'error_rate',
    severity: 'bad',
    text: '',
    accountId: null,
    clientKeyId: null,
    oncePerPeriod: false,
    ...over,
  });
  const stored = (endedAtMs: number | null) => [{ id: 7, key: 'k', endedAtMs }];

  it('are raised once, and end when what they are about is over', () => {
    expect(compareAlerts([one()], [], NOW)).toEqual({ raise: [one()], end: [] });
    expect(compareAlerts([one()], stored(null), NOW)).toEqual({ raise: [], end: [] });
    expect(compareAlerts([], stored(null), NOW)).toEqual({ raise: [], end: [7] });
    expect(compareAlerts([], stored(NOW - 1), NOW)).toEqual({ raise: [], end: [] });
  });

  it('are not raised each time by what comes and goes, and in a period only once', () => {
    expect(compareAlerts([one()], stored(NOW - 14 * MINUTE_MS), NOW).raise).toEqual([]);
    expect(compareAlerts([one()], stored(NOW - 15 * MINUTE_MS), NOW).raise).toHaveLength(1);
    expect(compareAlerts([one({ oncePerPeriod: true })], stored(NOW - DAY_MS), NOW).raise).toEqual([]);
  });

  it('are kept up by what is not worth raising itself', () => {
    expect(compareAlerts([one({ quiet: true })], stored(null), NOW)).toEqual({ raise: [], end: [] });
    expect(compareAlerts([one({ quiet: true })], [], NOW).raise).toEqual([]);
  });
});
