import { describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import { type Fault, faults, type Script, scripts } from '../../../server/demo/faults.ts';
import { chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { createTurnstile, until } from '../../support/turnstile.ts';

const AT_ONCE = 20;
const TWO = [{ name: 'one' }, { name: 'two' }];
const REFUSED: Script = { steps: [{ fault: faults.unauthorized() }], on: 'all' };
const facts = { organization: null, project: null, modelIds: null, checkedAtMs: null };

async function open(accounts = TWO) {
  const turnstile = createTurnstile(true);
  const rig = await openRig({ accounts, wrapDial: turnstile.wrap });
  return { rig, turnstile };
}

const questions = (rig: Rig, key = 'sk-emulated-one'): number =>
  rig.emulator.key(key).received.filter(({ path }) => path === '/models').length;
const state = (rig: Rig, name = 'one') => rig.room.pool.upstream(rig.account(name).id);
const statuses = async (calls: readonly Promise<Response>[]): Promise<readonly number[]> =>
  (await Promise.all(calls)).map(({ status }) => status);
const SERVED = new Array<number>(AT_ONCE).fill(200);

/** Twenty calls that have all reached the first account, none of them answered yet. */
async function twentyUnderWay(script: Script, accounts = TWO) {
  const { rig, turnstile } = await open(accounts);
  rig.emulator.script('sk-emulated-one', script);
  turnstile.open(false);
  const calls = SERVED.map(() => rig.post('/v1/chat/completions', chat()));
  await until(() => turnstile.underWay('one') === AT_ONCE);
  return { rig, turnstile, calls };
}

describe('Twenty calls at once whose key is refused', () => {
  it('ask the provider one question, and the account is disabled', async () => {
    const { rig, turnstile, calls } = await twentyUnderWay(REFUSED);
    await using _ = rig;
    turnstile.open(true);
    expect(await statuses(calls)).toEqual(SERVED);
    await until(() => state(rig)?.credentialRefused !== null);
    expect(questions(rig)).toBe(1);
    expect(rig.events.filter(({ kind }) => kind === 'account.credential_refused')).toHaveLength(1);
  });

  it('ask no other question when they come back long after it was answered, whatever the answer was', async () => {
    for (const [script, refused] of [
      [REFUSED, true],
      [scripts.always(faults.unauthorized()), false],
    ] as const) {
      const { rig, turnstile, calls } = await twentyUnderWay(script);
      await using _ = rig;
      turnstile.letGo('one');
      await until(() => turnstile.underWay('two') === 1);
      await until(() =>
        refused ? state(rig)?.credentialRefused !== null : '' in (state(rig)?.breakers ?? {}),
      );
      turnstile.open(true);
      expect(await statuses(calls)).toEqual(SERVED);
      expect(questions(rig)).toBe(1);
      expect(state(rig)?.credentialRefused !== null).toBe(refused);
    }
  });
});

describe('A fresh key that not every machine of the provider knows yet', () => {
  it('is not disabled, costs no client its answer, and serves as soon as it is known', async () => {
    const { rig } = await open();
    await using _ = rig;
    rig.emulator.script('sk-emulated-one', scripts.times(faults.unauthorized(), 3));
    for (let n = 0; n < 3; n++) {
      const answer = await rig.post('/v1/chat/completions', chat());
      expect(answer.headers.get('x-cam-account')).toBe(rig.account('two').id);
    }
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('one').id);
    expect(state(rig)?.credentialRefused).toBe(null);
  });

  it('rests after five refusals, is tried again by one call after fifteen seconds, and is never disabled', async () => {
    const { rig } = await open();
    await using _ = rig;
    rig.emulator.script('sk-emulated-one', scripts.times(faults.unauthorized(), 6));
    for (let n = 0; n < 8; n++) expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
    await until(() => state(rig)?.breakers['']?.state === 'open');
    expect(rig.received('one')).toBeLessThanOrEqual(6);
    rig.clock.advance(30_001);
    for (let n = 0; n < 2; n++) expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
    rig.clock.advance(30_001);
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('one').id);
    expect(state(rig)).toMatchObject({ credentialRefused: null, breakers: {} });
  });
});

describe('When a key is replaced while calls are under way on the old one', () => {
  const NEW_KEY = 'sk-emulated-new';
  function replaceKey(rig: Rig): void {
    rig.emulator.addKey({ key: NEW_KEY, organization: 'org-new', project: 'proj_new' });
    const { id } = rig.account('one');
    const place = { table: 'accounts', rowId: id, column: 'sealed_key' } as const;
    const account = { ...rig.account('one'), sealedKey: rig.vault.seal(place, new Secret(NEW_KEY)) };
    rig.room.pool.put(id, { account, facts, health: null }, { keyReplaced: true });
  }

  const refusals: readonly (readonly [string, Fault])[] = [
    ['401', faults.unauthorized()],
    ['a closed account', faults.deactivated()],
    ['an empty purse', faults.quota()],
    ['a rate limit', faults.rateLimit(600)],
    ['a model that the old one did not have', faults.modelNotFound('gpt-5')],
  ];
  it.each(refusals)(
    'and they come back with %s, the new one is not to blame and answers them all',
    async (_what, fault) => {
      const { rig, turnstile, calls } = await twentyUnderWay({ steps: [{ fault }], on: 'all' }, [
        { name: 'one' },
      ]);
      await using _ = rig;
      replaceKey(rig);
      turnstile.open(true);
      expect(await statuses(calls)).toEqual(SERVED);
      expect(rig.emulator.key(NEW_KEY).received).toHaveLength(AT_ONCE);
      expect(questions(rig) + questions(rig, NEW_KEY)).toBe(0);
      expect(state(rig)).toMatchObject({ credentialRefused: null, breakers: {}, cooldowns: {}, marks: [] });
    },
  );

  it('a question about the old one that is still open decides nothing about the new one', async () => {
    const { rig } = await open();
    await using _ = rig;
    rig.emulator.script('sk-emulated-one', {
      steps: [{ fault: faults.unauthorized(), times: 1 }, { fault: { kind: 'stall', beforeHeaders: true } }],
      on: 'all',
    });
    expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
    await until(() => questions(rig) === 1);
    replaceKey(rig);
    rig.emulator.script(NEW_KEY, REFUSED);
    expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
    await until(() => state(rig)?.credentialRefused !== null);
    expect(questions(rig, NEW_KEY)).toBe(1);
  });

  it('what they answer teaches nothing of the new one’s organisation and limits', async () => {
    const { rig, turnstile } = await open([{ name: 'one' }]);
    await using _ = rig;
    turnstile.open(false);
    const call = rig.post('/v1/responses', responses());
    await until(() => turnstile.underWay('one') === 1);
    replaceKey(rig);
    turnstile.open(true);
    expect((await call).status).toBe(200);
    expect(state(rig)).toMatchObject({ facts: { organization: null, project: null }, headerLimits: {} });
  });
});
