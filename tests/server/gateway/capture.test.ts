/** What calls say is kept only where that was switched on, and whether it is changes nothing for anybody. */
import { describe, expect, it } from 'vitest';
import { scripts } from '../../../server/demo/faults.ts';
import { chat, openRig, type RigOptions, responses } from '../../support/gateway-rig.ts';

const capturing = (bodyBytesMax = 4_096): Pick<RigOptions, 'config'> => ({
  config: (config) => ({
    ...config,
    capture: { ...config.capture, enabled: true, body_bytes_max: bodyBytesMax },
  }),
});
const text = (bytes: Uint8Array | null | undefined): string =>
  new TextDecoder().decode(bytes ?? new Uint8Array());

describe('What a call says', () => {
  it('is not looked at by default', async () => {
    await using rig = await openRig();
    await (await rig.post('/v1/responses', responses())).text();
    await rig.rows();
    expect(rig.captured.size).toBe(0);
  });

  it('and is answered is kept as it went, streamed or not', async () => {
    await using rig = await openRig(capturing());
    for (const stream of [false, true]) {
      const answer = await rig.post('/v1/chat/completions', chat({ stream, user: 'somebody' }));
      const whole = await answer.text();
      await rig.rows();
      const bodies = rig.captured.get(answer.headers.get('x-cam-request-id') ?? '');
      expect(text(bodies?.request)).toContain('"user":"somebody"');
      expect(text(bodies?.response)).toBe(whole.slice(0, 4_096));
      expect(bodies?.responseBytes).toBe(Buffer.byteLength(whole));
    }
  });

  it('is cut at its size, and the client gets all of it', async () => {
    await using rig = await openRig(capturing(1_024));
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'huge_event', bytes: 300_000 }));
    const answer = await rig.post('/v1/chat/completions', chat({ stream: true, user: 'x'.repeat(5_000) }));
    const whole = await answer.text();
    expect(whole.length).toBeGreaterThan(300_000);
    await rig.rows();
    const [bodies] = [...rig.captured.values()];
    expect(bodies?.request).toHaveLength(1_024);
    expect(bodies?.requestBytes).toBeGreaterThan(5_000);
    expect(bodies?.response).toHaveLength(1_024);
    expect(bodies?.responseBytes).toBe(Buffer.byteLength(whole));
  });

  it('is kept of an answer that broke off, with the words that told so', async () => {
    await using rig = await openRig(capturing());
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'cut', onBoundary: true }));
    const answer = await rig.post('/v1/responses', responses({ stream: true }));
    await answer.text().catch(() => '');
    await rig.rows();
    const [bodies] = [...rig.captured.values()];
    expect(text(bodies?.response)).toContain('upstream_interrupted');
  });
});
