/** What an operator may do with accounts, over a real database and vault. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import type { AccountAddInput } from '../../../lib/wire/inputs.ts';
import { ACCEPTED, createRig, MASTER_KEY, type Rig } from './rig.ts';

const KEY = 'sk-proj-canary-0123456789abcdefghij';
const OTHER_KEY = 'sk-proj-second-0123456789abcdefghij';

const input = (name: string, key = KEY, more: Partial<AccountAddInput> = {}): AccountAddInput => ({
  name,
  key: new Secret(key),
  check: true,
  ...more,
});

describe('adding an account', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await createRig();
    await rig.services.local.initialise(MASTER_KEY);
  });
  afterEach(() => rig.close());

  it('stores the key sealed and gives back only its last four characters', async () => {
    const added = await rig.services.accounts.add(input('Work'));
    expect(added.account).toMatchObject({
      name: 'Work',
      keyLastFour: 'ghij',
      provider: 'openai',
      enabled: true,
    });
    expect(JSON.stringify(added)).not.toContain(KEY);
    await rig.ledger.flush();
    expect(rig.database.ledger.serialize().includes(KEY)).toBe(false);
  });

  it('learns models, organisation and project from the check', async () => {
    const { account, check } = await rig.services.accounts.add(input('Work'));
    expect(check.verdict).toBe('accepted');
    expect(account.learned).toEqual({
      organization: 'org-home',
      project: 'proj-home',
      modelIds: ['gpt-5.5', 'gpt-5.5-mini'],
      checkedAtMs: rig.clock.nowMs(),
    });
  });

  it('asks nobody when the check is skipped', async () => {
    const { check } = await rig.services.accounts.add(input('Work', KEY, { check: false }));
    expect(check.verdict).toBe('skipped');
    expect(rig.checked).toEqual([]);
  });

  it('refuses a name that differs from a taken one only by case or composition', async () => {
    await rig.services.accounts.add(input('Büro'));
    await expect(rig.services.accounts.add(input('BU\u0308RO', OTHER_KEY))).rejects.toMatchObject({
      code: 'account_name_taken',
      message: expect.stringContaining('Büro'),
    });
  });

  it('names the account that has the same key already', async () => {
    await rig.services.accounts.add(input('Work'));
    await expect(rig.services.accounts.add(input('Again'))).rejects.toMatchObject({
      code: 'account_duplicate_key',
      details: { name: 'Work' },
    });
  });

  it('takes the same key for another organisation and says so', async () => {
    await rig.services.accounts.add(input('Work'));
    const { notes } = await rig.services.accounts.add(
      input('Lab', KEY, { organizationId: 'org-lab', check: false }),
    );
    expect(notes).toEqual([expect.stringContaining('same key as Work')]);
  });

  it('points out an account that shares its limits', async () => {
    await rig.services.accounts.add(input('Work'));
    const { notes, account } = await rig.services.accounts.add(input('Spare', OTHER_KEY));
    expect(notes).toEqual(['It shares limits with Work: no help on 429.']);
    expect(account.sharesLimitsWith).toEqual(['Work']);
  });

  it.each([
    ['http://api.example.com/v1', false],
    ['http://127.0.0.1:9000/v1', false],
    ['http://127.0.0.1:8080/v1', true],
    ['https://user:pass@api.example.com/v1', false],
    ['https://169.254.169.254/v1', false],
  ])('refuses the base URL %s (allow local: %s) and stores nothing', async (baseUrl, allowLocal) => {
    const refused = rig.services.accounts.add(input('Work', KEY, { baseUrl, allowLocal }));
    await expect(refused).rejects.toMatchObject({ code: 'base_url_refused' });
    expect(rig.checked).toEqual([]);
    expect(await rig.services.accounts.list()).toEqual([]);
  });
});

describe('a key that the provider does not take', () => {
  it.each(['refused', 'unreachable'] as const)('is not stored when the check says %s', async (verdict) => {
    const rig = await createRig({ check: () => ({ ...ACCEPTED, ok: false, verdict, message: 'No.' }) });
    await rig.services.local.initialise(MASTER_KEY);
    await expect(rig.services.accounts.add(input('Work'))).rejects.toMatchObject({
      code: 'account_check_failed',
      details: { verdict },
    });
    expect(await rig.services.accounts.list()).toEqual([]);
    expect(rig.pool.snapshot()).toEqual([]);
    await rig.close();
  });
});

describe('changing an account', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await createRig();
    await rig.services.local.initialise(MASTER_KEY);
    await rig.services.accounts.add(input('Work', KEY, { priority: 5 }));
  });
  afterEach(() => rig.close());

  const edit = (more: object) => rig.services.accounts.edit({ ref: 'work', ...more });
  const id = async (): Promise<string> => (await rig.services.accounts.get({ ref: 'Work' })).id;

  it('changes only what is named', async () => {
    const edited = await edit({ models: ['gpt-5*'] });
    expect(edited).toMatchObject({ name: 'Work', priority: 5, models: ['gpt-5*'], keyLastFour: 'ghij' });
    expect(rig.pool.snapshot()[0]?.account.models).toEqual(['gpt-5*']);
  });

  it.each([
    ['without the key', { masterKey: MASTER_KEY }],
    ['without the master key', { key: new Secret(OTHER_KEY) }],
  ])('refuses a new base URL %s', async (_, proof) => {
    await expect(edit({ baseUrl: 'https://elsewhere.example.com/v1', ...proof })).rejects.toMatchObject({
      code: 'step_up_required',
    });
    expect(await edit({})).toMatchObject({ baseUrl: 'https://api.openai.com/v1' });
  });

  it('counts a wrong master key of a step-up as a failed sign-in', async () => {
    const before = rig.throttle.triesLeft();
    const proof = { key: new Secret(OTHER_KEY), masterKey: new Secret('not the master key') };
    await expect(edit({ allowLocal: true, ...proof })).rejects.toMatchObject({ code: 'wrong_master_key' });
    expect(rig.throttle.triesLeft()).toBe(before - 1);
  });

  it('moves with both keys, forgets what it had learned and takes the new key', async () => {
    const edited = await edit({
      baseUrl: 'https://elsewhere.example.com/v1/',
      key: new Secret(OTHER_KEY),
      masterKey: MASTER_KEY,
    });
    expect(edited).toMatchObject({
      baseUrl: 'https://elsewhere.example.com/v1',
      provider: 'openai_compatible',
      learned: { organization: null, modelIds: null },
    });
  });

  it('never signs a row again that something else has changed', async () => {
    await rig.db.updateTable('accounts').set({ base_url: 'https://thief.example.com/v1' }).execute();
    await expect(edit({ priority: 1 })).rejects.toMatchObject({ code: 'conflict' });
    await expect(rig.services.accounts.enable({ ref: 'Work' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(rig.services.accounts.test({ ref: 'Work' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes a disabled account out of service with the next dial, and back', async () => {
    const accountId = rig.pool.snapshot()[0]?.account.id;
    if (!accountId) throw new Error('there is an account');
    await rig.services.accounts.disable({ ref: 'Work' });
    expect(rig.pool.lease(accountId, null)).toBeNull();
    await rig.services.accounts.enable({ ref: 'Work' });
    expect(rig.pool.lease(accountId, null)).not.toBeNull();
  });

  it('tries a refused key again when the account is enabled by hand', async () => {
    const accountId = rig.pool.snapshot()[0]?.account.id;
    if (!accountId) throw new Error('there is an account');
    rig.pool.refuseCredential(accountId, 'The provider refused the key.', false);
    expect((await rig.services.accounts.get({ ref: 'Work' })).state.word).toBe('credential_refused');
    const enabled = await rig.services.accounts.enable({ ref: 'Work' });
    expect(enabled.state.word).not.toBe('credential_refused');
  });

  it('tries a refused key again when an operator’s test finds it accepted, now and after a restart', async () => {
    const [{ account } = { account: null }] = rig.pool.snapshot();
    if (!account) throw new Error('there is an account');
    rig.pool.refuseCredential(account.id, 'The provider refused the key.', false);
    expect((await rig.services.accounts.test({ ref: 'Work' })).verdict).toBe('accepted');
    expect((await rig.services.accounts.get({ ref: 'Work' })).state.word).not.toBe('credential_refused');
    expect(rig.pool.lease(account.id, null)).not.toBeNull();
    const stored = await rig.db.selectFrom('account_health').select('health').execute();
    expect(stored.map(({ health }) => JSON.parse(health).credentialRefused)).toEqual([null]);
    await rig.ledger.flush();
    expect(await rig.services.events.list({ limit: 1 })).toMatchObject([
      { kind: 'account.cleared', data: { mark: 'key' } },
    ]);
  });

  it('is not told by a test that an account was reopened or is paid for again', async () => {
    const [{ account } = { account: null }] = rig.pool.snapshot();
    if (!account) throw new Error('there is an account');
    rig.pool.refuseCredential(account.id, 'The account was deactivated.', true);
    expect((await rig.services.accounts.test({ ref: 'Work' })).verdict).toBe('accepted');
    expect((await rig.services.accounts.get({ ref: 'Work' })).state.word).toBe('credential_refused');
    await rig.services.accounts.clear({ ref: 'Work' });
    expect((await rig.services.accounts.get({ ref: 'Work' })).state.word).not.toBe('credential_refused');
  });

  it('finds an account by name, id and the beginning of its id, and by nothing less', async () => {
    const whole = await id();
    for (const ref of ['WORK', whole, whole.slice(0, 8)]) {
      expect((await rig.services.accounts.get({ ref })).id).toBe(whole);
    }
    await expect(rig.services.accounts.get({ ref: whole.slice(0, 3) })).rejects.toMatchObject({
      code: 'account_not_found',
    });
  });

  it('says when the beginning of an id fits two accounts', async () => {
    rig.clock.advance(1);
    await rig.services.accounts.add(input('Home', OTHER_KEY));
    const whole = await id();
    await expect(rig.services.accounts.get({ ref: whole.slice(0, 8) })).rejects.toMatchObject({
      details: { names: ['Work', 'Home'] },
    });
  });
});

describe('removing an account', () => {
  it('deletes the secret, keeps a tombstone and the colours of the others, and frees the name', async () => {
    const rig = await createRig();
    await rig.services.local.initialise(MASTER_KEY);
    await rig.services.accounts.add(input('Work'));
    rig.clock.advance(1_000);
    const home = await rig.services.accounts.add(input('Home', OTHER_KEY));
    rig.clock.advance(1_000);
    await rig.services.accounts.remove({ ref: 'Work' });
    const rows = await rig.db
      .selectFrom('accounts')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    expect(rows[0]).toMatchObject({
      name: 'Work',
      sealed_key: null,
      key_fingerprint: null,
      key_last_four: null,
    });
    expect(rig.pool.snapshot().map(({ account }) => account.name)).toEqual(['Home']);
    expect((await rig.services.accounts.get({ ref: 'Home' })).hue).toBe(home.account.hue);
    const again = await rig.services.accounts.add(input('Work'));
    expect(again.account.hue).toBe(2);
    await rig.close();
  });

  it('is the way to be rid of a quarantined one', async () => {
    const rig = await createRig();
    await rig.services.local.initialise(MASTER_KEY);
    await rig.services.accounts.add(input('Work'));
    await rig.db.updateTable('accounts').set({ priority: 0 }).execute();
    await rig.services.session.lock({ panic: true });
    await rig.services.local.unlock(MASTER_KEY);
    expect((await rig.services.accounts.list())[0]?.state.word).toBe('quarantined');
    await rig.services.accounts.remove({ ref: 'Work' });
    expect(await rig.services.accounts.list()).toEqual([]);
    await rig.close();
  });
});

describe('testing and checking', () => {
  it('tells about a key without storing anything of it', async () => {
    const rig = await createRig();
    await rig.services.local.initialise(MASTER_KEY);
    const view = await rig.services.accounts.check({ key: new Secret(KEY) });
    expect(view.verdict).toBe('accepted');
    expect(await rig.db.selectFrom('accounts').selectAll().execute()).toEqual([]);
    await rig.close();
  });

  it('keeps the models it knew when a test may not list them', async () => {
    let verdict = ACCEPTED;
    const rig = await createRig({ check: () => verdict });
    await rig.services.local.initialise(MASTER_KEY);
    await rig.services.accounts.add(input('Work'));
    verdict = { ...ACCEPTED, verdict: 'limited_scopes', status: 403, modelIds: null };
    await rig.services.accounts.test({ ref: 'Work' });
    expect((await rig.services.accounts.get({ ref: 'Work' })).learned.modelIds).toEqual(ACCEPTED.modelIds);
    await rig.close();
  });
});
