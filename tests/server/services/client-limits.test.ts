/** Changing what a client key may use, and counting its use anew. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientKeyId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import { Secret } from '../../../lib/base/secret.ts';
import { clientAddInput, clientEditInput } from '../../../lib/wire/inputs.ts';
import { settledAmounts } from '../../../server/db/limit-sums.ts';
import { createAuditLog } from '../../../server/services/audit/audit-log.ts';
import { createUseResetStore } from '../../../server/services/limits/use-reset-store.ts';
import { opened, settled } from '../db/support.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

describe('the limits of a client key', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await createRig();
    await rig.services.local.initialise(MASTER_KEY);
    await rig.services.accounts.add({
      name: 'Work',
      key: new Secret('sk-proj-0123456789abcdefghij'),
      limits: { day: { requests: 9 } },
      check: false,
    });
    await rig.services.clients.add({ name: 'laptop', limits: { day: { requests: 5 } } });
  });
  afterEach(() => rig.close());

  const laptop = async () => {
    const found = (await rig.services.clients.list()).find(({ name }) => name === 'laptop');
    if (!found) throw new Error('no laptop');
    return found;
  };
  const events = async () => {
    await rig.ledger.flush();
    return (await rig.services.events.list({ limit: 50 })).filter(
      ({ kind }) => kind.startsWith('client_key.') || kind.endsWith('use_reset'),
    );
  };
  /** A call that passes the book and is written to the ledger, or the window that is in its way. */
  const call = async (n: number) => {
    const key = await laptop();
    const account = rig.pool.snapshot()[0]?.account;
    if (!account) throw new Error('no account');
    const { id } = opened(n);
    const client = { id: clientKeyId(key.id), limits: key.limits };
    const held = rig.limitBook.reserve(id, account, client, {
      tokens: 9,
      cost: nanoDollars(9),
      model: 'gpt-5',
    });
    if ('limit' in held) return held.window;
    await rig.ledger.open(
      opened(n, {
        clientKeyId: client.id,
        model: 'gpt-5',
        startedAtMs: held.sinceMs,
        firstAccountId: account.id,
      }),
    );
    const record = settled(n, { accountId: account.id });
    rig.limitBook.settle(held, settledAmounts(record));
    rig.ledger.settle(record);
    await rig.ledger.flush();
    return 'passed';
  };

  it('are narrowed at once, and the key goes on as it is', async () => {
    const view = await rig.services.clients.edit({
      ref: 'laptop',
      limits: {
        day: { requests: 5 },
        five_hours: { tokens: 1_000 },
        byModel: [{ models: ['gpt-5*'], day: { requests: 1 } }],
      },
      reasoningEfforts: ['low'],
    });
    expect(view).toMatchObject({ intact: true, reasoningEfforts: ['low'], serviceTiers: null });
    expect(view.limitUse.map(({ window, kind }) => `${window}.${kind}`)).toEqual([
      'five_hours.tokens',
      'day.requests',
      'day.requests',
    ]);
    expect(await call(1)).toBe('passed');
    expect(await call(2)).toBe('day');
    expect((await events())[0]).toMatchObject({
      kind: 'client_key.edited',
      data: { name: 'laptop', changed: ['limits', 'reasoningEfforts'], raised: [] },
    });
  });

  it('are raised with the master key only, in the same request, and throttled as a sign-in', async () => {
    const raise = { ref: 'laptop', limits: { day: { requests: 6 } } };
    await expect(rig.services.clients.edit(raise)).rejects.toMatchObject({
      code: 'step_up_required',
      param: 'masterKey',
    });
    const wrong = { ...raise, masterKey: new Secret('not the master key at all') };
    for (let i = 0; i < 5; i++)
      await expect(rig.services.clients.edit(wrong)).rejects.toMatchObject({ code: 'wrong_master_key' });
    await expect(rig.services.clients.edit({ ...raise, masterKey: MASTER_KEY })).rejects.toMatchObject({
      code: 'login_throttled',
    });
    expect((await laptop()).limits).toEqual({ day: { requests: 5 } });
    rig.clock.advance(10_000);
    await rig.services.clients.edit({ ...raise, masterKey: MASTER_KEY });
    expect((await laptop()).limits).toEqual({ day: { requests: 6 } });
    expect((await events())[0]).toMatchObject({ data: { changed: ['limits'], raised: ['limits'] } });
  });

  it('count what was used before they were changed', async () => {
    for (const n of [1, 2, 3]) await call(n);
    const { limitUse } = await rig.services.clients.edit({
      ref: 'laptop',
      limits: { day: { requests: 4 }, hour: { requests: 3 } },
    });
    expect(limitUse.map(({ used }) => used)).toEqual([3, 3]);
    expect(await call(4)).toBe('hour');
  });

  it('stay under the row’s MAC with everything that was added to the row', async () => {
    await rig.services.clients.edit({ ref: 'laptop', serviceTiers: ['flex'] });
    await rig.db.updateTable('client_keys').set({ service_tiers: null }).execute();
    await rig.services.session.lock({ panic: true });
    await rig.services.local.unlock(MASTER_KEY);
    expect((await laptop()).intact).toBe(false);
    await expect(rig.services.clients.edit({ ref: 'laptop', name: 'mine' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('count anew from a reset on, after the master key was given, also after a restart', async () => {
    for (const n of [1, 2, 3, 4, 5]) expect(await call(n)).toBe('passed');
    expect(await call(6)).toBe('day');
    await expect(rig.services.clients.resetUse({ ref: 'laptop' })).rejects.toMatchObject({
      code: 'step_up_required',
    });
    rig.clock.advance(1_000);
    const view = await rig.services.clients.resetUse({
      ref: 'laptop',
      windows: ['day'],
      masterKey: MASTER_KEY,
    });
    expect(view.limitUse).toMatchObject([{ window: 'day', used: 0 }]);
    expect((await events())[0]).toMatchObject({
      kind: 'client_key.use_reset',
      data: { name: 'laptop', windows: ['day'] },
    });
    expect(await call(6)).toBe('passed');
    await rig.services.session.lock({ panic: true });
    await rig.services.local.unlock(MASTER_KEY);
    const stored = await rig.db.selectFrom('use_resets').selectAll().execute();
    expect(stored).toMatchObject([
      { holder_id: view.id, limit_window: 'day', counted_since_ms: rig.clock.nowMs() },
    ]);
  });

  it('take no reset for true that something else wrote', async () => {
    for (const n of [1, 2]) await call(n);
    rig.clock.advance(1_000);
    await rig.services.clients.resetUse({ ref: 'laptop', windows: ['month'], masterKey: MASTER_KEY });
    await rig.db.updateTable('use_resets').set({ limit_window: 'day' }).execute();
    const set: number[] = [];
    const watched = {
      ...rig.limitBook,
      setResets: (resets: readonly object[]) => void set.push(resets.length),
    };
    await createUseResetStore({ ...rig, audit: createAuditLog(rig), limitBook: watched }).apply();
    expect(set).toEqual([0]);
  });

  it('of an account count anew too, without touching those of client keys', async () => {
    await call(1);
    rig.clock.advance(1_000);
    const view = await rig.services.accounts.resetUse({ ref: 'Work' });
    expect(view.limitUse).toMatchObject([{ window: 'day', used: 0 }]);
    expect((await laptop()).limitUse).toMatchObject([{ used: 1 }]);
    expect((await events())[0]).toMatchObject({ kind: 'account.use_reset', accountName: 'Work' });
  });

  it('stay tied to an account that is gone when the key is edited', async () => {
    const { clientKey } = await rig.services.clients.add({ name: 'tied', accounts: ['Work'] });
    await rig.services.accounts.remove({ ref: 'Work' });
    const view = await rig.services.clients.edit({
      ref: 'tied',
      name: 'still tied',
      accounts: [...(clientKey.accounts ?? [])],
    });
    expect(view.accounts).toEqual(clientKey.accounts);
    expect((await rig.services.clients.edit({ ref: 'still tied', accounts: [] })).accounts).toEqual([]);
  });

  it.each([
    [{ day: { requests: -1 } }, 'at least 1'],
    [{ day: { requests: 0 } }, 'at least 1'],
    [{ hour: { tokens: 1.5 } }, 'whole number'],
    [{ week: { cost: 1e300 } }, 'a money limit'],
    [{ month: { cost: 2 ** 60 } }, 'far too large'],
    [{ day: { requests: '5' } }, 'whole number'],
    [{ fortnight: { requests: 5 } }, 'fortnight'],
    [{ byModel: [{ models: [], day: { requests: 1 } }] }, 'at least one model'],
  ])('are refused with a clear error when they are absurd: %j', (limits, words) => {
    for (const parsed of [
      clientAddInput.safeParse({ name: 'x', limits }),
      clientEditInput.safeParse({ ref: 'x', limits }),
    ]) {
      expect(parsed.success).toBe(false);
      expect(parsed.error?.message).toContain(words);
    }
  });
});
