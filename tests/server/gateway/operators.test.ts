import { describe, expect, it } from 'vitest';
import type { SealedAccount } from '../../../lib/accounts/account.ts';
import { Secret } from '../../../lib/base/secret.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { chat, openRig, type Rig } from '../../support/gateway-rig.ts';
import { createTurnstile, until } from '../../support/turnstile.ts';

const facts = { organization: null, project: null, modelIds: null, checkedAtMs: null };
const change = (rig: Rig, over: Partial<SealedAccount>, keyReplaced = false): void => {
  const account = { ...rig.account('one'), ...over };
  rig.room.pool.put(account.id, { account, facts, health: null }, { keyReplaced });
};
const NEW_KEY = 'sk-emulated-new';
function replaceKey(rig: Rig): void {
  rig.emulator.addKey({ key: NEW_KEY, organization: 'org-new', project: 'proj_new' });
  const place = { table: 'accounts', rowId: rig.account('one').id, column: 'sealed_key' } as const;
  change(rig, { sealedKey: rig.vault.seal(place, new Secret(NEW_KEY)) }, true);
}

describe('Between two attempts of a call, an operator', () => {
  async function afterFirst() {
    const rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.times(faults.overloaded(1), 1));
    const call = rig.post('/v1/chat/completions', chat());
    await until(() => rig.received('one') === 1 && rig.room.pool.snapshot()[0]?.inFlight === 0);
    return { rig, call };
  }

  it('disables the account: it is not dialled again, and the client is told why', async () => {
    const { rig, call } = await afterFirst();
    await using _ = rig;
    change(rig, { enabled: false });
    const answer = await call;
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { details: { accounts: [{ reason: 'disabled' }] } } });
    expect(rig.received('one')).toBe(1);
  });

  it('deletes the account: it is not dialled again', async () => {
    const { rig, call } = await afterFirst();
    await using _ = rig;
    rig.room.pool.put(rig.account('one').id, null);
    expect(await (await call).json()).toMatchObject({ error: { code: 'no_account' } });
    expect(rig.received('one')).toBe(1);
  });

  it('pauses the account: it is not dialled again', async () => {
    const { rig, call } = await afterFirst();
    await using _ = rig;
    rig.room.pool.isolate(rig.account('one').id, true);
    const answer = await call;
    expect(await answer.json()).toMatchObject({
      error: { details: { accounts: [{ reason: 'breaker_open' }] } },
    });
    expect(rig.received('one')).toBe(1);
  });

  it('replaces the key: the second attempt carries the new one', async () => {
    const { rig, call } = await afterFirst();
    await using _ = rig;
    replaceKey(rig);
    expect((await call).status).toBe(200);
    expect(rig.received('one')).toBe(1);
    expect(rig.emulator.key(NEW_KEY).received).toHaveLength(1);
  });
});

describe('Between the lease that a call waited for and its dial, an operator', () => {
  /** The second call has left the queue with a lease, and its ledger row is being written. */
  async function leased() {
    const turnstile = createTurnstile();
    let rows = 0;
    let write = (): void => undefined;
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    const rig = await openRig({
      wrapDial: turnstile.wrap,
      wrapLedger: (ledger) => ({
        ...ledger,
        async open(row) {
          if (++rows === 2) await written;
          await ledger.open(row);
        },
      }),
      config: (config) => ({
        ...config,
        routing: { ...config.routing, queue_ms: 20_000, in_flight_per_account: 1 },
      }),
    });
    const first = rig.post('/v1/chat/completions', chat());
    await until(() => turnstile.dials.length === 1);
    const second = rig.post('/v1/chat/completions', chat());
    await until(() => rig.room.inFlight.queued === 1);
    turnstile.open(true);
    expect((await first).status).toBe(200);
    await until(() => rows === 2);
    expect(rig.room.pool.snapshot()[0]?.inFlight).toBe(1);
    return { rig, second, write };
  }

  it('disables the account: the lease is void, nothing is dialled and nothing stays held', async () => {
    const { rig, second, write } = await leased();
    await using _ = rig;
    change(rig, { enabled: false });
    write();
    expect((await second).status).toBe(503);
    expect(rig.received('one')).toBe(1);
    expect(rig.room.pool.snapshot()[0]).toMatchObject({ inFlight: 0, used: { day: { requests: 1 } } });
  });

  it('deletes the account: the same', async () => {
    const { rig, second, write } = await leased();
    await using _ = rig;
    rig.room.pool.put(rig.account('one').id, null);
    write();
    expect((await second).status).toBe(503);
    expect(rig.received('one')).toBe(1);
  });

  it('replaces the key: the call is made with the new one', async () => {
    const { rig, second, write } = await leased();
    await using _ = rig;
    replaceKey(rig);
    write();
    expect((await second).status).toBe(200);
    expect(rig.received('one')).toBe(1);
    expect(rig.emulator.key(NEW_KEY).received).toHaveLength(1);
  });
});
