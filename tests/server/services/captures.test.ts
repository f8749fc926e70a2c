/** Captured bodies: sealed, opened for an operator, gone when their time is over. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../lib/base/time.ts';
import { nthRequest, opened, settled } from '../db/support.ts';
import { createFastKdf } from '../vault/fast-kdf.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const SAID = '{"input":"a secret plan"}';
const ID = nthRequest(1);
let rig: Rig;

beforeEach(async () => {
  rig = await createRig({ kdf: createFastKdf() });
  await rig.services.local.initialise(MASTER_KEY);
  await rig.ledger.open(opened(1, { startedAtMs: rig.clock.nowMs() }));
  rig.ledger.settle(settled(1));
  await rig.ledger.flush();
});
afterEach(() => rig.close());

async function keep(): Promise<void> {
  rig.captures.keep(ID, {
    request: Buffer.from(SAID),
    requestBytes: SAID.length,
    response: Buffer.from('an answ'),
    responseBytes: 9,
  });
  while ((await rig.database.db.selectFrom('captures').select('request_id').execute()).length === 0)
    await new Promise((resolve) => setImmediate(resolve));
}
const bodies = () => rig.services.requests.bodies({ id: ID });

describe('What a call said', () => {
  it('is sealed where it lies, and opened for an operator with what was cut', async () => {
    expect(await bodies()).toBeNull();
    expect(await rig.services.requests.get({ id: ID })).toMatchObject({ captured: false });
    await keep();
    const [row] = await rig.database.db.selectFrom('captures').selectAll().execute();
    expect(Buffer.from(row?.sealed_bodies ?? []).toString('latin1')).not.toContain('secret');
    expect(await bodies()).toEqual({
      request: SAID,
      requestCut: false,
      response: 'an answ',
      responseCut: true,
      expiresAtMs: rig.clock.nowMs() + 24 * HOUR_MS,
    });
    expect(await rig.services.requests.get({ id: ID })).toMatchObject({ captured: true });
  });

  it('is gone when its time is over, also before it is deleted, and at once when that is wanted', async () => {
    await keep();
    rig.clock.advance(24 * HOUR_MS);
    expect(await bodies()).toBeNull();
    await rig.captures.prune();
    expect(await rig.database.db.selectFrom('captures').selectAll().execute()).toEqual([]);
    await keep();
    expect(await rig.services.requests.forgetBodies()).toEqual({ calls: 1 });
    expect(await bodies()).toBeNull();
  });

  it('of one call does not open as that of another', async () => {
    await keep();
    await rig.database.db
      .updateTable('captures')
      .set({ request_id: nthRequest(2) })
      .execute();
    await rig.ledger.open(opened(2, { startedAtMs: rig.clock.nowMs() }));
    rig.ledger.settle(settled(2));
    await rig.ledger.flush();
    await expect(rig.services.requests.bodies({ id: nthRequest(2) })).rejects.toThrow();
  });

  it('comes through a new data key', async () => {
    await keep();
    await rig.services.vault.rotate({ masterKey: MASTER_KEY });
    expect(await bodies()).toMatchObject({ request: SAID });
  });

  it('is not kept while the vault is locked', async () => {
    await rig.services.session.lock({ panic: false });
    rig.captures.keep(ID, { request: null, requestBytes: 0, response: Buffer.from('x'), responseBytes: 1 });
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(await rig.database.db.selectFrom('captures').selectAll().execute()).toEqual([]);
  });
});
