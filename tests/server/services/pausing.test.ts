/** What an operator does by hand to an account that is or seems unwell: a pause, its end, forgetting. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountId, accountId } from '../../../lib/base/id.ts';
import { Secret } from '../../../lib/base/secret.ts';
import type { Failure } from '../../../lib/resilience/failure.ts';
import { createHealthSaver } from '../../../server/services/accounts/save-health.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const KEY = 'sk-proj-0123456789abcdefghij';

let rig: Rig;
let id: AccountId;

beforeEach(async () => {
  rig = await createRig();
  await rig.services.local.initialise(MASTER_KEY);
  const { account } = await rig.services.accounts.add({ name: 'Work', key: new Secret(KEY), check: true });
  id = accountId(account.id);
});
afterEach(() => rig.close());

const get = () => rig.services.accounts.get({ ref: 'Work' });

async function events(): Promise<[string, object][]> {
  await rig.ledger.flush();
  const list = await rig.services.events.list({ limit: 20 });
  return list
    .filter(({ kind }) => /paused|resumed|cleared/.test(kind))
    .map(({ kind, data, accountName }): [string, object] => [kind, { ...data, accountName }])
    .reverse();
}

const failure = (over: Partial<Failure>): Failure => ({
  class: 'scope',
  phase: 'first_event',
  status: 404,
  code: 'model_not_found',
  summary: 'This account has no access to the model (model_not_found).',
  toldWaitMs: null,
  toldWaitRaw: null,
  mark: { kind: 'model', forMs: 3_600_000 },
  requestedTokens: null,
  permanent: false,
  definite: true,
  ...over,
});

/** Two marks and a cooldown, as calls teach them. */
function teach(): void {
  rig.pool.failed(id, 'gpt-9', 'responses', failure({}));
  rig.pool.failed(id, 'gpt-5', 'images', failure({ mark: { kind: 'family', forMs: 3_600_000 } }));
  rig.pool.failed(id, 'gpt-5', 'chat', failure({ class: 'rate_limit', mark: null, toldWaitMs: 60_000 }));
}

describe('pausing an account', () => {
  it('keeps new calls away from the next dial on, says so, and is announced once', async () => {
    expect(await rig.services.accounts.pause({ ref: 'work' })).toMatchObject({
      enabled: true,
      state: { word: 'paused', untilMs: null },
    });
    expect(rig.pool.lease(id, null)).toBeNull();
    await rig.services.accounts.pause({ ref: 'Work' });
    expect(await events()).toEqual([['account.paused', { accountName: 'Work' }]]);
  });

  it('ends by hand, and what was learned before still holds', async () => {
    teach();
    await rig.services.accounts.pause({ ref: 'Work' });
    expect(await rig.services.accounts.resume({ ref: 'Work' })).toMatchObject({
      state: { word: 'cooling_down' },
    });
    expect(rig.pool.lease(id, null)).not.toBeNull();
    await rig.services.accounts.resume({ ref: 'Work' });
    expect((await events()).map(([kind]) => kind)).toEqual(['account.paused', 'account.resumed']);
  });

  it('is stored before it is answered, and holds after a restart', async () => {
    await rig.services.accounts.pause({ ref: 'Work' });
    const { database } = rig;
    await rig.stop();
    rig = await createRig({ database });
    await rig.services.local.unlock(MASTER_KEY);
    expect((await get()).state.word).toBe('paused');
  });

  it('outlives another key and enabling: only resuming ends it', async () => {
    await rig.services.accounts.pause({ ref: 'Work' });
    await rig.services.accounts.edit({ ref: 'Work', key: new Secret(`${KEY}-new`) });
    expect((await rig.services.accounts.enable({ ref: 'Work' })).state.word).toBe('paused');
  });

  it('is not overwritten by an older picture that was still being written', async () => {
    const key = new Secret(`${KEY}-spare`);
    const spare = (await rig.services.accounts.add({ name: 'Spare', key, check: true })).account.id;
    await rig.services.saveHealth();
    const written: string[] = [];
    const gates: (() => void)[] = [];
    const save = createHealthSaver({
      pool: rig.pool,
      clock: rig.clock,
      accounts: {
        saveHealth: (account, health) => {
          if (account === spare) written.push(health.includes('isolated') ? 'paused' : 'not paused');
          return new Promise((resolve) => void gates.push(resolve));
        },
        saveFacts: () => Promise.resolve(),
      },
    });
    for (const account of [id, accountId(spare)])
      rig.pool.learn(account, { 'openai-organization': 'org-new' });
    const first = save();
    // The first has taken its pictures and waits for the first account's row.
    await settle();
    rig.pool.isolate(accountId(spare), true);
    const second = save();
    await settle();
    while (gates.length > 0) {
      gates.shift()?.();
      await settle();
    }
    await Promise.all([first, second]);
    expect(written).toEqual(['not paused', 'paused']);
  });
});

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

describe('clearing what was learned', () => {
  it('forgets one mark and leaves the others, now and after a restart', async () => {
    teach();
    expect((await get()).marks).toMatchObject([
      { kind: 'model', subject: 'gpt-9', untilMs: rig.clock.nowMs() + 3_600_000 },
      { kind: 'family', subject: 'images' },
    ]);
    const mark = { kind: 'model', subject: 'gpt-9' } as const;
    const cleared = await rig.services.accounts.clear({ ref: 'Work', mark });
    expect(cleared).toMatchObject({ marks: [{ subject: 'images' }], state: { word: 'cooling_down' } });
    expect(await events()).toEqual([
      ['account.cleared', { mark: 'model:gpt-9', model: null, accountName: 'Work' }],
    ]);
    const { database } = rig;
    await rig.stop();
    rig = await createRig({ database });
    await rig.services.local.unlock(MASTER_KEY);
    expect((await get()).marks.map(({ subject }) => subject)).toEqual(['images']);
  });

  it('says when there is no such mark, and changes nothing', async () => {
    teach();
    const mark = { kind: 'family', subject: 'gpt-9' } as const;
    await expect(rig.services.accounts.clear({ ref: 'Work', mark })).rejects.toMatchObject({
      code: 'not_found',
      message: 'Work has no mark endpoint:gpt-9.',
    });
    expect((await get()).marks).toHaveLength(2);
    expect(await events()).toEqual([]);
  });

  it('forgets the cooldown, the breakers and the mark of one model, and leaves the other models alone', async () => {
    teach();
    const gone = { status: 500, mark: null } as const;
    for (let n = 0; n < 5; n++) {
      rig.pool.failed(id, 'gpt-5', 'chat', failure({ class: 'overload', ...gone }));
      rig.pool.failed(id, 'gpt-5', 'chat', failure({ class: 'silence', ...gone }));
      rig.pool.failed(id, 'gpt-4', 'chat', failure({ class: 'overload', ...gone }));
    }
    const troubles = (await get()).modelTroubles.map(({ model, word, reason }) => [model, word, reason]);
    expect(troubles).toEqual([
      [
        'gpt-5',
        'cooling_down',
        'The provider answered "too many requests" for gpt-5, and said for how long.',
      ],
      ['gpt-5', 'unwell', 'Several calls in a row failed for gpt-5; it is left alone for a while.'],
      [
        'gpt-5',
        'unwell',
        'Several calls in a row were not answered in time for gpt-5; it is left alone for a while.',
      ],
      ['gpt-4', 'unwell', 'Several calls in a row failed for gpt-4; it is left alone for a while.'],
    ]);
    expect(rig.pool.lease(id, 'gpt-5')).toBeNull();
    const cleared = await rig.services.accounts.clear({ ref: 'Work', model: 'gpt-5' });
    expect(cleared.modelTroubles.map(({ model }) => model)).toEqual(['gpt-4']);
    expect(cleared.marks.map(({ subject }) => subject)).toEqual(['gpt-9', 'images']);
    expect(rig.pool.lease(id, 'gpt-5')).not.toBeNull();
    expect(rig.pool.lease(id, 'gpt-4')).toBeNull();
    const unmarked = await rig.services.accounts.clear({ ref: 'Work', model: 'gpt-9' });
    expect(unmarked.marks.map(({ subject }) => subject)).toEqual(['images']);
    expect((await events()).map(([, { model }]: [string, { model?: string }]) => model)).toEqual([
      'gpt-5',
      'gpt-9',
    ]);
    await expect(rig.services.accounts.clear({ ref: 'Work', model: 'gpt-5' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'Nothing was learned of gpt-5 at Work.',
    });
  });

  it('forgets everything at once, and never a human’s pause', async () => {
    teach();
    await rig.services.accounts.pause({ ref: 'Work' });
    expect(await rig.services.accounts.clear({ ref: 'Work' })).toMatchObject({
      marks: [],
      state: { word: 'paused' },
    });
    expect(await rig.services.accounts.resume({ ref: 'Work' })).toMatchObject({ state: { word: 'unused' } });
    expect((await events()).map(([kind]) => kind)).toEqual([
      'account.paused',
      'account.cleared',
      'account.resumed',
    ]);
  });

  it('shows no mark that has run out', async () => {
    teach();
    rig.clock.advance(3_600_001);
    expect((await get()).marks).toEqual([]);
  });
});
