import { request as httpRequest } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sayOutcome } from '../../../server/cli/call-text.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import type { Dial } from '../../../server/upstream/dial.ts';
import {
  CLIENT_KEY,
  chat,
  openRig,
  type Rig,
  responses,
  type SettledRow,
} from '../../support/gateway-rig.ts';
import { createTurnstile, until } from '../../support/turnstile.ts';

/** A call whose client can leave; `gone` resolves when it has. */
function leaving(rig: Rig, path = '/v1/chat/completions', body = chat(), headers = {}) {
  const client = new AbortController();
  const gone = fetch(`${rig.url}${path}`, {
    method: 'POST',
    signal: client.signal,
    headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }).then(
    (answer) => answer.text().catch(() => null),
    () => null,
  );
  return {
    leave: () => {
      client.abort();
      return gone;
    },
  };
}

/** Counts what has come of an answer. @param status in place of the one that came */
function createSeen(status?: number) {
  const seen = {
    bytes: 0,
    wrap:
      (dial: Dial): Dial =>
      (request, events) =>
        dial(request, {
          head: (came, headers) => events.head(status ?? came, headers),
          data: (chunk) => {
            seen.bytes += chunk.length;
            events.data(chunk);
          },
          end: () => events.end(),
          fail: (failure) => events.fail(failure),
        }),
  };
  return seen;
}

/** Nothing of the call goes on, and nobody is blamed for it. */
async function expectOver(rig: Rig, since: number): Promise<void> {
  await until(() => rig.room.pool.snapshot().every(({ inFlight }) => inFlight === 0));
  expect(performance.now() - since).toBeLessThan(2_000);
  expect(rig.room.inFlight.queued).toBe(0);
  for (const upstream of rig.room.pool.snapshot())
    expect(upstream).toMatchObject({ inFlight: 0, breakers: {}, cooldowns: {}, marks: [] });
}

/** It is over, and on record as one that reached nobody: it is known to have cost nothing, and counts nowhere. */
async function expectReachedNobody(rig: Rig, since: number): Promise<SettledRow> {
  await expectOver(rig, since);
  const [row, ...more] = await rig.rows();
  if (!row || more.length > 0) throw new Error('one call, one row');
  expect(row).toMatchObject({ outcome: 'cancelled', status: null, account_id: null, cost: 0, estimated: 0 });
  for (const { used } of rig.room.pool.snapshot()) expect(used.day.requests).toBe(0);
  return row;
}

/** It is over, and on record with the account that may charge for it and an estimate of how much, at least. */
async function expectCharged(rig: Rig, since: number): Promise<SettledRow> {
  await expectOver(rig, since);
  const [row, ...more] = await rig.rows();
  if (!row || more.length > 0) throw new Error('one call, one row');
  const { id } = rig.account('one');
  expect(row).toMatchObject({
    outcome: 'cancelled',
    status: null,
    account_id: id,
    attempts: 1,
    estimated: 1,
  });
  expect(row.input_tokens).toBeGreaterThan(0);
  expect(row.cost).toBeGreaterThan(0);
  expect(rig.limitBook.uses(id).day).toMatchObject({ requests: 1, tokens: row.total_tokens, cost: row.cost });
  return row;
}

/** The sentence that `cam explain` begins with. */
const told = async (rig: Rig, { id }: SettledRow) =>
  sayOutcome(await rig.explained(id)).replace(/after \d+(\.\d+)? m?s/, 'after so long');

describe('A client that leaves is forgotten within two seconds, and nobody is punished:', () => {
  it('while it waits its turn: the slot goes to the next, and the call is on record with the plan it waited with', async () => {
    const turnstile = createTurnstile();
    await using rig = await openRig({
      wrapDial: turnstile.wrap,
      config: (config) => ({
        ...config,
        routing: { ...config.routing, queue_ms: 20_000, in_flight_per_account: 1 },
      }),
    });
    const first = rig.post('/v1/chat/completions', chat());
    await until(() => turnstile.dials.length === 1);
    const second = leaving(rig);
    await until(() => rig.room.inFlight.queued === 1);
    const third = rig.post('/v1/chat/completions', chat());
    await until(() => rig.room.inFlight.queued === 2);
    const sinceMs = performance.now();
    await second.leave();
    await until(() => rig.room.inFlight.queued === 1);
    expect(performance.now() - sinceMs).toBeLessThan(2_000);
    turnstile.open(true);
    expect((await first).status).toBe(200);
    expect((await third).status).toBe(200);
    expect(turnstile.dials).toHaveLength(2);
    const rows = await rig.rows();
    expect(rows.map(({ outcome }) => outcome).sort()).toEqual(['cancelled', 'delivered', 'delivered']);
    const left = rows.find(({ outcome }) => outcome === 'cancelled');
    if (!left) throw new Error('the call that left is on record');
    expect(left).toMatchObject({
      status: null,
      account_id: null,
      first_account_id: '',
      attempts: 0,
      cost: 0,
    });
    const view = await rig.explained(left.id);
    expect(view).toMatchObject({ firstAccountName: '—', attemptList: [] });
    expect(view.plan).toMatchObject({ candidates: [], leftOut: [{ name: 'one', reason: 'full' }] });
    expect(view.plan?.waitedMs).toBeGreaterThan(0);
    expect(await told(rig, left)).toBe(
      'The client left after so long, while the call waited for an account; none was asked.',
    );
    expect(rig.limitBook.uses(rig.account('one').id).day.requests).toBe(2);
  });

  it('while it waits for another account after a first attempt', async () => {
    const turnstile = createTurnstile(true);
    await using rig = await openRig({
      accounts: [{ name: 'one' }, { name: 'two' }],
      wrapDial: turnstile.wrap,
      config: (config) => ({
        ...config,
        routing: { ...config.routing, queue_ms: 20_000, in_flight_per_account: 1 },
      }),
    });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.tooLarge(100, 200), 1));
    turnstile.open(false);
    const one = leaving(rig);
    await until(() => turnstile.underWay('one') === 1);
    const two = rig.post('/v1/chat/completions', chat());
    await until(() => turnstile.underWay('two') === 1);
    turnstile.letGo('one');
    await until(() => rig.room.inFlight.queued === 1);
    const sinceMs = performance.now();
    await one.leave();
    await until(() => rig.room.inFlight.queued === 0);
    expect(performance.now() - sinceMs).toBeLessThan(2_000);
    turnstile.open(true);
    expect((await two).status).toBe(200);
    expect((await rig.rows()).map(({ outcome }) => outcome).sort()).toEqual(['cancelled', 'delivered']);
    expect(rig.room.pool.snapshot()[0]).toMatchObject({ inFlight: 0, breakers: {}, cooldowns: {} });
  });

  it('while our own network is down', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', baseUrl: 'https://api.example/v1', allowLocal: false }],
      resolve: (_hostname, done) => done(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), []),
      reach: async () => false,
      networkProbeEveryMs: 20,
    });
    const call = leaving(rig);
    await until(() => rig.room.pool.network() === 'unreachable');
    const sinceMs = performance.now();
    await call.leave();
    const row = await expectReachedNobody(rig, sinceMs);
    expect(await told(rig, row)).toBe(
      'The client left after so long, after one could not serve it and before another account was asked.',
    );
  });

  it('between two attempts, before the second', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always(faults.overloaded(2)));
    const call = leaving(rig);
    await until(() => rig.received('one') === 1 && rig.room.pool.snapshot()[0]?.inFlight === 0);
    await until(() => Object.keys(rig.room.pool.snapshot()[0]?.breakers ?? {}).length === 1);
    const sinceMs = performance.now();
    await call.leave();
    await until(() => rig.room.inFlight.size === 0);
    expect(performance.now() - sinceMs).toBeLessThan(2_000);
    expect(rig.received('one')).toBe(1);
    // The failure that the account did answer with counts, once; that the client left does not.
    const breaker = rig.room.pool.snapshot()[0]?.breakers['gpt-5'];
    expect(breaker?.state === 'closed' && breaker.failuresAtMs).toHaveLength(1);
    expect((await rig.rows()).map(({ outcome, attempts }) => [outcome, attempts])).toEqual([
      ['cancelled', 1],
    ]);
  });

  it('while its ledger row is being written: nothing is dialled for it', async () => {
    let write = (): void => undefined;
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    let opening = false;
    const turnstile = createTurnstile(true);
    await using rig = await openRig({
      wrapDial: turnstile.wrap,
      wrapLedger: (ledger) => ({
        ...ledger,
        async open(row) {
          opening = true;
          await written;
          await ledger.open(row);
        },
      }),
    });
    const call = leaving(rig);
    await until(() => opening);
    const sinceMs = performance.now();
    await call.leave();
    await until(() => rig.listening.connections() === 0);
    write();
    await until(() => rig.room.inFlight.endedSince(0).ended.length === 1);
    expect(turnstile.dials).toEqual([]);
    const row = await expectReachedNobody(rig, sinceMs);
    expect(row).toMatchObject({ first_account_id: rig.account('one').id, attempts: 0 });
    expect(await told(rig, row)).toBe('The client left after so long, before any account was asked.');
  });

  it('while its account is being connected to', async () => {
    // Takes the connection and never says a word of TLS.
    const sockets = new Set<{ destroy(): void }>();
    const mute = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    {
      await using rig = await openRig({
        accounts: [{ name: 'one', baseUrl: `https://127.0.0.1:${port}/v1` }],
      });
      const call = leaving(rig);
      await until(() => sockets.size === 1);
      const sinceMs = performance.now();
      await call.leave();
      const row = await expectReachedNobody(rig, sinceMs);
      expect(await told(rig, row)).toBe('The client left after so long, before anything was sent to one.');
      expect((await rig.explained(row.id)).attemptList).toMatchObject([
        { accountName: 'one', left: 'unsent' },
      ]);
      for (const socket of sockets) socket.destroy();
    }
    await new Promise((resolve) => mute.close(resolve));
  });

  it('before the first byte', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall', beforeHeaders: true }));
    const call = leaving(rig);
    await until(() => rig.received('one') === 1);
    const sinceMs = performance.now();
    await call.leave();
    await rig.emulator.key('sk-emulated-one').idle();
    expect(rig.emulator.key('sk-emulated-one').received[0]?.aborted).toBe(true);
    const row = await expectCharged(rig, sinceMs);
    expect(row.output_tokens).toBe(0);
    expect(await told(rig, row)).toBe(
      'The client left after so long, while one had its request and had not answered.',
    );
    expect((await rig.explained(row.id)).attemptList).toMatchObject([
      { accountName: 'one', status: null, failure: null, left: 'unanswered' },
    ]);
  });

  it('in the middle of a JSON answer, of which what had come is counted', async () => {
    const seen = createSeen();
    await using rig = await openRig({ wrapDial: seen.wrap });
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall' }));
    const call = leaving(rig);
    await until(() => seen.bytes > 0);
    const sinceMs = performance.now();
    await call.leave();
    await rig.emulator.key('sk-emulated-one').idle();
    expect(rig.emulator.key('sk-emulated-one').received[0]?.aborted).toBe(true);
    const row = await expectCharged(rig, sinceMs);
    expect(row.response_bytes).toBe(seen.bytes);
    expect(await told(rig, row)).toBe(
      'The client left after so long, while one was answering, before anything of it was shown.',
    );
    expect((await rig.explained(row.id)).attemptList).toMatchObject([{ status: 200, left: 'unshown' }]);
  });

  it('while a stream is only starting, and nothing of it has been shown', async () => {
    const seen = createSeen();
    await using rig = await openRig({ wrapDial: seen.wrap });
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall', afterOutput: 0 }));
    const call = leaving(rig, '/v1/responses', responses({ stream: true }));
    await until(() => seen.bytes > 0);
    const sinceMs = performance.now();
    await call.leave();
    await rig.emulator.key('sk-emulated-one').idle();
    const row = await expectCharged(rig, sinceMs);
    expect((await rig.explained(row.id)).attemptList).toMatchObject([{ status: 200, left: 'unshown' }]);
  });

  it('while an account is spelling out a refusal, which nobody charges for', async () => {
    const seen = createSeen(400);
    await using rig = await openRig({ wrapDial: seen.wrap });
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'stall' }));
    const call = leaving(rig);
    await until(() => seen.bytes > 0);
    const sinceMs = performance.now();
    await call.leave();
    await expectOver(rig, sinceMs);
    expect(await rig.rows()).toMatchObject([{ outcome: 'cancelled', account_id: null, estimated: 0 }]);
  });

  it('while its upload is on the way', async () => {
    const turnstile = createTurnstile(true);
    await using rig = await openRig({ wrapDial: turnstile.wrap });
    const upload = httpRequest(`${rig.url}/v1/files`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${CLIENT_KEY}`,
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': '1000000',
      },
    });
    upload.on('error', () => undefined);
    upload.write('--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants\r\n');
    await until(() => turnstile.dials.length === 1);
    const sinceMs = performance.now();
    upload.destroy();
    await expectOver(rig, sinceMs);
    // What an upload costs nobody can count; who had it is known.
    expect(await rig.rows()).toMatchObject([
      { outcome: 'cancelled', account_id: rig.account('one').id, cost: null, estimated: 0 },
    ]);
    await rig.emulator.key('sk-emulated-one').idle();
  });

  it('as a probe: its place goes to the next call, which finds the account well', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always(faults.serverError()));
    for (let i = 0; i < 3; i++) await rig.post('/v1/responses', responses());
    expect(rig.room.pool.snapshot()[0]?.breakers['gpt-5']?.state).toBe('open');
    const received = rig.received('one');
    rig.emulator.script('sk-emulated-one', scripts.times({ kind: 'stall', beforeHeaders: true }, 1));
    rig.clock.advance(21_000);
    const probe = leaving(rig);
    await until(() => rig.received('one') === received + 1);
    expect((await rig.post('/v1/chat/completions', chat())).status).toBe(503);
    await probe.leave();
    await until(() => rig.room.inFlight.size === 0);
    expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
    expect(rig.room.pool.snapshot()[0]?.breakers).toEqual({});
  });
});
