import { describe, expect, it } from 'vitest';
import { scripts } from '../../../server/demo/faults.ts';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { send } from '../demo/client.ts';

async function settled(rig: Rig): Promise<void> {
  await rig.emulator.key('sk-emulated-one').idle();
  while (rig.room.inFlight.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('A client that leaves', () => {
  it('in the middle of a stream stops its upstream call within two seconds and punishes nobody', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall', afterOutput: 2 }));
    let leftAtMs = 0;
    await send({
      url: rig.url,
      path: '/v1/responses',
      key: CLIENT_KEY,
      body: responses({ stream: true }),
      onChunk: (text) => {
        if (!text.includes('output_text.delta')) return undefined;
        leftAtMs = Date.now();
        return 'leave';
      },
    });
    await settled(rig);
    const [call] = rig.emulator.key('sk-emulated-one').received;
    expect(call?.aborted).toBe(true);
    expect((call?.abortedAtMs ?? Infinity) - leftAtMs).toBeLessThan(2_000);
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'cancelled', account_id: rig.account('one').id, estimated: 1 });
    expect(row?.output_tokens).toBeGreaterThan(0);
    expect(row?.cost).toBeGreaterThan(0);
    expect(rig.room.pool.snapshot()[0]).toMatchObject({ inFlight: 0, breakers: {}, cooldowns: {} });
  });

  it('before any answer is recorded as cancelled, without a status, at what it was sent', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall', beforeHeaders: true }));
    const leaving = new AbortController();
    const gone = fetch(`${rig.url}/v1/chat/completions`, {
      method: 'POST',
      signal: leaving.signal,
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(chat()),
    }).catch(() => null);
    while (rig.received('one') === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort();
    await gone;
    await settled(rig);
    const [row] = await rig.rows();
    const { id } = rig.account('one');
    expect(row).toMatchObject({
      outcome: 'cancelled',
      status: null,
      account_id: id,
      estimated: 1,
      output_tokens: 0,
    });
    expect(row?.cost).toBeGreaterThan(0);
  });

  it('right after response.completed, before the end, has been served: Codex always does that', async () => {
    await using rig = await openRig({
      wrapDial: (dial) => (request, events) =>
        // The upstream's end never comes, so only the client's leaving can end the call.
        dial(request, {
          head: (status, headers) => events.head(status, headers),
          data: (chunk) => events.data(chunk),
          end: () => undefined,
          fail: (failure) => events.fail(failure),
        }),
    });
    await send({
      url: rig.url,
      path: '/v1/responses',
      key: CLIENT_KEY,
      body: responses({ stream: true }),
      onChunk: (text) => (text.includes('event: response.completed') ? 'leave' : undefined),
    });
    while (rig.room.inFlight.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'delivered', status: 200, estimated: 0 });
    expect(row?.output_tokens).toBeGreaterThan(0);
    expect(row?.cost).toBeGreaterThan(0);
  });
});

describe('A client that reads slowly', () => {
  it('gets every byte, and the upstream is held back meanwhile', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'huge_event', bytes: 6_000_000 }));
    const answer = await rig.post('/v1/chat/completions', chat({ stream: true }));
    const reader = answer.body?.getReader();
    let bytes = 0;
    let reads = 0;
    for (;;) {
      const next = await reader?.read();
      if (!next || next.done) break;
      bytes += next.value.length;
      if (reads++ < 5) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(bytes).toBeGreaterThan(6_000_000);
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'delivered' });
    expect(row?.response_bytes).toBeGreaterThanOrEqual(bytes);
  });
});
