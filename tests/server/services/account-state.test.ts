/** One word for what an account is doing: the most serious thing wins. */
import { describe, expect, it } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import type { Cooldown } from '../../../lib/resilience/cooldown.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import { accountState } from '../../../server/services/accounts/account-state.ts';

const NOW = 1_800_000_000_000;
const NONE = { requests: 0, tokens: 0, cost: nanoDollars(0) };
const healthy: Upstream = {
  account: {
    id: accountId('01997a00-0000-7000-8000-000000000001'),
    name: 'Work',
    provider: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    allowLocal: false,
    organizationId: null,
    projectId: null,
    models: [],
    priority: 100,
    weight: 1,
    enabled: true,
    limits: {},
    priceMultiplier: 1,
    createdAtMs: NOW,
  },
  facts: { organization: null, project: null, modelIds: null, checkedAtMs: null },
  intact: true,
  credentialRefused: null,
  breakers: {},
  cooldowns: {},
  marks: [],
  inFlight: 0,
  headerLimits: {},
  used: { day: NONE, month: NONE },
  lastUsedAtMs: NOW - 1_000,
};
const cooldown = (more: Partial<Cooldown> = {}): Cooldown => ({
  cause: 'rate_limit',
  untilMs: NOW + 20_000,
  sinceMs: NOW,
  guessed: false,
  streak: 1,
  code: 'rate_limit_exceeded',
  probeAtMs: null,
  ...more,
});
const limited = { ...healthy, account: { ...healthy.account, limits: { day: { requests: 10 } } } };
const open = { state: 'open', openedAtMs: NOW, untilMs: NOW + 15_000, streak: 1 } as const;
const state = (upstream: Upstream) => accountState(upstream, () => NOW + 3_600_000, NOW);

describe('the state of an account', () => {
  it.each<[string, Upstream, string, number | null]>([
    ['nothing is wrong', healthy, 'healthy', null],
    ['it was never used', { ...healthy, lastUsedAtMs: null }, 'unused', null],
    ['its row was tampered with', { ...healthy, intact: false }, 'quarantined', null],
    ['it is switched off', { ...healthy, account: { ...healthy.account, enabled: false } }, 'disabled', null],
    ['its key was refused', { ...healthy, credentialRefused: 'No.' }, 'credential_refused', null],
    ['it is paused', { ...healthy, breakers: { '': { state: 'isolated', sinceMs: NOW } } }, 'paused', null],
    ['it cools down', { ...healthy, cooldowns: { '': cooldown() } }, 'cooling_down', NOW + 20_000],
    [
      'its quota is used up',
      { ...healthy, cooldowns: { '': cooldown({ cause: 'quota' }) } },
      'out_of_quota',
      NOW + 20_000,
    ],
    ['its cooldown is over', { ...healthy, cooldowns: { '': cooldown({ untilMs: NOW }) } }, 'healthy', null],
    ['its breaker is open', { ...healthy, breakers: { 'gpt-5.5': open } }, 'unwell', NOW + 15_000],
    [
      'its own limit is used up',
      { ...limited, used: { day: { ...NONE, requests: 10 }, month: NONE } },
      'limit_reached',
      NOW + 3_600_000,
    ],
    [
      'its own limit is nearly used up',
      { ...limited, used: { day: { ...NONE, requests: 9 }, month: NONE } },
      'near_limit',
      null,
    ],
    [
      "the provider's limit is nearly used up",
      {
        ...healthy,
        headerLimits: { requests: { limit: 100, remaining: 5, fullAtMs: NOW + 9_000, readAtMs: NOW } },
      },
      'near_limit',
      NOW + 9_000,
    ],
    [
      "the provider's figure is past its reset",
      {
        ...healthy,
        headerLimits: { requests: { limit: 100, remaining: 0, fullAtMs: NOW, readAtMs: NOW - 60_000 } },
      },
      'healthy',
      null,
    ],
  ])('when %s', (_, upstream, word, untilMs) => {
    expect(state(upstream)).toMatchObject({ word, untilMs });
  });

  it('says what only a human can mend before what mends itself', () => {
    const both = { ...healthy, credentialRefused: 'No.', cooldowns: { '': cooldown() } };
    expect(state(both).word).toBe('credential_refused');
  });

  it('names the model when only one model cools down, and the account when all do', () => {
    expect(state({ ...healthy, cooldowns: { 'gpt-5.5': cooldown() } }).reason).toContain('for gpt-5.5');
    const all = { ...healthy, cooldowns: { 'gpt-5.5': cooldown({ untilMs: NOW + 60_000 }), '': cooldown() } };
    expect(state(all)).toMatchObject({
      untilMs: NOW + 20_000,
      reason: expect.not.stringContaining('gpt-5.5'),
    });
  });
});
