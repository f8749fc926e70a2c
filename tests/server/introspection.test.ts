/** What providers say of their own, asked over real sockets, and set beside what we counted. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountId, clientKeyId } from '../../lib/base/id.ts';
import { nanoDollars } from '../../lib/base/money.ts';
import { Secret } from '../../lib/base/secret.ts';
import { DAY_MS } from '../../lib/base/time.ts';
import { createAdminApi } from '../../server/introspection/admin-api.ts';
import { isOpenAi } from '../../server/services/introspection/billing.ts';
import { createUpstreamRoom, type UpstreamRoom } from '../../server/upstream/room.ts';
import {
  ADMIN_KEY,
  type DayOfUse,
  type OrganisationApi,
  openOrganisation,
  PROJECT_KEY,
} from '../support/organisation-api.ts';
import { opened, settled, usage } from './db/support.ts';
import { createRig, MASTER_KEY, type Rig, type RigOptions } from './services/rig.ts';
import { createFastKdf } from './vault/fast-kdf.ts';

const USE: readonly DayOfUse[] = [
  { daysAgo: 1, model: 'gpt-5', requests: 1, inputTokens: 1_000, outputTokens: 100, dollars: 0.004 },
  { daysAgo: 3, model: 'gpt-5', requests: 9, inputTokens: 90_000, outputTokens: 9_000, dollars: 1.25 },
  { daysAgo: 4, model: 'o3', requests: 2, inputTokens: 500, outputTokens: 50, dollars: 0.01 },
];

let rig: Rig;
let organisation: OrganisationApi;
let room: UpstreamRoom;
let waits: number[];
let id: string;
let made = 0;

/** The rig's services with a real way out. */
async function start(): Promise<void> {
  waits = [];
  made = 0;
  const late: { room: UpstreamRoom | null } = { room: null };
  const options: RigOptions = {
    kdf: createFastKdf(),
    adminApi: createAdminApi({
      dial: (request, events) => {
        if (late.room === null) throw new Error('not open yet');
        return late.room.dial(request, events);
      },
      nowMs: () => rig.clock.nowMs(),
      random: () => 0,
      sleep: async (ms) => void waits.push(ms),
    }),
    check: () => ({
      ok: true,
      verdict: 'accepted',
      message: 'The provider accepts this key.',
      status: 200,
      durationMs: 1,
      organization: 'org-one',
      project: 'proj_one',
      modelIds: ['gpt-5'],
      headerLimits: {},
    }),
  };
  rig = await createRig(options);
  room = createUpstreamRoom({
    vault: rig.vault,
    clock: rig.clock,
    config: () => rig.settings.config,
    env: {},
    ownPorts: () => [],
    uses: rig.limitBook.uses,
    announce: () => {},
  });
  late.room = room;
  organisation = await openOrganisation(USE, rig.clock.nowMs());
  await rig.services.local.initialise(MASTER_KEY);
  const added = await rig.services.accounts.add({
    name: 'Work',
    key: new Secret(PROJECT_KEY),
    baseUrl: organisation.baseUrl,
    allowLocal: true,
    check: true,
  });
  id = added.account.id;
}
beforeEach(start);
afterEach(async () => {
  await room.close();
  await organisation[Symbol.asyncDispose]();
  await rig.close();
});

const setKey = (adminKey: string | null = ADMIN_KEY) =>
  rig.services.providers.setAdminKey({
    ref: 'Work',
    adminKey: adminKey === null ? null : new Secret(adminKey),
    masterKey: MASTER_KEY,
  });
const refresh = async () => (await rig.services.providers.refresh({ ref: 'Work' })).accounts[0];
const source = async (name: string) => (await refresh())?.sources.find((one) => one.source === name);

describe('Without an admin key', () => {
  it('a provider is asked for models only, and the rest stays unknown', async () => {
    const account = await refresh();
    expect(account).toMatchObject({
      hasAdminKey: false,
      scope: null,
      sources: [
        { source: 'models', error: null },
        { source: 'billing', error: null },
      ],
    });
    expect(organisation.asked).toEqual([]);
    expect((await rig.services.providers.reconcile({ days: 7 })).rows).toEqual([]);
  });
});

describe('With an admin key', () => {
  it('which only the master key lets in, sealed, and sent to nobody but that organisation', async () => {
    await expect(
      rig.services.providers.setAdminKey({
        ref: 'Work',
        adminKey: new Secret(ADMIN_KEY),
        masterKey: new Secret('wrong master key'),
      }),
    ).rejects.toMatchObject({ code: 'wrong_master_key' });
    await setKey();
    const [row] = await rig.database.db.selectFrom('accounts').selectAll().execute();
    expect(Buffer.from(row?.sealed_admin_key ?? []).toString('latin1')).not.toContain('sk-admin');
    await refresh();
    expect(organisation.strangers).toEqual([]);
    expect(organisation.asked.length).toBeGreaterThan(5);
    expect(JSON.stringify(await rig.services.providers.list())).not.toContain('sk-admin');
    const { rows } = await rig.services.audit.list({ limit: 5 });
    expect(rows.some(({ detail }) => JSON.stringify(detail).includes('admin key'))).toBe(true);
  });

  it('all pages are read, and figures are asked for about our own key once it is found', async () => {
    await setKey();
    const account = await refresh();
    expect(account).toMatchObject({ hasAdminKey: true, scope: 'key' });
    const found = Object.fromEntries((account?.sources ?? []).map((one) => [one.source, one]));
    expect(found.key?.data).toEqual({ keyId: 'key_ours', project: 'proj_one' });
    expect(found.rate_limits?.data).toEqual([
      { model: 'gpt-5', requestsPerMinute: 500, tokensPerMinute: 30_000, requestsPerDay: null },
    ]);
    expect(found.spend_limit?.data).toEqual({ dollars: 100, enforced: true });
    const usageAsked = organisation.asked.filter((path) => path.includes('/usage/completions'));
    expect(usageAsked).toHaveLength(USE.length);
    for (const path of usageAsked) expect(decodeURIComponent(path)).toContain('api_key_ids[]=key_ours');
    const rows = await rig.database.db.selectFrom('provider_usage').selectAll().execute();
    expect(rows.map(({ requests }) => requests).sort()).toEqual([1, 2, 3, 9]);
    // Pictures are told by requests: how many tokens they took is unknown, not none.
    expect(rows.find(({ model }) => model === 'dall-e-3')).toMatchObject({
      requests: 3,
      input_tokens: null,
      output_tokens: null,
    });
  });

  it('what fails is asked again, by the wait that is told, and one source that fails leaves the others', async () => {
    await setKey();
    organisation.fail('/usage/completions', 429, 503);
    expect(await source('usage')).toMatchObject({ error: null, okAtMs: rig.clock.nowMs() });
    expect(waits).toEqual([7_000, 1_000]);
    organisation.fail('/organization/costs', 500, 500, 500, 500);
    expect(await source('costs')).toMatchObject({ error: 'It answered 500.' });
    expect((await source('usage'))?.error).toBeNull();
  });

  it('a scope that it lacks is said, not asked for again, and what was known before stays', async () => {
    await setKey();
    await refresh();
    organisation.fail('/usage/embeddings', 403);
    rig.clock.advance(60_000);
    const asked = organisation.asked.length;
    expect(await source('usage')).toMatchObject({
      error: 'The admin key may not read this: it lacks a scope.',
      okAtMs: rig.clock.nowMs() - 60_000,
    });
    expect(organisation.asked.length - asked).toBeLessThan(20);
    expect(await rig.database.db.selectFrom('provider_usage').selectAll().execute()).toHaveLength(4);
  });

  it('taken away, takes along what it told', async () => {
    await setKey();
    await refresh();
    await setKey(null);
    expect(await rig.services.providers.list()).toMatchObject({
      accounts: [{ hasAdminKey: false, sources: [] }],
    });
    expect(await rig.database.db.selectFrom('provider_costs').selectAll().execute()).toEqual([]);
  });

  it('comes through a new data key', async () => {
    await setKey();
    await rig.services.vault.rotate({ masterKey: MASTER_KEY });
    expect((await source('usage'))?.error).toBeNull();
    expect(organisation.strangers).toEqual([]);
  });
});

describe('A relay', () => {
  it('is asked with the account’s own key what it bills, and what it does not serve stays unknown', async () => {
    expect(await source('billing')).toMatchObject({
      error: null,
      data: { limit: nanoDollars(120_000_000_000), usedThisMonth: nanoDollars(12_340_000_000), left: null },
    });
    expect(organisation.bills.map((bill) => bill.replace(/\?.*/, ''))).toEqual([
      'own key /v1/dashboard/billing/subscription',
      'own key /v1/dashboard/billing/usage',
      'own key /v1/dashboard/billing/credit_grants',
    ]);
    expect(organisation.bills[1]).toMatch(/\?start_date=\d{4}-\d\d-01&end_date=\d{4}-\d\d-\d\d$/);
  });

  it('that tells nothing of it says so, and one that fails keeps what it said before', async () => {
    await refresh();
    organisation.fail('/dashboard/billing/', ...Array<number>(12).fill(500));
    expect(await source('billing')).toMatchObject({ error: 'It answered 500.', data: { left: null } });
    organisation.fail('/dashboard/billing/', 404, 404, 404);
    expect(await source('billing')).toMatchObject({ error: 'It tells nothing of what it bills.' });
  });

  it.each([
    ['https://api.openai.com/v1', true],
    ['https://eu.api.openai.com/v1', true],
    ['https://openai.com.example/v1', false],
    ['https://notopenai.com/v1', false],
  ])('is not OpenAI: %s', (baseUrl, expected) => {
    expect(isOpenAi(baseUrl)).toBe(expected);
  });
});

describe('The provider’s figures beside ours', () => {
  async function call(daysAgo: number, model: string, cost: number | null): Promise<void> {
    const n = made++;
    const startedAtMs = Math.floor(rig.clock.nowMs() / DAY_MS) * DAY_MS - daysAgo * DAY_MS + 3_600_000;
    await rig.ledger.open(
      opened(n, { startedAtMs, model, firstAccountId: accountId(id), clientKeyId: clientKeyId('c') }),
    );
    rig.ledger.settle(
      settled(n, {
        accountId: accountId(id),
        usage: usage({ inputTokens: 1_000, outputTokens: 100 }),
        cost: cost === null ? null : nanoDollars(cost),
      }),
    );
  }

  it('agree where they are the same, and say why where they are not', async () => {
    await call(1, 'gpt-5', 4_000_000);
    for (let n = 0; n < 3; n++) await call(3, 'gpt-5', 4_000_000);
    for (let n = 0; n < 2; n++) await call(4, 'o3', null);
    await call(0, 'gpt-5', 4_000_000);
    await rig.ledger.flush();
    await setKey();
    await refresh();
    const { rows, totals } = await rig.services.providers.reconcile({ days: 14 });
    const of = (daysAgo: number) =>
      rows.find(({ dayMs }) => dayMs === Math.floor(rig.clock.nowMs() / DAY_MS) * DAY_MS - daysAgo * DAY_MS);
    expect(rows).toHaveLength(5);
    expect(of(1)).toMatchObject({ difference: { tokens: 0, cost: 0 }, cause: null });
    expect(of(3)).toMatchObject({
      ours: { requests: 3, inputTokens: 3_000, cost: 12_000_000 },
      theirs: { requests: 9, inputTokens: 90_000, cost: 1_250_000_000 },
      difference: { cost: 1_238_000_000 },
      cause: 'calls that did not go through this program',
    });
    expect(of(4)).toMatchObject({
      ours: { cost: null },
      difference: { cost: null },
      cause: 'calls whose price is not known here',
    });
    expect(of(2)).toMatchObject({
      theirs: { requests: 3, inputTokens: null, cost: null },
      difference: { tokens: null },
      cause: 'calls that did not go through this program',
    });
    expect(of(0)).toMatchObject({
      theirs: { requests: null, cost: null },
      cause: 'the provider has not counted this day yet',
    });
    expect(totals.theirs.cost).toBe(1_264_000_000);
  });
});
