import { describe, expect, it } from 'vitest';
import type { Config } from '../../../lib/config.ts';
import { waitedMs } from '../../../lib/routing/attempt.ts';
import { type Fault, faults, scripts } from '../../../server/demo/faults.ts';
import { chat, openRig, type Rig, type RigAccount } from '../../support/gateway-rig.ts';
import { createTurnstile, type Turnstile, until } from '../../support/turnstile.ts';

type Routing = Partial<Config['routing']>;
const with_ = (routing: Routing) => (config: Config) => ({
  ...config,
  routing: { ...config.routing, ...routing },
});

const asks = (rig: Rig, text: string, key?: string): Promise<Response> =>
  rig.post(
    '/v1/chat/completions',
    chat({ messages: [{ role: 'user', content: text }] }),
    key === undefined ? {} : { authorization: `Bearer ${key}` },
  );

const order = ({ dials }: Turnstile): string[] =>
  dials.map(({ body }) => /"content":"(\w+)"/.exec(body)?.[1] ?? '?');

function open(routing: Routing, accounts: readonly RigAccount[] = [{ name: 'one' }]) {
  const turnstile = createTurnstile();
  const clientKeys = [{ name: 'A' }, { name: 'B', key: 'sk-codex-b' }, { name: 'C', key: 'sk-codex-c' }];
  const rig = openRig({ accounts, clientKeys, config: with_(routing), wrapDial: turnstile.wrap });
  return rig.then((opened) => ({ rig: opened, turnstile }));
}

/** Refused for so long, by the header that carries milliseconds. */
const limitedFor = (ms: number): Fault => ({
  kind: 'refuse',
  status: 429,
  code: 'rate_limit_exceeded',
  headers: { 'retry-after-ms': String(ms) },
});

describe('The cap of one account', () => {
  it('is exact under concurrency, and who finds it full is told so', async () => {
    const { rig, turnstile } = await open({ in_flight_per_account: 3 });
    await using _ = rig;
    let refused = 0;
    const calls = Array.from({ length: 20 }, async (_one, n) => {
      const answer = await asks(rig, `n${n}`);
      if (answer.status !== 200) refused++;
      return answer;
    });
    await until(() => refused === 17);
    expect(turnstile.dials).toHaveLength(3);
    turnstile.open(true);
    const answers = await Promise.all(calls);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(rig.received('one')).toBe(3);
    const one = answers.find(({ status }) => status === 503);
    expect(await one?.json()).toMatchObject({
      error: { code: 'all_accounts_unusable', details: { accounts: [{ reason: 'full' }] } },
    });
  });
});

describe('With queue_ms, a call that finds every account full', () => {
  it('waits, is counted as queued, and is served by the slot that comes free: one call for one slot', async () => {
    const { rig, turnstile } = await open({ in_flight_per_account: 2, queue_ms: 20_000 });
    await using _ = rig;
    const calls = Array.from({ length: 12 }, (_one, n) => asks(rig, `n${n}`));
    await until(() => rig.room.inFlight.queued === 10);
    expect(turnstile.dials).toHaveLength(2);
    for (let served = 1; served <= 10; served++) {
      turnstile.letGo('one');
      await until(() => rig.room.inFlight.queued === 10 - served && turnstile.underWay('one') === 2);
      expect(turnstile.dials).toHaveLength(2 + served);
    }
    turnstile.open(true);
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(new Array(12).fill(200));
    expect(Math.max(...turnstile.dials.map(({ together }) => together))).toBe(2);
    expect(rig.room.inFlight.queued).toBe(0);
  });

  it('is told how much of its time was our own work, and its wait apart from that', async () => {
    const { rig, turnstile } = await open({ in_flight_per_account: 1, queue_ms: 60_000 });
    await using _ = rig;
    const first = asks(rig, 'first');
    await until(() => turnstile.dials.length === 1);
    const second = asks(rig, 'second');
    await until(() => rig.room.inFlight.queued === 1);
    rig.clock.advance(30_000);
    turnstile.open(true);
    await first;
    const answer = await second;
    await answer.text();
    const ownUs = Number(answer.headers.get('x-cam-overhead-us'));
    expect(ownUs).toBeGreaterThan(0);
    expect(ownUs).toBeLessThan(15_000_000);
    const view = await rig.explained(answer.headers.get('x-cam-request-id'));
    expect(view.overheadUs).toBe(ownUs);
    expect(view.attemptList[0]?.waitedMs).toBeGreaterThanOrEqual(30_000);
    expect(waitedMs(view.attemptList, view.plan)).toBe(view.attemptList[0]?.waitedMs);
  });

  it('is not starved by a client key that sends many: keys take turns, and a key keeps its order', async () => {
    const { rig, turnstile } = await open({ in_flight_per_account: 1, queue_ms: 20_000 });
    await using _ = rig;
    const calls: Promise<Response>[] = [];
    const arrive = async (text: string, key?: string): Promise<void> => {
      const before = rig.room.inFlight.queued + turnstile.dials.length;
      calls.push(asks(rig, text, key));
      await until(() => rig.room.inFlight.queued + turnstile.dials.length > before);
    };
    for (const text of ['a0', 'a1', 'a2', 'a3']) await arrive(text);
    for (const text of ['b1', 'b2']) await arrive(text, 'sk-codex-b');
    await arrive('c1', 'sk-codex-c');
    turnstile.open(true);
    await Promise.all(calls);
    expect(order(turnstile)).toEqual(['a0', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('is not overtaken by one that comes later', async () => {
    const { rig, turnstile } = await open({ in_flight_per_account: 1, queue_ms: 20_000 });
    await using _ = rig;
    const calls = [asks(rig, 'first')];
    await until(() => turnstile.dials.length === 1);
    calls.push(asks(rig, 'waiting'));
    await until(() => rig.room.inFlight.queued === 1);
    turnstile.letGo('one');
    calls.push(asks(rig, 'later', 'sk-codex-b'));
    turnstile.open(true);
    await Promise.all(calls);
    expect(order(turnstile)).toEqual(['first', 'waiting', 'later']);
  });

  it('is answered as ever when its time is over, with how long it waited', async () => {
    const { rig, turnstile } = await open({ in_flight_per_account: 1, queue_ms: 60 });
    await using _ = rig;
    const first = asks(rig, 'first');
    await until(() => turnstile.dials.length === 1);
    const refused = await asks(rig, 'second');
    expect(refused.status).toBe(503);
    const { error } = await refused.json();
    expect(error).toMatchObject({
      code: 'all_accounts_unusable',
      details: { accounts: [{ reason: 'full' }] },
    });
    expect(error.details.waitedMs).toBeGreaterThanOrEqual(60);
    expect(error.message).toContain('has waited');
    turnstile.open(true);
    await first;
  });

  it('finds no place beyond queue_max, unless another key takes more of them', async () => {
    const { rig, turnstile } = await open({ in_flight_per_account: 1, queue_ms: 20_000, queue_max: 2 });
    await using _ = rig;
    const first = asks(rig, 'first');
    await until(() => turnstile.dials.length === 1);
    const waiting = [asks(rig, 'a1'), asks(rig, 'a2')];
    await until(() => rig.room.inFlight.queued === 2);
    expect((await asks(rig, 'a3')).status).toBe(503);
    const other = asks(rig, 'b1', 'sk-codex-b');
    expect((await Promise.race(waiting)).status).toBe(503);
    turnstile.open(true);
    expect((await other).status).toBe(200);
    expect((await first).status).toBe(200);
    expect((await Promise.all(waiting)).map(({ status }) => status).sort()).toEqual([200, 503]);
  });

  it('goes at once when an operator clears what keeps its account out', async () => {
    const { rig, turnstile } = await open({ queue_ms: 60_000 });
    await using _ = rig;
    rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(50), 1));
    turnstile.open(true);
    expect((await asks(rig, 'limited')).status).toBe(429);
    const waiting = asks(rig, 'waiting');
    await until(() => rig.room.inFlight.queued === 1);
    rig.room.pool.clearMarks(rig.account('one').id);
    expect((await waiting).status).toBe(200);
  });

  it('does not wait for an account that an operator disables meanwhile', async () => {
    const { rig, turnstile } = await open({ queue_ms: 60_000, in_flight_per_account: 1 });
    await using _ = rig;
    const first = asks(rig, 'first');
    await until(() => turnstile.dials.length === 1);
    const waiting = asks(rig, 'waiting');
    await until(() => rig.room.inFlight.queued === 1);
    const account = { ...rig.account('one'), enabled: false };
    const facts = { organization: null, project: null, modelIds: null, checkedAtMs: null };
    rig.room.pool.put(account.id, { account, facts, health: null });
    const refused = await waiting;
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      error: { details: { accounts: [{ reason: 'disabled' }] } },
    });
    turnstile.open(true);
    expect((await first).status).toBe(200);
  });
});

describe('With queue_ms, a call that finds every account cooling down', () => {
  it('waits for the first to come back', async () => {
    const { rig, turnstile } = await open({ queue_ms: 20_000, attempts_max: 1 });
    await using _ = rig;
    turnstile.open(true);
    rig.emulator.script('sk-emulated-one', scripts.times(limitedFor(150), 1));
    expect((await asks(rig, 'limited')).status).toBe(429);
    const answer = await asks(rig, 'waiting');
    expect(answer.status).toBe(200);
    expect(rig.received('one')).toBe(2);
  });

  it('waits just so when it was the one that was told: its second attempt is the answer', async () => {
    const { rig, turnstile } = await open({ queue_ms: 20_000 });
    await using _ = rig;
    turnstile.open(true);
    rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(2.5), 1));
    const answer = await asks(rig, 'told');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-cam-attempts')).toBe('2');
    expect(rig.received('one')).toBe(2);
  });

  it('is refused at once when that is later than it may wait', async () => {
    const { rig, turnstile } = await open({ queue_ms: 20_000 });
    await using _ = rig;
    turnstile.open(true);
    rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(50), 1));
    expect((await asks(rig, 'limited')).status).toBe(429);
    const refused = await asks(rig, 'refused');
    expect(refused.status).toBe(429);
    expect((await refused.json()).error.details.waitedMs).toBeUndefined();
  });
});

describe('A shutdown', () => {
  it('ends the calls that wait, and says so', async () => {
    const { rig, turnstile } = await open({ in_flight_per_account: 1, queue_ms: 20_000 });
    await using _ = rig;
    const first = asks(rig, 'first');
    await until(() => turnstile.dials.length === 1);
    const waiting = asks(rig, 'waiting');
    await until(() => rig.room.inFlight.queued === 1);
    await rig.gateway.drain(0);
    expect(await (await waiting).json()).toMatchObject({ error: { code: 'shutting_down' } });
    expect((await first).status).toBe(503);
    expect(rig.room.inFlight.queued).toBe(0);
    expect(turnstile.dials).toHaveLength(1);
  });
});

describe('With affinity = "wait", a conversation', () => {
  const session = { 'x-session-id': 'a-conversation' };

  it('waits for its own account although another is free, and goes there when it is back', async () => {
    const two = [{ name: 'one' }, { name: 'two' }];
    const { rig, turnstile } = await open({ affinity: 'wait', in_flight_per_account: 1 }, two);
    await using _ = rig;
    turnstile.open(true);
    await (await rig.post('/v1/chat/completions', chat(), session)).text();
    turnstile.open(false);
    const other = asks(rig, 'other');
    await until(() => turnstile.underWay('one') === 1);
    const next = rig.post('/v1/chat/completions', chat(), session);
    await until(() => rig.room.inFlight.queued === 1);
    turnstile.open(true);
    expect((await next).headers.get('x-cam-account')).toBe(rig.account('one').id);
    await other;
  });

  it('goes elsewhere after affinity_wait_ms', async () => {
    const two = [{ name: 'one' }, { name: 'two' }];
    const wait: Routing = { affinity: 'wait', affinity_wait_ms: 1_500, in_flight_per_account: 1 };
    const { rig, turnstile } = await open(wait, two);
    await using _ = rig;
    turnstile.open(true);
    await (await rig.post('/v1/chat/completions', chat(), session)).text();
    turnstile.open(false);
    const other = asks(rig, 'other');
    await until(() => turnstile.underWay('one') === 1);
    const next = rig.post('/v1/chat/completions', chat(), session);
    await until(() => rig.room.inFlight.queued === 1);
    await until(() => turnstile.underWay('two') === 1);
    turnstile.letGo('two');
    expect((await next).headers.get('x-cam-account')).toBe(rig.account('two').id);
    turnstile.open(true);
    await other;
  });
});
