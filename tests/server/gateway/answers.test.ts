import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../server/demo/emulator.ts';
import { chat, openRig, responses } from '../../support/gateway-rig.ts';

describe('An ordinary call', () => {
  it('is answered by the account, byte for byte, and is on record with its usage and cost', async () => {
    await using rig = await openRig();
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { choices: unknown[]; usage: { prompt_tokens: number } };
    expect(body.choices).toHaveLength(1);
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('one').id);
    expect(answer.headers.get('x-cam-attempts')).toBe('1');
    const [row] = await rig.rows();
    expect(row).toMatchObject({
      outcome: 'delivered',
      status: 200,
      account_id: rig.account('one').id,
      attempts: 1,
      input_tokens: body.usage.prompt_tokens,
    });
    expect(row?.cost).toBeGreaterThan(0);
  });

  it('streams its events as the provider sent them and meters the last one', async () => {
    await using rig = await openRig();
    const answer = await rig.post('/v1/responses', responses({ stream: true }));
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(text.startsWith('event: response.created\n')).toBe(true);
    expect(text).toContain('event: response.completed\n');
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'delivered', status: 200 });
    expect(row?.output_tokens).toBeGreaterThan(0);
    expect(row?.first_token_ms).not.toBeNull();
  });
});

describe('An account without a secure connection to its provider', () => {
  it.each([
    ['opencode/1.18.33', 403],
    ['curl/8.5.0', 502],
  ])('is said at once to be no matter of trying again, to %s with %s', async (agent, status) => {
    const plain = await createEmulator();
    {
      await using rig = await openRig({
        accounts: [{ name: 'one', baseUrl: plain.baseUrl.replace('http:', 'https:') }],
      });
      const answer = await rig.post('/v1/responses', responses(), { 'user-agent': agent });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('x-should-retry')).toBe('false');
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      expect(error.code).toBe('upstream_tls');
      expect(error.message).toContain('base URL');
    }
    await plain.close();
  });
});
