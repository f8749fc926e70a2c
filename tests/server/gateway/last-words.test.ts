import { describe, expect, it } from 'vitest';
import { type Fault, faults, scripts } from '../../../server/demo/faults.ts';
import { chat, openRig, type Rig } from '../../support/gateway-rig.ts';

const FOUR = ['one', 'two', 'three', 'four'];
const SEES: readonly { scopes: ('inference' | 'see_accounts')[] }[] = [
  { scopes: ['inference', 'see_accounts'] },
];

/** The first three fail so, the fourth is well. */
async function threeOfFour(fault: Fault): Promise<Rig> {
  const small = { tokensPerMinute: 30_000 };
  const accounts = FOUR.map((name, n) => ({ name, ...(n < 3 ? { emulated: small } : {}) }));
  const rig = await openRig({ accounts, clientKeys: SEES });
  for (const name of FOUR.slice(0, 3)) rig.emulator.script(`sk-emulated-${name}`, scripts.always(fault));
  return rig;
}
const ask = (rig: Rig): Promise<Response> => rig.post('/v1/chat/completions', chat());

describe('When a call has used up its three attempts and there is an account that was not asked', () => {
  it.each<readonly [string, Fault]>([
    ['a model that three do not have', faults.modelNotFound('gpt-5')],
    ['a permission that three lack', faults.scope()],
    ['a size that is too large for three', faults.tooLarge(30_000, 36_055)],
    ['a limit that three have reached for an hour', faults.rateLimit(3_600)],
    ['three empty purses', faults.quota()],
  ])(
    '%s is never told as the answer: another try is asked for at once, and is served',
    async (_what, fault) => {
      await using rig = await threeOfFour(fault);
      const answer = await ask(rig);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.headers.get('x-should-retry')).toBe(null);
      const { error } = await answer.json();
      expect(error.code).toBe('all_accounts_unusable');
      for (const name of ['one', 'two', 'three']) expect(error.message).toContain(`${name}: `);
      expect(error.message).toContain('Another try goes to other accounts first.');
      expect(error.details.attempts).toHaveLength(3);
      const again = await ask(rig);
      expect(again.headers.get('x-cam-account')).toBe(rig.account('four').id);
    },
  );
});

describe('When every account there is was asked', () => {
  it.each<readonly [string, Fault, number]>([
    ['a model that nobody has', faults.modelNotFound('gpt-5'), 404],
    ['a size that is too large for all', faults.tooLarge(30_000, 36_055), 413],
  ])('%s is told as it is', async (_what, fault, status) => {
    await using rig = await threeOfFour(fault);
    rig.room.pool.put(rig.account('four').id, null);
    expect((await ask(rig)).status).toBe(status);
  });

  it('says who was tried and what helps, where the key is refused but answers GET /models', async () => {
    await using rig = await openRig({ clientKeys: SEES });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.unauthorized()));
    const answer = await ask(rig);
    expect(answer.status).toBe(502);
    const { error } = await answer.json();
    expect(error.message).toMatch(/refused the account's key\..* Tried: one\. Put in a new key/);
    expect(error.details.attempts).toMatchObject([
      { name: 'one', class: 'credential', code: 'invalid_api_key' },
    ]);
  });

  it('names nobody to a client key that may not see accounts', async () => {
    await using rig = await openRig({ accounts: FOUR.map((name) => ({ name })) });
    for (const name of FOUR) rig.emulator.script(`sk-emulated-${name}`, scripts.always({ kind: 'reset' }));
    const text = await (await ask(rig)).text();
    expect(text).toContain(rig.account('one').id.slice(0, 13));
    expect(text).not.toMatch(/"name"|Tried: one|two:/);
  });

  it('that none may use the endpoint is said of the endpoint and not of the model, with what helps', async () => {
    await using rig = await openRig({ clientKeys: SEES });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.scope()));
    expect((await ask(rig)).status).toBe(403);
    const answer = await ask(rig);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    const { error } = await answer.json();
    expect(error).toMatchObject({ code: 'no_account_for_call', param: null });
    expect(error.message).toMatch(
      /^No account may use this endpoint\. One may not use this endpoint for 1 h\. Nothing was sent\. Give/,
    );
    expect(rig.received('one')).toBe(1);
  });
});
