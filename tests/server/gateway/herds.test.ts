import { describe, expect, it } from 'vitest';
import type { Config } from '../../../lib/config.ts';
import { type Fault, faults, scripts } from '../../../server/demo/faults.ts';
import { chat, openRig, type Rig, type RigAccount, responses } from '../../support/gateway-rig.ts';
import { createTurnstile, type Turnstile, until } from '../../support/turnstile.ts';

const STEP_MS = 40;
const RAMP: Partial<Config['routing']> = { ramp_step_ms: STEP_MS, ramp_ms: 10_000 };

async function open(accounts: readonly RigAccount[], routing: Partial<Config['routing']> = RAMP) {
  const turnstile = createTurnstile(true);
  const rig = await openRig({
    accounts,
    wrapDial: turnstile.wrap,
    config: (config) => ({ ...config, routing: { ...config.routing, ...routing } }),
  });
  return { rig, turnstile };
}

const turn = (rig: Rig, session: string): Promise<Response> =>
  rig.post('/v1/chat/completions', chat(), { 'x-session-id': session });
const script = (rig: Rig, name: string, fault: Fault, times?: number) =>
  rig.emulator.script(`sk-emulated-${name}`, times ? scripts.times(fault, times) : scripts.always(fault));
const SESSIONS = Array.from({ length: 16 }, (_one, n) => `conversation-${n}`);

/** At no moment more together than the ramp allows: one, and one more for every step since the first. */
function expectRamped({ dials }: Turnstile, account: string, from = 0): void {
  const there = dials.slice(from).filter((one) => one.account === account);
  const startMs = there[0]?.atMs ?? 0;
  for (const { atMs, together } of there) {
    expect(together).toBeLessThanOrEqual(1 + Math.ceil((atMs - startMs) / STEP_MS));
  }
}

describe('When an account goes out and its conversations move', () => {
  it('they come to the next one after the other, none fails, and the account that went out is left alone', async () => {
    const { rig, turnstile } = await open([{ name: 'one' }, { name: 'two' }]);
    await using _ = rig;
    await Promise.all(SESSIONS.map((session) => turn(rig, session)));
    script(rig, 'one', faults.rateLimit(50));
    script(rig, 'two', { kind: 'slow', eventDelayMs: 0, firstByteDelayMs: 300 });
    const before = turnstile.dials.length;
    const [finds, ...others] = SESSIONS;
    await turn(rig, finds ?? '');
    const answers = await Promise.all(others.map((session) => turn(rig, session)));
    expect(answers.map(({ status }) => status)).toEqual(others.map(() => 200));
    const dialled = turnstile.dials.slice(before).map(({ account }) => account);
    expect(dialled).toEqual(['one', ...SESSIONS.map(() => 'two')]);
    expectRamped(turnstile, 'two', before);
  });

  it('a single agent’s call goes at once', async () => {
    const { rig } = await open([{ name: 'one' }, { name: 'two' }], { ramp_step_ms: 10_000 });
    await using _ = rig;
    await turn(rig, 'a');
    script(rig, 'one', faults.rateLimit(50));
    for (let i = 0; i < 3; i++) expect((await turn(rig, 'a')).status).toBe(200);
    const rows = await rig.rows();
    expect(rows.map(({ attempts }) => attempts)).toEqual([1, 2, 1, 1]);
  });

  it('those for whom the next has no room yet go to another one, at once', async () => {
    const three = [{ name: 'one' }, { name: 'two' }, { name: 'three' }];
    const { rig, turnstile } = await open(three, { ramp_step_ms: 10_000 });
    await using _ = rig;
    await Promise.all(['a', 'b'].map((session) => turn(rig, session)));
    script(rig, 'one', faults.rateLimit(50));
    await turn(rig, 'c');
    turnstile.open(false);
    const moving = ['a', 'b'].map((session) => turn(rig, session));
    await until(() => turnstile.underWay('two') === 1 && turnstile.underWay('three') === 1);
    turnstile.open(true);
    expect((await Promise.all(moving)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('calls that belong nowhere are not held back', async () => {
    const { rig, turnstile } = await open([{ name: 'one' }, { name: 'two' }], { ramp_step_ms: 10_000 });
    await using _ = rig;
    await turn(rig, 'a');
    script(rig, 'one', faults.rateLimit(50));
    await turn(rig, 'b');
    turnstile.open(false);
    const moved = turn(rig, 'a');
    const ordinary = Array.from({ length: 5 }, () => rig.post('/v1/chat/completions', chat()));
    await until(() => turnstile.underWay('two') === 6);
    turnstile.open(true);
    expect((await Promise.all([moved, ...ordinary])).map(({ status }) => status)).not.toContain(503);
  });

  it('a ramp is no reason to fail: who waited wait_max_ms for it goes all the same', async () => {
    const slow = { ramp_step_ms: 10_000, ramp_ms: 60_000, wait_max_ms: 60 };
    const { rig, turnstile } = await open([{ name: 'one' }, { name: 'two' }], slow);
    await using _ = rig;
    await Promise.all(['a', 'b', 'c'].map((session) => turn(rig, session)));
    script(rig, 'one', faults.rateLimit(50));
    await turn(rig, 'd');
    turnstile.open(false);
    const moving = ['a', 'b', 'c'].map((session) => turn(rig, session));
    await until(() => turnstile.underWay('two') === 3);
    turnstile.open(true);
    expect((await Promise.all(moving)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('When an account comes back', () => {
  it('from a rate limit, everybody who waited comes one after the other', async () => {
    const { rig, turnstile } = await open([{ name: 'one' }]);
    await using _ = rig;
    script(rig, 'one', faults.rateLimit(30), 1);
    await turn(rig, 'a');
    rig.clock.advance(30_001);
    script(rig, 'one', { kind: 'slow', eventDelayMs: 0, firstByteDelayMs: 300 });
    const answers = await Promise.all(SESSIONS.map((session) => turn(rig, session)));
    expect(answers.map(({ status }) => status)).toEqual(SESSIONS.map(() => 200));
    expectRamped(turnstile, 'one', 1);
  });

  it('a conversation waits for its turn there rather than lose its encrypted reasoning elsewhere', async () => {
    const { rig, turnstile } = await open([{ name: 'one' }, { name: 'two' }]);
    await using _ = rig;
    const think = async (session: string, output: object[] = []): Promise<Response> => {
      const input = [...output, { type: 'message', role: 'user', content: 'go on' }];
      const body = responses({ input, store: false, include: ['reasoning.encrypted_content'] });
      return rig.post('/v1/responses', body, { 'session-id': session });
    };
    const history = new Map<string, object[]>();
    for (const session of ['a', 'b', 'c']) {
      const { output } = await (await think(session)).json();
      history.set(session, output);
    }
    script(rig, 'one', faults.rateLimit(30), 1);
    await rig.post('/v1/responses', responses());
    rig.clock.advance(30_001);
    turnstile.open(false);
    const next = ['a', 'b', 'c'].map((session) => think(session, history.get(session)));
    await until(() => turnstile.underWay('one') === 3);
    turnstile.open(true);
    for (const answer of await Promise.all(next)) {
      expect(answer.headers.get('x-cam-account')).toBe(rig.account('one').id);
      expect(answer.headers.get('x-cam-reasoning')).toBe(null);
    }
  });

  it('from an open breaker, exactly one probe goes, however many ask at once, and then a ramp', async () => {
    const { rig, turnstile } = await open([{ name: 'one' }, { name: 'two' }]);
    await using _ = rig;
    script(rig, 'one', faults.serverError());
    for (let i = 0; i < 5; i++) await rig.post('/v1/chat/completions', chat());
    expect(rig.received('one')).toBe(5);
    script(rig, 'one', { kind: 'healthy' });
    rig.clock.advance(15_001);
    turnstile.open(false);
    const asking = SESSIONS.map((session) => turn(rig, session));
    await until(() => rig.room.inFlight.size === SESSIONS.length);
    await until(() => turnstile.underWay('two') === SESSIONS.length - 1);
    expect(turnstile.underWay('one')).toBe(1);
    turnstile.open(true);
    await Promise.all(asking);
    const before = turnstile.dials.length;
    script(rig, 'one', { kind: 'slow', eventDelayMs: 0, firstByteDelayMs: 200 });
    await Promise.all(SESSIONS.map(() => rig.post('/v1/chat/completions', chat())));
    expectRamped(turnstile, 'one', before);
  });

  it('a probe whose answer has begun is proof enough: nobody waits for the end of its stream', async () => {
    const { rig } = await open([{ name: 'one' }]);
    await using _ = rig;
    script(rig, 'one', faults.serverError());
    for (let i = 0; i < 3; i++) await turn(rig, 'a');
    expect(rig.room.pool.snapshot()[0]?.breakers['gpt-5']?.state).toBe('open');
    rig.clock.advance(21_000);
    script(rig, 'one', { kind: 'stall', afterOutput: 1 }, 1);
    const leaving = new AbortController();
    const stream = await fetch(`${rig.url}/v1/chat/completions`, {
      method: 'POST',
      signal: leaving.signal,
      headers: {
        authorization: 'Bearer sk-codex-account-manager',
        'content-type': 'application/json',
      },
      body: JSON.stringify(chat({ stream: true })),
    });
    expect(stream.status).toBe(200);
    expect(rig.room.pool.snapshot()[0]?.breakers).toEqual({});
    expect((await turn(rig, 'b')).status).toBe(200);
    leaving.abort();
  });
});

describe('A storm: 200 calls against three accounts that refuse', () => {
  it('costs at most three upstream calls each, none once the breakers are open, and is over 30 s after its end', async () => {
    const three = ['one', 'two', 'three'].map((name) => ({ name }));
    const { rig } = await open(three, {});
    await using _ = rig;
    const received = () => three.reduce((sum, { name }) => sum + rig.received(name), 0);
    script(rig, 'one', faults.rateLimit(20));
    script(rig, 'two', faults.serverError());
    script(rig, 'three', faults.serverError());
    const storm = Array.from({ length: 200 }, () => rig.post('/v1/chat/completions', chat()));
    await Promise.all(storm.map(async (call) => (await call).text()));
    const rows = await rig.rows();
    expect(Math.max(...rows.map(({ attempts }) => attempts ?? 0))).toBeLessThanOrEqual(3);
    // Those who were on their way when the breakers opened; everybody after them was told at once.
    const cost = received();
    expect(cost).toBeLessThanOrEqual(600);
    const after = await Promise.all(
      Array.from({ length: 50 }, () => rig.post('/v1/chat/completions', chat())),
    );
    expect(received()).toBe(cost);
    for (const answer of after) {
      expect(answer.status).toBeGreaterThanOrEqual(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    for (const { name } of three) script(rig, name, { kind: 'healthy' });
    rig.clock.advance(30_000);
    const well = await Promise.all(
      Array.from({ length: 20 }, () => rig.post('/v1/chat/completions', chat())),
    );
    expect(well.map(({ status }) => status)).toEqual(well.map(() => 200));
  });
});
