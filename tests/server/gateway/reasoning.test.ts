import { describe, expect, it } from 'vitest';
import type { Config } from '../../../lib/config.ts';
import { type Fault, faults, scripts } from '../../../server/demo/faults.ts';
import { openRig, type Rig, type RigAccount, responses } from '../../support/gateway-rig.ts';

const THREE = ['one', 'two', 'three'].map((name) => ({ name }));
const THREAD = '01a2023a-d8ab-73e0-aee6-06ddb1ad35a9';
const CODEX = {
  'session-id': THREAD,
  'thread-id': THREAD,
  'x-client-request-id': THREAD,
  originator: 'codex_exec',
  accept: 'text/event-stream',
};

type Item = Readonly<Record<string, unknown>>;

interface Turn {
  readonly status: number;
  readonly account: string | null;
  readonly dropped: boolean;
}

const message = (role: string, text: string): Item => ({
  type: 'message',
  role,
  content: [{ type: 'input_text', text }],
});

/** A conversation as Codex leads it: the whole history every time, nothing stored, reasoning sealed. */
class Conversation {
  readonly history: Item[] = [message('developer', 'Be brief.'), message('developer', 'Rules.')];
  readonly turns: Turn[] = [];
  readonly #rig: Rig;
  readonly #headers: Record<string, string>;

  constructor(rig: Rig, headers: Record<string, string> = CODEX) {
    this.#rig = rig;
    this.#headers = headers;
  }

  async turn(path = '/v1/responses'): Promise<Turn> {
    this.history.push(message('user', `turn ${this.turns.length + 1}`));
    const answer = await this.#rig.post(path, this.body(), this.#headers);
    const events = await answer.text();
    for (const [, data = '{}'] of events.matchAll(/^event: response\.output_item\.done\ndata: (.*)$/gm)) {
      this.history.push((JSON.parse(data) as { item: Item }).item);
    }
    const turn = {
      status: answer.status,
      account: answer.headers.get('x-cam-account'),
      dropped: answer.headers.get('x-cam-reasoning') === 'dropped',
    };
    this.turns.push(turn);
    return turn;
  }

  async go(turns: number): Promise<void> {
    for (let n = 0; n < turns; n++) await this.turn();
  }

  body(): object {
    return {
      model: 'gpt-5.5',
      stream: true,
      input: this.history,
      tool_choice: 'auto',
      parallel_tool_calls: true,
      reasoning: { effort: 'medium' },
      store: false,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: THREAD,
    };
  }
}

/** Attempts that a provider refused because it could not read what was sent. */
const unreadable = (rig: Rig) =>
  rig.emulator.keys().flatMap(({ received }) => received.filter(({ status }) => status === 400));
const sealsSentTo = (rig: Rig, name: string) =>
  rig.emulator
    .key(`sk-emulated-${name}`)
    .received.map(({ body }) => body.match(/"encrypted_content":"/g)?.length ?? 0);

describe('A conversation of ten turns whose account fails at the sixth', () => {
  it.each<readonly [string, Fault]>([
    ['429', faults.rateLimit(600)],
    ['500', faults.serverError()],
    ['401', faults.unauthorized()],
    ['an overload inside a 200', faults.overloadInside()],
  ])(
    'with %s loses its earlier reasoning exactly once, is told so once, and pays for no refused attempt',
    async (_what, fault) => {
      await using rig = await openRig({ accounts: THREE });
      const talk = new Conversation(rig);
      await talk.go(5);
      rig.emulator.script('sk-emulated-one', { ...scripts.always(fault), on: 'all' });
      await talk.go(5);

      expect(talk.turns.map(({ status }) => status)).toEqual(new Array(10).fill(200));
      const one = rig.account('one').id;
      const two = rig.account('two').id;
      expect(talk.turns.map(({ account }) => account)).toEqual([
        ...new Array(5).fill(one),
        ...new Array(5).fill(two),
      ]);
      expect(talk.turns.map(({ dropped }) => dropped)).toEqual(new Array(10).fill(false).with(5, true));
      expect(unreadable(rig)).toEqual([]);
      // What the second organisation sealed since the switch stays in.
      expect(sealsSentTo(rig, 'two')).toEqual([0, 1, 2, 3, 4]);
      const rows = await rig.rows();
      expect(rows.filter((row) => row.reasoning_dropped === 1)).toHaveLength(1);
      expect(rows.slice(6).every((row) => row.attempts === 1)).toBe(true);
    },
  );

  it.each([
    ['has to rest for ten minutes', 600, null],
    ['has to rest for twenty seconds', 20, 20],
  ])(
    'that may not lose its reasoning is told at once where that account %s, and to wait only if that is soon',
    async (_what, restS, retryAfterS) => {
      const refuse = (config: Config): Config => ({
        ...config,
        routing: { ...config.routing, reasoning_failover: 'refuse' },
      });
      await using rig = await openRig({ accounts: THREE, config: refuse });
      const talk = new Conversation(rig);
      await talk.go(2);
      rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(restS)));
      for (const agent of ['curl/8.5.0', 'codex_exec/0.169.0', 'opencode/1.18.33']) {
        const answer = await rig.post('/v1/responses', talk.body(), { ...CODEX, 'user-agent': agent });
        const { error } = (await answer.json()) as { error: { code: string; message: string } };
        expect(error.code).toBe('reasoning_elsewhere');
        const final = retryAfterS === null && agent !== 'curl/8.5.0';
        expect(answer.status, agent).toBe(final ? 403 : 503);
        expect(answer.headers.get('retry-after')).toBe(retryAfterS === null ? null : String(retryAfterS));
        expect(answer.headers.get('x-should-retry')).toBe(retryAfterS === null ? 'false' : null);
      }
      expect(rig.received('two') + rig.received('three')).toBe(0);
    },
  );

  it('stays where its newest reasoning is when its own account is well again', async () => {
    await using rig = await openRig({ accounts: THREE });
    const talk = new Conversation(rig);
    await talk.go(5);
    rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(1), 1));
    await talk.turn();
    rig.clock.advance(60_000);
    await talk.go(4);
    expect(new Set(talk.turns.slice(5).map(({ account }) => account))).toEqual(
      new Set([rig.account('two').id]),
    );
    expect(talk.turns.filter(({ dropped }) => dropped)).toHaveLength(1);
    expect(unreadable(rig)).toEqual([]);
  });

  it('keeps what its first organisation sealed when it has to go back there', async () => {
    await using rig = await openRig({ accounts: THREE.slice(0, 2) });
    const talk = new Conversation(rig);
    await talk.go(5);
    rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(1), 1));
    await talk.go(2);
    rig.clock.advance(60_000);
    rig.emulator.script('sk-emulated-two', scripts.always(faults.serverError()));
    const back = await talk.turn();
    expect(back).toMatchObject({ status: 200, account: rig.account('one').id, dropped: true });
    expect(sealsSentTo(rig, 'one').at(-1)).toBe(5);
    const after = await talk.turn();
    expect(after).toMatchObject({ status: 200, account: rig.account('one').id, dropped: false });
    expect(sealsSentTo(rig, 'one').at(-1)).toBe(6);
    expect(unreadable(rig)).toEqual([]);
  });

  it('goes on without a refused attempt after a restart', async () => {
    await using rig = await openRig({ accounts: THREE });
    const talk = new Conversation(rig);
    await talk.go(5);
    rig.emulator.script('sk-emulated-one', scripts.always(faults.serverError()));
    await talk.go(2);
    await rig.restart();
    await talk.go(3);
    expect(unreadable(rig)).toEqual([]);
    expect(talk.turns.filter(({ dropped }) => dropped)).toHaveLength(1);
    expect(sealsSentTo(rig, 'two')).toEqual([0, 1, 2, 3, 4]);
  });

  it('goes to another account of its organisation first, and loses nothing', async () => {
    const here: RigAccount = {
      name: 'sibling',
      emulated: { organization: 'org-one', project: 'proj_other' },
    };
    await using rig = await openRig({ accounts: [...THREE, here] });
    // A first call each, so that organisations are known.
    for (const { name } of [...THREE, here]) {
      rig.room.pool.learnFacts(rig.account(name).id, {
        organization: name === 'sibling' ? 'org-one' : `org-${name}`,
        project: `proj_${name}`,
      });
    }
    const talk = new Conversation(rig);
    await talk.go(5);
    rig.emulator.script('sk-emulated-one', scripts.always(faults.serverError()));
    await talk.go(5);
    expect(new Set(talk.turns.slice(5).map(({ account }) => account))).toEqual(
      new Set([rig.account('sibling').id]),
    );
    expect(talk.turns.some(({ dropped }) => dropped)).toBe(false);
    expect(unreadable(rig)).toEqual([]);
  });

  it('is not disturbed by a call beside it that carries no reasoning and is served elsewhere', async () => {
    await using rig = await openRig({ accounts: THREE });
    const talk = new Conversation(rig);
    await talk.go(2);
    rig.emulator.script('sk-emulated-one', scripts.times(faults.overloaded(), 1));
    const title = await rig.post('/v1/responses', responses({ store: false }), CODEX);
    expect(title.headers.get('x-cam-account')).toBe(rig.account('two').id);
    const next = await talk.turn();
    expect(next).toMatchObject({ account: rig.account('one').id, dropped: false });
    expect(unreadable(rig)).toEqual([]);
  });
});

describe('Sealed content of a conversation that is not known', () => {
  it('goes to the organisation whose answer sealed the last of it', async () => {
    await using rig = await openRig({ accounts: THREE });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    const talk = new Conversation(rig);
    await talk.go(2);
    expect(talk.turns[0]?.account).toBe(rig.account('two').id);
    await rig.restart();
    // Another session with the same history, as after a fork.
    const fork = new Conversation(rig, { ...CODEX, 'session-id': 'fork', 'thread-id': 'fork' });
    fork.history.push(...talk.history);
    const turn = await fork.turn();
    expect(turn).toMatchObject({ status: 200, account: rig.account('two').id, dropped: false });
    expect(unreadable(rig)).toEqual([]);
  });

  it('is nobody’s to another client key', async () => {
    await using rig = await openRig({ accounts: THREE, clientKeys: [{}, { key: 'cam-other' }] });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    const talk = new Conversation(rig);
    await talk.go(1);
    const other = new Conversation(rig, { ...CODEX, authorization: 'Bearer cam-other' });
    other.history.push(...talk.history);
    expect((await other.turn()).account).toBe(rig.account('one').id);
  });

  it.each([
    ['by its code', 'invalid_encrypted_content', 'No.'],
    ['by its text, whatever the code', null, 'The encrypted content gAAA could not be verified.'],
  ])('is recognised %s when the provider refuses it, and left out once', async (_how, code, text) => {
    await using rig = await openRig({ accounts: [{ name: 'one' }] });
    const talk = new Conversation(rig);
    await talk.go(1);
    rig.emulator.script(
      'sk-emulated-one',
      scripts.times({ kind: 'refuse', status: 400, code, message: text }, 1),
    );
    expect(await talk.turn()).toMatchObject({ status: 200, dropped: true });
    expect(sealsSentTo(rig, 'one')).toEqual([0, 1, 0]);
  });

  it('that is refused even without it is the client’s to see, after one more attempt', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one' }] });
    const talk = new Conversation(rig);
    await talk.go(1);
    rig.emulator.script(
      'sk-emulated-one',
      scripts.always({ kind: 'refuse', status: 400, code: 'invalid_encrypted_content', message: 'No.' }),
    );
    expect((await talk.turn()).status).toBe(400);
    expect(rig.received('one')).toBe(3);
  });
});

describe('A compacted conversation', () => {
  async function compacted(rig: Rig): Promise<Conversation> {
    const talk = new Conversation(rig);
    await talk.go(2);
    const answer = await rig.post('/v1/responses/compact', { model: 'gpt-5.5', input: talk.history }, CODEX);
    const { output } = (await answer.json()) as { output: Item[] };
    const fresh = new Conversation(rig, { ...CODEX, 'session-id': 'later', 'thread-id': 'later' });
    fresh.history.push(...output);
    return fresh;
  }

  it('goes to the organisation that compacted it, also in a session that is not known and after a restart', async () => {
    await using rig = await openRig({ accounts: THREE });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    const talk = await compacted(rig);
    await rig.restart();
    expect(await talk.turn()).toMatchObject({ status: 200, account: rig.account('two').id });
  });

  it('is never sent elsewhere: nobody else can read the history', async () => {
    await using rig = await openRig({ accounts: THREE });
    const talk = await compacted(rig);
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(20)));
    const sent = rig.received('two') + rig.received('three');
    expect((await talk.turn()).status).toBe(503);
    const answer = await rig.post('/v1/responses', talk.body(), CODEX);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe('account_pinned_unusable');
    expect(error.message).toContain('compacted');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(rig.received('two') + rig.received('three')).toBe(sent);
  });
});
