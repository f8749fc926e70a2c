import { describe, expect, it } from 'vitest';
import type { Config } from '../../../lib/config.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { openRig, type Rig, responses } from '../../support/gateway-rig.ts';

const THREE = ['one', 'two', 'three'].map((name) => ({ name }));
const SESSION = { 'session-id': 'session-1' };

interface Item {
  readonly type?: string;
}

/** One turn of an agent: sends the history and adds what came back. */
async function turn(
  rig: Rig,
  history: object[],
  headers: Record<string, string> = SESSION,
): Promise<Response> {
  history.push({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: `turn ${history.length}` }],
  });
  const body = responses({ input: history, store: false, include: ['reasoning.encrypted_content'] });
  const answer = await rig.post('/v1/responses', body, headers);
  if (answer.status === 200) {
    const { output } = (await answer.clone().json()) as { output: object[] };
    history.push(...output);
  }
  return answer;
}

const withRouting =
  (routing: Partial<Config['routing']>) =>
  (config: Config): Config => ({ ...config, routing: { ...config.routing, ...routing } });
const account = (answer: Response): string | null => answer.headers.get('x-cam-account');

/** The second turn of a conversation that names itself nowhere. */
const continued = (key: 'input' | 'messages') => ({
  [key]: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: 'hello yourself' },
    { role: 'user', content: 'go on' },
  ],
});

describe('A conversation', () => {
  it.each([
    ['/v1/responses', { store: false, ...continued('input') }],
    ['/v1/chat/completions', continued('messages')],
  ])('that names itself nowhere is known by its opening on %s', async (path, body) => {
    await using rig = await openRig({ accounts: THREE, config: withRouting({ strategy: 'round_robin' }) });
    const served = new Set<string | null>();
    for (let n = 0; n < 4; n++) served.add(account(await rig.post(path, { model: 'gpt-5', ...body })));
    expect(served.size).toBe(1);
  });

  it('that has only just begun and is too short for a cache takes its turn', async () => {
    await using rig = await openRig({ accounts: THREE, config: withRouting({ strategy: 'round_robin' }) });
    const served = new Set<string | null>();
    for (let n = 0; n < 3; n++)
      served.add(account(await rig.post('/v1/responses', responses({ store: false }))));
    expect(served.size).toBe(3);
  });

  it('is where it was after a restart', async () => {
    await using rig = await openRig({ accounts: THREE, config: withRouting({ strategy: 'round_robin' }) });
    const history: object[] = [];
    await turn(rig, history, { 'session-id': 'another' });
    const home = account(await turn(rig, history));
    for (let n = 0; n < 3; n++) {
      await rig.restart();
      expect(account(await turn(rig, history))).toBe(home);
    }
  });

  it('of a sub-agent starts where its session lives and then has a home of its own', async () => {
    await using rig = await openRig({ accounts: THREE, config: withRouting({ strategy: 'round_robin' }) });
    await turn(rig, [], { 'session-id': 'another' });
    const home = account(await turn(rig, [], { 'session-id': 's', 'thread-id': 's' }));
    const sub = { 'session-id': 's', 'thread-id': 't' };
    expect(account(await turn(rig, [], sub))).toBe(home);
    expect(account(await turn(rig, [], { 'x-session-id': 'child', 'x-parent-session-id': 's' }))).toBe(home);
    const rows = rig.database.ledger.prepare<[], { session_hash: string; parent_hash: string | null }>(
      'SELECT session_hash, parent_hash FROM usage_records ORDER BY number',
    );
    await rig.rows();
    const [, main, agent, child] = rows.all();
    expect(agent?.parent_hash).toBe(main?.session_hash);
    expect(child?.parent_hash).toBe(main?.session_hash);
    expect(agent?.session_hash).not.toBe(main?.session_hash);
  });

  it.each([
    [
      'has a deactivated key',
      (rig: Rig) => rig.emulator.script('sk-emulated-one', scripts.always(faults.deactivated())),
    ],
    ['is out of quota', (rig: Rig) => rig.emulator.script('sk-emulated-one', scripts.always(faults.quota()))],
    [
      'is rate limited',
      (rig: Rig) => rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(30))),
    ],
  ])('is not held up by a pin to an account that %s', async (_what, hit) => {
    await using rig = await openRig({ accounts: THREE });
    const plain = () => rig.post('/v1/responses', responses({ store: false }), SESSION);
    expect(account(await plain())).toBe(rig.account('one').id);
    hit(rig);
    for (let n = 0; n < 3; n++) {
      const answer = await plain();
      expect(answer.status).toBe(200);
      expect(account(answer)).toBe(rig.account('two').id);
    }
    // It was found out once; after that nobody asks in vain.
    expect(rig.received('one')).toBe(2);
  });

  it('moves for good when its account’s key is refused', async () => {
    await using rig = await openRig({ accounts: THREE });
    const plain = () => rig.post('/v1/responses', responses({ store: false }), SESSION);
    await plain();
    rig.emulator.script('sk-emulated-one', scripts.times(faults.deactivated(), 1));
    await plain();
    rig.room.pool.clearMarks(rig.account('one').id);
    expect(account(await plain())).toBe(rig.account('two').id);
  });

  describe('with affinity', () => {
    it('"off" goes where the strategy says', async () => {
      await using rig = await openRig({
        accounts: THREE,
        config: withRouting({ strategy: 'round_robin', affinity: 'off' }),
      });
      const served = new Set<string | null>();
      for (let n = 0; n < 3; n++) {
        served.add(account(await rig.post('/v1/responses', responses({ store: false }), SESSION)));
      }
      expect(served.size).toBe(3);
    });

    it('"wait" waits for its own account rather than leave its cache', async () => {
      await using rig = await openRig({
        accounts: THREE,
        config: withRouting({ affinity: 'wait', affinity_wait_ms: 60_000 }),
      });
      const plain = (headers?: Record<string, string>) =>
        rig.post('/v1/responses', responses({ store: false }), headers);
      await plain(SESSION);
      rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(1), 1));
      expect(account(await plain())).toBe(rig.account('two').id);
      expect(account(await plain(SESSION))).toBe(rig.account('one').id);
    });

    it('"wait" does not wait longer than it may', async () => {
      await using rig = await openRig({
        accounts: THREE,
        config: withRouting({ affinity: 'wait', affinity_wait_ms: 5_000 }),
      });
      const plain = (headers?: Record<string, string>) =>
        rig.post('/v1/responses', responses({ store: false }), headers);
      await plain(SESSION);
      rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(30), 1));
      await plain();
      expect(account(await plain(SESSION))).toBe(rig.account('two').id);
    });

    it('"prefer" leaves at once and comes back', async () => {
      await using rig = await openRig({ accounts: THREE });
      const plain = () => rig.post('/v1/responses', responses({ store: false }), SESSION);
      await plain();
      rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(30), 1));
      expect(account(await plain())).toBe(rig.account('two').id);
      expect(account(await plain())).toBe(rig.account('two').id);
      rig.clock.advance(31_000);
      expect(account(await plain())).toBe(rig.account('one').id);
    });
  });

  it('stays on its account whatever the strategy says', async () => {
    await using rig = await openRig({
      accounts: THREE,
      config: (config) => ({ ...config, routing: { ...config.routing, strategy: 'round_robin' } }),
    });
    const history: object[] = [];
    const served: (string | null)[] = [];
    for (let i = 0; i < 5; i++) served.push((await turn(rig, history)).headers.get('x-cam-account'));
    expect(new Set(served).size).toBe(1);
  });

  it('survives the failure of its account: reasoning of another organisation is left out, once, and said so', async () => {
    await using rig = await openRig({ accounts: THREE });
    const history: object[] = [];
    for (let i = 0; i < 3; i++) await turn(rig, history);
    expect(history.some((item: Item) => item.type === 'reasoning')).toBe(true);
    rig.emulator.script('sk-emulated-one', scripts.always(faults.serverError()));
    const moved = await turn(rig, history);
    expect(moved.status).toBe(200);
    expect(moved.headers.get('x-cam-account')).toBe(rig.account('two').id);
    expect(moved.headers.get('x-cam-reasoning')).toBe('dropped');
    const sent = rig.emulator.key('sk-emulated-two').received[0]?.body ?? '';
    expect(sent).not.toContain('encrypted_content":"');
    const rows = await rig.rows();
    expect(rows.filter((row) => row.reasoning_dropped === 1)).toHaveLength(1);
  });

  it('whose sealed reasoning turns out to be foreign is sent once more without it', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one' }] });
    const foreign = rig.emulator.addKey({ key: 'sk-foreign', organization: 'org-elsewhere' });
    const input = [
      { type: 'message', role: 'user', content: 'hello' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: foreign.organisation.seal('rs_1') },
      { type: 'message', role: 'assistant', content: 'hello yourself' },
      { type: 'message', role: 'user', content: 'go on' },
    ];
    const answer = await rig.post('/v1/responses', responses({ input, store: false }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-cam-reasoning')).toBe('dropped');
    expect(rig.received('one')).toBe(2);
    expect(rig.room.pool.snapshot()[0]).toMatchObject({ breakers: {}, cooldowns: {} });
  });

  it('goes home when its account is well again', async () => {
    await using rig = await openRig({ accounts: THREE });
    const plain = (more: object = {}) =>
      rig
        .post('/v1/responses', responses({ store: false, ...more }), SESSION)
        .then((one) => one.headers.get('x-cam-account'));
    const home = await plain();
    rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(1), 1));
    expect(await plain()).not.toBe(home);
    rig.clock.advance(5_000);
    expect(await plain()).toBe(home);
  });

  it('that names a stored response goes to the account that stores it, and nowhere else', async () => {
    await using rig = await openRig({ accounts: THREE });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    const first = await rig.post('/v1/responses', responses());
    const { id } = (await first.json()) as { id: string };
    expect(first.headers.get('x-cam-account')).toBe(rig.account('two').id);
    const second = await rig.post('/v1/responses', responses({ previous_response_id: id }));
    expect(second.status).toBe(200);
    expect(second.headers.get('x-cam-account')).toBe(rig.account('two').id);
    rig.emulator.script('sk-emulated-two', scripts.always(faults.overloaded()));
    const third = await rig.post('/v1/responses', responses({ previous_response_id: id }));
    expect(third.status).toBeGreaterThanOrEqual(500);
    expect(rig.received('one')).toBe(1);
    expect(rig.received('three')).toBe(0);
  });

  it('keeps a turn’s state with the account that gave it', async () => {
    await using rig = await openRig({
      accounts: THREE,
      wrapDial: (dial) => (request, events) =>
        dial(request, {
          ...{ data: events.data.bind(events), end: events.end.bind(events), fail: events.fail.bind(events) },
          head: (status, headers) =>
            events.head(status, { ...headers, 'x-codex-turn-state': `of ${request.account.name}` }),
        }),
    });
    const first = await rig.post('/v1/responses', responses(), SESSION);
    const state = first.headers.get('x-codex-turn-state') ?? '';
    expect(state).toBe('of one');
    const again = { ...SESSION, 'x-codex-turn-state': state };
    await rig.post('/v1/responses', responses(), again);
    expect(rig.emulator.key('sk-emulated-one').received[1]?.headers['x-codex-turn-state']).toBe(state);
    rig.emulator.script('sk-emulated-one', scripts.always(faults.serverError()));
    await rig.post('/v1/responses', responses(), again);
    expect(rig.emulator.key('sk-emulated-two').received[0]?.headers).not.toHaveProperty('x-codex-turn-state');
  });
});
