import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../server/demo/faults.ts';
import { scripts } from '../../../server/demo/faults.ts';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { type Answer, send } from '../demo/client.ts';

const TWO = [{ name: 'one' }, { name: 'two' }];

async function streamFrom(rig: Rig, path: string, body: object): Promise<Answer> {
  return send({ url: rig.url, path, key: CLIENT_KEY, body });
}

const surfaces = [
  [
    'chat',
    '/v1/chat/completions',
    chat({ stream: true, stream_options: { include_usage: true } }),
    'data: {"error":{',
  ],
  ['responses', '/v1/responses', responses({ stream: true }), 'event: response.failed\n'],
] as const;

const onBoundary: readonly (readonly [string, Fault])[] = [
  ['cut between two events', { kind: 'cut', onBoundary: true }],
  ['ended cleanly without its last event', { kind: 'clean_end' }],
  ['gone silent', { kind: 'stall', afterOutput: 2 }],
];

describe('A stream that breaks after output was shown', () => {
  for (const [surface, path, body, event] of surfaces) {
    for (const [how, fault] of onBoundary) {
      it(`is told broken in the form of ${surface} and never ends cleanly when it was ${how}`, async () => {
        await using rig = await openRig({
          accounts: TWO,
          config: (config) => ({ ...config, upstream: { ...config.upstream, idle_ms: 300 } }),
        });
        rig.emulator.script('sk-emulated-one', scripts.always(fault));
        const answer = await streamFrom(rig, path, body);
        expect(answer.status).toBe(200);
        expect(answer.whole).toBe(false);
        const at = answer.text.lastIndexOf(event);
        expect(at).toBeGreaterThan(0);
        expect(answer.text.slice(0, at).endsWith('\n\n')).toBe(true);
        expect(answer.text.slice(at)).toContain('upstream_interrupted');
        expect(rig.received('two')).toBe(0);
        const [row] = await rig.rows();
        expect(row).toMatchObject({
          outcome: 'interrupted',
          error_code: 'upstream_interrupted',
          status: 200,
          estimated: 1,
        });
        expect(row?.output_tokens).toBeGreaterThan(0);
      });
    }

    it(`is only cut off, without an event inside an event, on ${surface}`, async () => {
      await using rig = await openRig({ accounts: TWO });
      rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'cut', onBoundary: false }));
      const answer = await streamFrom(rig, path, body);
      expect(answer.whole).toBe(false);
      expect(answer.text).not.toContain('upstream_interrupted');
      expect(answer.text.endsWith('\n\n')).toBe(false);
    });
  }

  it('carries the next sequence number of a responses stream', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'cut', onBoundary: true }));
    const answer = await streamFrom(rig, '/v1/responses', responses({ stream: true }));
    const numbers = [...answer.text.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(3);
    expect(numbers).toEqual(numbers.map((_, at) => at));
  });

  it('forwards the upstream’s own error once and adds no second one', async () => {
    await using rig = await openRig({ accounts: TWO });
    const fault: Fault = { kind: 'error_event', form: 'error', code: 'server_error', afterOutput: 2 };
    rig.emulator.script('sk-emulated-one', scripts.always(fault));
    const answer = await streamFrom(rig, '/v1/responses', responses({ stream: true }));
    expect(answer.text.match(/event: error/g)).toHaveLength(1);
    expect(answer.text).not.toContain('upstream_interrupted');
    expect(answer.whole).toBe(false);
  });

  it('counts against the account: five of them open its breaker and the next call goes elsewhere', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'cut', onBoundary: true }));
    for (let i = 0; i < 5; i++) await streamFrom(rig, '/v1/responses', responses({ stream: true }));
    expect(rig.received('two')).toBeLessThanOrEqual(5);
    const after = await streamFrom(rig, '/v1/responses', responses({ stream: true }));
    expect(after.headers['x-cam-account']).toBe(rig.account('two').id);
    expect(after.whole).toBe(true);
  });
});

describe('A shutdown', () => {
  it('lets a call finish within its time', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'slow', eventDelayMs: 5 }));
    let drained: Promise<void> | null = null;
    const answer = await send({
      url: rig.url,
      path: '/v1/chat/completions',
      key: CLIENT_KEY,
      body: chat({ stream: true }),
      onChunk: () => {
        drained ??= rig.gateway.drain(10_000);
        return undefined;
      },
    });
    await drained;
    expect(answer.whole).toBe(true);
    expect(answer.text).toContain('[DONE]');
  });

  it('ends the rest with the broken ending and refuses new calls', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall', afterOutput: 2 }));
    let drained: Promise<void> | null = null;
    let refused: Promise<Response> | null = null;
    const answer = await send({
      url: rig.url,
      path: '/v1/responses',
      key: CLIENT_KEY,
      body: responses({ stream: true }),
      onChunk: (text) => {
        if (drained === null && text.includes('output_text.delta')) {
          drained = rig.gateway.drain(300);
          refused = rig.post('/v1/chat/completions', chat());
        }
        return undefined;
      },
    });
    await drained;
    expect(answer.whole).toBe(false);
    expect(answer.text).toContain('shutting_down');
    const other = await (refused as Promise<Response> | null);
    expect(other?.status).toBe(503);
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'interrupted', error_code: 'shutting_down' });
    expect(rig.room.pool.snapshot()[0]?.breakers).toEqual({});
  });
});
