import { describe, expect, it } from 'vitest';
import { CamError } from '../../../lib/errors.ts';
import { scripts } from '../../../server/demo/faults.ts';
import { CLIENT_KEY, chat, openRig, responses } from '../../support/gateway-rig.ts';
import { send } from '../demo/client.ts';

describe('While a stream is silent', () => {
  it('the client gets a comment every 15 seconds as a sign of life, between events only', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall', afterOutput: 2 }));
    let advanced = false;
    const answer = await send({
      url: rig.url,
      path: '/v1/responses',
      key: CLIENT_KEY,
      body: responses({ stream: true }),
      onChunk: (text) => {
        if (text.includes(': keep-alive')) return 'leave';
        if (!advanced && text.includes('output_text.delta')) {
          advanced = true;
          rig.clock.advance(16_000);
        }
        return undefined;
      },
    });
    expect(answer.text.endsWith('\n\n: keep-alive\n\n')).toBe(true);
  });

  it('it ends after the total time, told as broken', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall', afterOutput: 2 }));
    let advanced = false;
    const answer = await send({
      url: rig.url,
      path: '/v1/responses',
      key: CLIENT_KEY,
      body: responses({ stream: true }),
      onChunk: (text) => {
        if (!advanced && text.includes('output_text.delta')) {
          advanced = true;
          rig.clock.advance(3_600_001);
        }
        return undefined;
      },
    });
    expect(answer.whole).toBe(false);
    expect(answer.text).toContain('upstream_interrupted');
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'interrupted' });
  });
});

describe('A provider that compresses although it was asked not to', () => {
  it('is passed through with its encoding, unread and whole', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'gzip' }));
    const plain = await rig.post('/v1/chat/completions', chat());
    expect(await plain.json()).toMatchObject({ object: 'chat.completion' });
    const stream = await rig.post('/v1/responses', responses({ stream: true }));
    expect(await stream.text()).toContain('response.completed');
    const rows = await rig.rows();
    expect(rows.map(({ outcome, cost }) => [outcome, cost])).toEqual([
      ['delivered', null],
      ['delivered', null],
    ]);
  });
});

describe('Figures that nobody knows', () => {
  it('stay unknown: no usage and no count of ours means no tokens and no cost, never zero', async () => {
    await using rig = await openRig({
      wrapTokenCounter: (counter) => ({ ...counter, count: () => Promise.resolve(null) }),
    });
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'no_usage' }));
    await (await rig.post('/v1/responses', responses({ stream: true }))).text();
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'delivered', input_tokens: null, output_tokens: null, cost: null });
    expect(row).toMatchObject({ total_tokens: null, estimated: 0 });
  });

  it('a model without a price is metered and costs an unknown amount', async () => {
    await using rig = await openRig();
    await (await rig.post('/v1/chat/completions', chat({ model: 'nobody-knows-this-model' }))).text();
    const [row] = await rig.rows();
    expect(row?.input_tokens).toBeGreaterThan(0);
    expect(row?.cost).toBe(null);
  });
});

describe('When something of ours fails', () => {
  it('nothing is dialled that could not be written down first', async () => {
    await using rig = await openRig({
      wrapLedger: (ledger) => ({
        ...ledger,
        open: () => Promise.reject(new CamError('storage_failed', 'The disk is full.')),
      }),
    });
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { code: 'storage_failed' } });
    expect(rig.received('one')).toBe(0);
    expect(rig.room.pool.snapshot()[0]?.used.day.requests).toBe(0);
  });

  it('the call is on record as failed, its lease and its hold are let go, and no account is blamed', async () => {
    await using rig = await openRig({
      wrapDial: () => () => {
        throw new Error('a bug');
      },
    });
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('a bug');
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'failed', error_code: 'internal' });
    expect(rig.room.inFlight.size).toBe(0);
    expect(rig.room.pool.snapshot()[0]).toMatchObject({ inFlight: 0, breakers: {} });
  });

  it('a vault that is locked between two calls refuses the second before anything else', async () => {
    await using rig = await openRig();
    expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
    rig.vault.lock();
    expect((await rig.post('/v1/chat/completions', chat())).status).toBe(503);
    expect(rig.received('one')).toBe(1);
  });
});

describe('Paths that are not routed', () => {
  it('go to the account with the lowest priority number, always the same, and never elsewhere', async () => {
    await using rig = await openRig({
      accounts: [
        { name: 'one', priority: 5 },
        { name: 'two', priority: 1 },
      ],
    });
    for (const path of ['/v1/files?limit=1', '/v1/batches']) {
      await fetch(`${rig.url}${path}`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });
    }
    expect(rig.emulator.key('sk-emulated-one').received).toHaveLength(0);
    expect(rig.emulator.key('sk-emulated-two').received).toHaveLength(2);
    const rows = await rig.rows();
    expect(rows.every(({ first_account_id }) => first_account_id === rig.account('two').id)).toBe(true);
  });
});

describe('An outbound proxy that cannot be reached', () => {
  it('fails closed: the call is not sent past it, and the account is not blamed', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', baseUrl: 'https://api.example/v1', allowLocal: false }],
      env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
      resolve: (_hostname, done) => done(null, [{ address: '93.184.216.34', family: 4 }]),
    });
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(await answer.text()).toMatch(/proxy/i);
    expect(Object.keys(rig.room.pool.snapshot()[0]?.breakers ?? {})).toEqual(['#proxy']);
  });
});
