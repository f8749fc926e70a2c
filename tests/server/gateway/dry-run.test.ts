/** "Where would this go now": the answer of the real planner, with nothing following from the question. */
import { describe, expect, it } from 'vitest';
import { clientKeyId } from '../../../lib/base/id.ts';
import { DAY_MS } from '../../../lib/base/time.ts';
import { readBodyFacts } from '../../../lib/calls/body-facts.ts';
import type { Caller } from '../../../lib/clients/client-key.ts';
import type { Config } from '../../../lib/config.ts';
import type { DryRunQuestion } from '../../../lib/routing/dry-run.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { shortHash } from '../../../server/short-hash.ts';
import { openRig, type Rig, responses } from '../../support/gateway-rig.ts';

const THREE = ['one', 'two', 'three'].map((name) => ({ name }));

const asked = (body: object, headers: Record<string, string> = {}): DryRunQuestion => {
  const bytes = Buffer.from(JSON.stringify(body));
  const facts = readBodyFacts(bytes, shortHash);
  if ('error' in facts) throw new Error(facts.error);
  return { method: 'POST', path: '/v1/responses', headers, model: null, facts, bodyBytes: bytes.length };
};

const ask = (rig: Rig, question: DryRunQuestion, over: Partial<Caller> = {}) =>
  rig.gateway.dryRun(question, { ...rig.caller(), ...over });

const strategy = (name: 'round_robin' | 'least_utilized') => (config: Config) => ({
  ...config,
  routing: { ...config.routing, strategy: name },
});

const conversation = [
  { role: 'user', content: 'a' },
  { role: 'assistant', content: 'b' },
  { role: 'user', content: 'c' },
];

describe('A dry run', () => {
  it.each([
    ['a session header', {}, { 'session-id': 's' }],
    ['a sub-agent’s headers', {}, { 'session-id': 's', 'thread-id': 't' }],
    ['a cache key in the body', { prompt_cache_key: 'k' }, {}],
    ['the opening of a conversation', { input: conversation }, {}],
    ['nothing that tells a conversation', {}, {}],
  ])('with %s answers what the next call is then given', async (_, more, headers) => {
    await using rig = await openRig({ accounts: THREE, config: strategy('round_robin') });
    for (let i = 0; i < 3; i++) {
      const said = ask(rig, asked(responses(more), headers));
      const answer = await rig.post('/v1/responses', responses(more), headers);
      await answer.text();
      const { plan, sessionHash } = await rig.explained(answer.headers.get('x-cam-request-id'));
      expect(said.plan.candidates.map(({ name }) => name)).toEqual(plan?.candidates.map(({ name }) => name));
      expect(said.plan.decidedBy).toBe(plan?.decidedBy);
      expect(said.session?.hash ?? null).toBe(sessionHash);
      expect(said.refusal).toBeNull();
    }
  });

  it('takes nobody’s turn, holds nothing, writes nothing and reaches no provider', async () => {
    await using rig = await openRig({ accounts: THREE, config: strategy('round_robin') });
    const before = rig.room.pool.snapshot();
    const first = ask(rig, asked(responses()));
    for (let i = 0; i < 5; i++)
      expect(ask(rig, asked(responses())).plan).toMatchObject({ candidates: first.plan.candidates });
    expect(rig.limitBook.reserved(rig.account('one').id).day.requests).toBe(0);
    expect(rig.room.pool.snapshot()).toEqual(before);
    expect(rig.gateway.sessionSources()).toEqual([]);
    expect(await rig.rows()).toEqual([]);
    expect(rig.received('one')).toBe(0);
  });

  it('knows who owns a stored response, and refuses what a call would be refused', async () => {
    await using rig = await openRig({ accounts: THREE });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    const { id } = (await (await rig.post('/v1/responses', responses())).json()) as { id: string };
    const said = ask(rig, asked(responses({ previous_response_id: id })));
    expect(said.plan).toMatchObject({ decidedBy: 'hard_affinity', candidates: [{ name: 'two' }] });
    expect(said.plan.leftOut.map(({ reason }) => reason)).toEqual(['owned_elsewhere', 'owned_elsewhere']);
    const files = { ...asked({}), method: 'GET', path: '/v1/files' };
    expect(ask(rig, files).plan).toMatchObject({ decidedBy: 'fixed_account', candidates: [{ name: 'one' }] });
    expect(() => ask(rig, { ...files, path: '/v1/organization/costs' })).toThrow(/admin key/);
    expect(() => ask(rig, { ...files, path: '/v1/models' })).toThrow(/answered here/);
    expect(() => ask(rig, { ...files, path: '/v1/nonsense' })).toThrow(/No such path/);
  });

  it('of a call that names objects of two accounts says what a call would be told', async () => {
    await using rig = await openRig({ accounts: THREE });
    const made = async () => (await (await rig.post('/v1/responses', responses())).json()) as { id: string };
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    const second = await made();
    const file = async () => {
      const body = '--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants\r\n--b--\r\n';
      const type = 'multipart/form-data; boundary=b';
      const headers = { authorization: 'Bearer sk-codex-account-manager', 'content-type': type };
      const answer = await fetch(`${rig.url}/v1/files`, { method: 'POST', headers, body });
      return ((await answer.json()) as { id: string }).id;
    };
    const fileId = await file();
    const input = [{ role: 'user', content: [{ type: 'input_file', file_id: fileId }] }];
    const mixed = responses({ previous_response_id: second.id, input });
    const refused = await rig.post('/v1/responses', mixed);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: 'objects_of_two_accounts' } });
    expect(() => ask(rig, asked(mixed))).toThrow(
      expect.objectContaining({ code: 'objects_of_two_accounts' }),
    );
  });

  it('is no use of the stored response that it names', async () => {
    await using rig = await openRig({ accounts: THREE });
    const { id } = (await (await rig.post('/v1/responses', responses())).json()) as { id: string };
    const uses = () => rig.database.ledger.prepare('SELECT * FROM object_owners ORDER BY object_hash').all();
    await rig.rows();
    const before = uses();
    rig.clock.advance(2 * DAY_MS);
    const said = ask(rig, asked(responses({ previous_response_id: id })));
    expect(said.plan.decidedBy).toBe('hard_affinity');
    await rig.rows();
    expect(before).toHaveLength(1);
    expect(uses()).toEqual(before);
  });

  it('says what a client would be told when nobody can serve, and does not wait for anybody', async () => {
    // The call that meets the limit must not wait for its end itself.
    let queueMs = 0;
    await using rig = await openRig({
      accounts: [{ name: 'one' }],
      config: (config) => ({
        ...config,
        routing: {
          ...config.routing,
          get queue_ms() {
            return queueMs;
          },
        },
      }),
    });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(20)));
    await (await rig.post('/v1/responses', responses())).text().catch(() => '');
    queueMs = 30_000;
    const { plan, refusal } = ask(rig, asked(responses()));
    expect(plan).toMatchObject({ decidedBy: 'none', candidates: [], leftOut: [{ reason: 'cooling_down' }] });
    expect(refusal).toMatchObject({ code: 'all_accounts_cooling_down' });
    expect(refusal?.retryAfterMs).toBeGreaterThan(10_000);
  });

  it('leaves out an account whose limits would not allow the call, and holds the client key to its own', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', limits: { day: { tokens: 10 } } }, { name: 'two' }],
    });
    const { plan } = ask(rig, asked(responses()));
    expect(plan.candidates.map(({ name }) => name)).toEqual(['two']);
    expect(plan.leftOut).toMatchObject([{ name: 'one', reason: 'limit_reached', detail: 'day.tokens' }]);
    const limited = ask(rig, asked(responses()), { limits: { day: { requests: 0 } } });
    expect(limited.refusal).toMatchObject({ code: 'client_limit_reached' });
    expect(() => ask(rig, { ...asked({}), facts: null }, { models: ['gpt-5'] })).toThrow(/tied to models/);
  });

  it('never reaches another client key’s conversations', async () => {
    await using rig = await openRig({ accounts: THREE });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    await (await rig.post('/v1/responses', responses(), { 'session-id': 's' })).text();
    const question = asked(responses(), { 'session-id': 's' });
    expect(ask(rig, question).plan.home).toBe(rig.account('two').id);
    expect(ask(rig, question, { clientKeyId: clientKeyId('another') }).plan.home).toBeNull();
  });
});
