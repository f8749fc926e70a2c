/** What is kept of a call, so that every choice can be explained afterwards; and what its answer and the log say. */
import { describe, expect, it } from 'vitest';
import { requestId } from '../../../lib/base/id.ts';
import { sayOutcome } from '../../../server/cli/call-text.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { createRefusals } from '../../../server/gateway/refusals.ts';
import { refusedView } from '../../../server/services/requests/refused-view.ts';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { createTurnstile, until } from '../../support/turnstile.ts';

const TWO = [{ name: 'one' }, { name: 'two' }];
const SESSION = { 'session-id': 'session-1' };

const explain = async (rig: Rig, answer: Response) => {
  await answer.text().catch(() => '');
  return rig.explained(answer.headers.get('x-cam-request-id'));
};

describe('A stored call', () => {
  it('tells each attempt with its times, its failure, the wait it was told, raw and read, and the one that served', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(20)));
    const view = await explain(rig, await rig.post('/v1/chat/completions', chat()));
    expect(view.attemptList).toMatchObject([
      {
        number: 1,
        accountName: 'one',
        status: 429,
        waitedMs: 0,
        failure: { class: 'rate_limit', code: 'rate_limit_exceeded', toldWaitMs: 20_000, toldWaitRaw: '20' },
      },
      { number: 2, accountName: 'two', status: 200, failure: null, reasoningStripped: false },
    ]);
    const [first, second] = view.attemptList;
    expect(second?.startedMs).toBeGreaterThanOrEqual(first?.endedMs ?? Number.POSITIVE_INFINITY);
    expect(second?.firstByteMs).toBeGreaterThanOrEqual(second?.startedMs ?? Number.POSITIVE_INFINITY);
    expect(second?.endedMs).toBe(view.durationMs);
  });

  it('keeps what an absurd wait was in the provider’s words, beside what was made of it', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(999_999)));
    const view = await explain(rig, await rig.post('/v1/chat/completions', chat()));
    expect(view.attemptList[0]?.failure).toMatchObject({ toldWaitMs: 86_400_000, toldWaitRaw: '999999' });
  });

  it('tells every candidate with its share and what decided it, and every other account with its reason', async () => {
    await using rig = await openRig({
      accounts: [...TWO, { name: 'off', enabled: false }, { name: 'other', models: ['gpt-4*'] }],
    });
    await (await rig.post('/v1/chat/completions', chat())).text();
    const { plan } = await explain(rig, await rig.post('/v1/chat/completions', chat()));
    expect(plan).toMatchObject({ strategy: 'priority', decidedBy: 'strategy', home: null });
    expect(plan?.candidates[0]).toMatchObject({ name: 'one', decidedBy: expect.stringMatching(/^header\./) });
    expect(plan?.candidates[0]?.utilization).toBeGreaterThan(0);
    expect(plan?.leftOut).toMatchObject([
      { name: 'off', reason: 'disabled', untilMs: null },
      { name: 'other', reason: 'model_not_in_scope', detail: 'gpt-4*' },
    ]);
  });

  it('tells by what its conversation was recognised and where that lives', async () => {
    await using rig = await openRig({ accounts: TWO });
    const send = async (body: object, headers = {}) =>
      explain(rig, await rig.post('/v1/responses', responses(body), headers));
    expect(await send({}, SESSION)).toMatchObject({ sessionSource: 'session-id', homeName: null });
    const again = await send({}, SESSION);
    expect(again.plan).toMatchObject({ decidedBy: 'session', home: rig.account('one').id });
    expect((await send({ prompt_cache_key: 'k' })).sessionSource).toBe('prompt_cache_key');
    const history = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ];
    expect((await send({ input: history })).sessionSource).toBe('prefix');
    expect(await send({})).toMatchObject({ sessionSource: 'none', sessionHash: null });
  });

  it('tells what was waited before a repeat, and that reasoning was taken out', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one' }] });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    const repeated = await explain(rig, await rig.post('/v1/chat/completions', chat()));
    expect(repeated.attemptList).toHaveLength(2);
    expect(repeated.attemptList[1]?.waitedMs).toBeGreaterThanOrEqual(250);
    const foreign = rig.emulator.addKey({ key: 'sk-foreign', organization: 'org-elsewhere' });
    const input = [
      { type: 'message', role: 'user', content: 'hello' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: foreign.organisation.seal('rs_1') },
      { type: 'message', role: 'assistant', content: 'hello yourself' },
      { type: 'message', role: 'user', content: 'go on' },
    ];
    const stripped = await explain(rig, await rig.post('/v1/responses', responses({ input, store: false })));
    expect(stripped.attemptList.map(({ reasoningStripped }) => reasoningStripped)).toEqual([false, true]);
  });

  it('tells why an answer broke off after it had begun', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'cut', onBoundary: true, afterOutput: 1 }));
    const answer = await rig.post('/v1/responses', responses({ stream: true }));
    const view = await explain(rig, answer);
    expect(view.outcome).toBe('interrupted');
    expect(view.attemptList).toMatchObject([{ status: 200, failure: { phase: 'mid_stream' } }]);
  });
});

describe('A call that no account could take', () => {
  it('is explained all the same, with what the client was shown, though it has no row', async () => {
    await using rig = await openRig({ accounts: [{ name: 'off', enabled: false }] });
    const answer = await rig.post('/v1/responses', responses(), { ...SESSION, 'user-agent': 'opencode/1.0' });
    await answer.text();
    const id = answer.headers.get('x-cam-request-id') ?? '';
    expect(await rig.rows()).toEqual([]);
    const refused = rig.gateway.refused.find(id);
    expect(refused).toMatchObject({
      errorCode: 'all_accounts_unusable',
      status: answer.status,
      plan: { decidedBy: 'none', candidates: [], leftOut: [{ name: 'off', reason: 'disabled' }] },
    });
    expect(refused && refusedView(refused)).toMatchObject({
      id,
      outcome: 'refused',
      accountName: null,
      sessionSource: 'session-id',
      attemptList: [],
    });
    expect(rig.gateway.refused.find(id.slice(0, 30))).toBe(refused);
    expect(rig.gateway.refused.find('ffff')).toBeNull();
  });

  it.each([
    [
      'limit',
      429,
      'client_limit_reached',
      { limits: { day: { requests: 0 } } },
      responses(),
      /^This client key has reached its limit of 0 requests a day\./,
    ],
    [
      'scope',
      403,
      'scope_missing',
      { scopes: ['see_accounts'] as const },
      responses(),
      /lacks the scope "inference"/,
    ],
    [
      'model rule',
      403,
      'model_not_allowed',
      { models: ['gpt-4*'] },
      responses(),
      /may not use the model `gpt-5`/,
    ],
    [
      'service tiers',
      403,
      'service_tier_not_allowed',
      { serviceTiers: ['flex'] },
      responses({ service_tier: 'priority' }),
      /service tier "priority"/,
    ],
    [
      'reasoning efforts',
      403,
      'reasoning_effort_not_allowed',
      { reasoningEfforts: ['low'] },
      responses({ reasoning: { effort: 'high' } }),
      /effort "high"/,
    ],
  ])(
    'because of its client key’s %s is remembered with the reason',
    async (_, status, code, rules, body, why) => {
      await using rig = await openRig({ clientKeys: [{ name: 'laptop', ...rules }] });
      const answer = await rig.post('/v1/responses', body);
      expect(answer.status).toBe(status);
      const id = answer.headers.get('x-cam-request-id') ?? '';
      expect(rig.gateway.refused.newest()?.id).toBe(id);
      const refused = rig.gateway.refused.find(id);
      const view = refused && refusedView(refused);
      expect(view).toMatchObject({ outcome: 'refused', clientName: 'laptop', errorCode: code, status });
      expect(view?.errorMessage).toMatch(why);
      expect(view && sayOutcome(view)).toBe(`Refused with ${status} (${code}): ${view?.errorMessage}`);
      expect(rig.received('one')).toBe(0);
      expect(await rig.rows()).toEqual([]);
    },
  );

  it('because its client key was crowding out the others is remembered too', async () => {
    const turnstile = createTurnstile();
    await using rig = await openRig({
      wrapDial: turnstile.wrap,
      clientKeys: [{}, { key: 'sk-another-0123456789' }],
      config: (config) => ({
        ...config,
        routing: { ...config.routing, in_flight_per_account: 5 },
      }),
    });
    const other = { authorization: 'Bearer sk-another-0123456789' };
    const calls = [rig.post('/v1/responses', responses(), other)];
    await until(() => turnstile.dials.length === 1);
    for (let n = 2; n <= 3; n++) {
      calls.push(rig.post('/v1/responses', responses()));
      await until(() => turnstile.dials.length === n);
    }
    calls.push(rig.post('/v1/responses', responses()));
    await until(() => turnstile.dials.length === 4 || rig.gateway.refused.newest() !== null);
    const crowded = await rig.post('/v1/responses', responses());
    expect(crowded.status).toBe(429);
    expect(rig.gateway.refused.newest()).toMatchObject({
      id: crowded.headers.get('x-cam-request-id'),
      errorCode: 'client_share_reached',
      endpoint: 'POST /responses',
      plan: null,
    });
    turnstile.open(true);
    for (const call of calls) await (await call).text();
  });

  it('is forgotten after two hundred others', async () => {
    await using rig = await openRig({ accounts: [] });
    const answer = await rig.post('/v1/responses', responses());
    const refused = rig.gateway.refused.find(answer.headers.get('x-cam-request-id') ?? '');
    if (!refused) throw new Error('the refused call is remembered');
    const refusals = createRefusals();
    const nth = (n: number) => ({ ...refused, id: requestId(`id-${n}`) });
    for (let n = 0; n <= 200; n++) refusals.note(nth(n));
    expect(refusals.find('id-0')).toBeNull();
    expect(refusals.find('id-200')).toEqual(nth(200));
    expect(refusals.find('id-')).toBeNull();
  });
});

const OWN = ['x-cam-request-id', 'x-cam-account', 'x-cam-attempts', 'x-cam-overhead-us'];
const have = (answer: Response) => OWN.filter((name) => answer.headers.get(name) !== null);

describe('The headers of ours', () => {
  it('are on answers, on a provider’s refusals and on our own once an account was tried', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one' }] });
    const well = await rig.post('/v1/responses', responses({ stream: true }));
    expect(have(well)).toEqual(OWN);
    rig.emulator.script(
      'sk-emulated-one',
      scripts.always({ kind: 'refuse', status: 400, code: 'invalid_value' }),
    );
    const refused = await rig.post('/v1/responses', responses());
    expect([refused.status, have(refused)]).toEqual([400, OWN]);
    expect(Number(refused.headers.get('x-cam-overhead-us'))).toBeGreaterThan(0);
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(20)));
    const limited = await rig.post('/v1/responses', responses());
    expect([limited.status, have(limited)]).toEqual([429, OWN]);
    expect(limited.headers.get('x-cam-account')).toBe(rig.account('one').id);
    expect(limited.headers.get('x-cam-account-name')).toBeNull();
  });

  it('name the account in our own errors to keys that may see accounts', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one' }],
      clientKeys: [{ scopes: ['inference', 'see_accounts'] }],
    });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(20)));
    const limited = await rig.post('/v1/responses', responses());
    expect(limited.headers.get('x-cam-account-name')).toBe('one');
  });

  it('are the request’s id alone where no account was tried', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one', enabled: false }] });
    const authorization = `Bearer ${CLIENT_KEY}`;
    const answers = [
      await rig.post('/v1/responses', responses()),
      await rig.post('/v1/responses', responses(), { authorization: 'Bearer sk-nobody' }),
      await fetch(`${rig.url}/v1/organization/costs`, { headers: { authorization } }),
      await fetch(`${rig.url}/v1/models`, { headers: { authorization } }),
      await fetch(`${rig.url}/v1/responses`, { method: 'POST', headers: { authorization }, body: '{' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 401, 403, 200, 400]);
    for (const answer of answers) expect(have(answer)).toEqual(['x-cam-request-id']);
  });

  it('say so when a provider’s refusal is of a body without its reasoning', async () => {
    await using rig = await openRig({ accounts: TWO });
    const input = [
      { role: 'user', content: 'a' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'unknown' },
      { role: 'user', content: 'b' },
    ];
    rig.emulator.script('sk-emulated-one', {
      steps: [
        { fault: { kind: 'refuse', status: 400, code: 'invalid_encrypted_content' }, times: 1 },
        { fault: { kind: 'refuse', status: 400, code: 'invalid_value' } },
      ],
    });
    const refused = await rig.post('/v1/responses', responses({ input, store: false }));
    expect(refused.status).toBe(400);
    expect(refused.headers.get('x-cam-reasoning')).toBe('dropped');
  });

  it('that a client sends with names of ours never reach a provider', async () => {
    await using rig = await openRig();
    await rig.post('/v1/responses', responses(), {
      'x-cam-account': 'a',
      'x-cam-request-id': 'b',
      'X-CAM-Anything': 'c',
    });
    const sent = rig.emulator.key('sk-emulated-one').received[0]?.headers ?? { none: 'received' };
    expect(Object.keys(sent).filter((name) => name.startsWith('x-cam'))).toEqual([]);
    expect(sent).not.toHaveProperty('none');
  });
});

describe('The log', () => {
  const linesOf = (rig: Rig) =>
    rig.logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => 'attempt' in line);

  it('has one line about each attempt, failures for everybody and successes for those who look closely', async () => {
    await using rig = await openRig({ accounts: TWO });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(20)));
    await (await rig.post('/v1/chat/completions', chat())).text();
    expect(linesOf(rig)).toMatchObject([
      {
        level: 'info',
        msg: 'an attempt failed',
        attempt: 1,
        status: 429,
        class: 'rate_limit',
        code: 'rate_limit_exceeded',
        toldWaitMs: 20_000,
        model: 'gpt-5',
      },
      {
        level: 'debug',
        msg: 'an attempt answered',
        attempt: 2,
        status: 200,
        accountId: rig.account('two').id,
      },
    ]);
    const text = rig.logLines.join('');
    for (const secret of ['sk-emulated', CLIENT_KEY, 'Say hello', 'org-one'])
      expect(text).not.toContain(secret);
  });

  it('has one more when an answer broke off', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'cut', onBoundary: true, afterOutput: 1 }));
    await (await rig.post('/v1/responses', responses({ stream: true }))).text().catch(() => '');
    await rig.rows();
    expect(linesOf(rig).map(({ msg }) => msg)).toEqual(['an attempt answered', 'an answer broke off']);
  });
});

describe('Session keys', () => {
  it('are counted by where they were found, and so are calls without one', async () => {
    await using rig = await openRig();
    await rig.post('/v1/responses', responses(), SESSION);
    for (let i = 0; i < 2; i++) await rig.post('/v1/responses', responses());
    await fetch(`${rig.url}/v1/files`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });
    expect(rig.gateway.sessionSources()).toEqual([
      { source: 'none', calls: 2 },
      { source: 'session-id', calls: 1 },
    ]);
  });
});
