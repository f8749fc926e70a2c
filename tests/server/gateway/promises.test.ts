/** What people have lost with gateways of this kind, and must not lose here; each as one promise. */
import { describe, expect, it } from 'vitest';
import { type Fault, faults, scripts } from '../../../server/demo/faults.ts';
import type { DialTimes } from '../../../server/upstream/dial.ts';
import { chat, openRig, responses } from '../../support/gateway-rig.ts';

const TWO = [{ name: 'one' }, { name: 'two' }];
const MINUTE_MS = 60_000;

describe('It is a promise that', () => {
  it('one agent that repeats a wrong request all day takes no account away from the others', async () => {
    await using rig = await openRig({ accounts: TWO });
    const wrong: readonly Fault[] = [400, 404, 413, 415, 422].map((status) => ({
      kind: 'refuse',
      status,
      code: status === 400 ? 'context_length_exceeded' : null,
      type: 'invalid_request_error',
      message: 'That does not fit.',
    }));
    for (const fault of wrong) {
      rig.emulator.script('sk-emulated-one', scripts.times(fault, 10));
      for (let n = 0; n < 10; n++) {
        const answer = await rig.post('/v1/responses', responses());
        expect(answer.status).toBe('status' in fault ? fault.status : 0);
        expect(await answer.text()).toContain('That does not fit.');
      }
    }
    expect(rig.received('two')).toBe(0);
    const answer = await rig.post('/v1/responses', responses());
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('one').id);
  });

  it('an empty purse that comes as a 429 is not waited for like a rate limit: one call finds it, then one an hour', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.quota('insufficient_quota')));
    for (let minute = 0; minute < 121; minute++) {
      const answer = await rig.post('/v1/chat/completions', chat());
      expect(answer.status).toBe(200);
      rig.clock.advance(MINUTE_MS);
    }
    expect(rig.received('one')).toBeGreaterThanOrEqual(2);
    expect(rig.received('one')).toBeLessThanOrEqual(3);
    rig.emulator.script('sk-emulated-one', scripts.healthy);
    rig.clock.advance(60 * MINUTE_MS);
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('one').id);
  });

  it('a model that thinks for nine minutes before its first byte, and for fourteen between two, is waited for', async () => {
    const waits: DialTimes[] = [];
    await using rig = await openRig({
      wrapDial: (dial) => (request, events) => {
        waits.push(request.times);
        return dial(request, events);
      },
    });
    await (await rig.post('/v1/responses', responses({ stream: true }))).text();
    await (await rig.post('/v1/responses', responses({ stream: true, service_tier: 'flex' }))).text();
    const [ordinary, flex] = waits;
    expect(ordinary?.firstByteMs).toBeGreaterThan(9 * MINUTE_MS);
    expect(ordinary?.idleMs).toBeGreaterThan(14 * MINUTE_MS);
    expect(flex?.firstByteMs).toBeGreaterThan(19 * MINUTE_MS);
  });

  it('an account that is nearly at the limit its provider tells is left alone before it has to refuse', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', emulated: { requestsPerMinute: 10 } }, { name: 'two' }],
      config: (config) => ({ ...config, routing: { ...config.routing, strategy: 'least_utilized' } }),
    });
    for (let n = 0; n < 40; n++) {
      const answer = await rig.post('/v1/chat/completions', chat());
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-cam-attempts')).toBe('1');
    }
    expect(rig.received('one')).toBeGreaterThan(0);
    expect(rig.received('one')).toBeLessThan(10);
  });

  it('a refusal of this gateway is never mistaken for one of the provider: it has a code of its own and says so', async () => {
    await using rig = await openRig({ accounts: TWO });
    for (const { name } of TWO)
      rig.emulator.script(`sk-emulated-${name}`, scripts.always(faults.rateLimit(30)));
    const answer = await rig.post('/v1/chat/completions', chat());
    const { error } = await answer.json();
    expect(answer.status).toBe(429);
    expect(error.code).toBe('all_accounts_cooling_down');
    expect(error.message).not.toMatch(/TPM|Used 29500|Please try again in/);
    expect(answer.headers.get('x-request-id')).toBe(null);
    expect(error.details.accounts).toHaveLength(2);
  });
});
