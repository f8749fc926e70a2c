import { afterEach, expect, it } from 'vitest';
import { accountId, clientKeyId, requestId } from '../../../lib/base/id.ts';
import { createFastKdf } from '../vault/fast-kdf.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

let rig: Rig;
afterEach(() => rig.close());

async function start(minutes: number): Promise<Rig> {
  rig = await createRig({ kdf: createFastKdf() });
  await rig.services.local.initialise(MASTER_KEY);
  await rig.services.settings.set({ values: { 'vault.auto_lock_minutes': minutes } });
  await rig.services.lockWhenIdle();
  return rig;
}
async function after(minutes: number): Promise<string> {
  rig.clock.advance(minutes * 60_000);
  await rig.services.lockWhenIdle();
  return rig.vault.state();
}

it('a vault that nobody uses locks itself after the minutes that were set, letting streams drain', async () => {
  const { drained } = await start(10);
  expect(await after(9)).toBe('unlocked');
  expect(await after(1)).toBe('locked');
  expect(drained).toEqual([30_000]);
});

it('by default it never does', async () => {
  rig = await createRig({ kdf: createFastKdf() });
  await rig.services.local.initialise(MASTER_KEY);
  expect(await after(100_000)).toBe('unlocked');
});

it('an operator who does something, or watches, is use', async () => {
  const { services, sessions } = await start(10);
  const { token } = await services.session.unlock({ masterKey: MASTER_KEY, want: 'bearer' });
  expect(await after(9)).toBe('unlocked');
  const operator = await sessions.verify(token, 'bearer', null);
  if (!operator) throw new Error('a fresh bearer proves an operator');
  expect(await after(9)).toBe('unlocked');
  services.session.keepAlive(operator);
  expect(await after(9)).toBe('unlocked');
  expect(await after(9)).toBe('unlocked');
  expect(await after(1)).toBe('locked');
});

it('a call under way is use for as long as it takes, and one that came and went is use too', async () => {
  const { inFlight } = await start(10);
  const id = requestId('req-1');
  inFlight.begin({
    id,
    startedAtMs: 0,
    endpoint: 'responses',
    model: null,
    stream: true,
    clientKeyId: clientKeyId('c'),
    clientName: 'laptop',
    firstAccountId: accountId('a'),
    accountId: accountId('a'),
    attempts: 1,
    firstTokenMs: null,
    outputEvents: 0,
  });
  expect(await after(60)).toBe('unlocked');
  inFlight.end(id, null as never);
  expect(await after(9)).toBe('unlocked');
  expect(await after(9)).toBe('unlocked');
  expect(await after(1)).toBe('locked');
});

it('unlocking again begins to count anew', async () => {
  const { services } = await start(10);
  expect(await after(10)).toBe('locked');
  expect(await after(60)).toBe('locked');
  await services.local.unlock(MASTER_KEY);
  expect(await after(9)).toBe('unlocked');
});
