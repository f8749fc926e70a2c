/** What a provider says is left this minute, and where calls of which size go by it: over real sockets. */
import { describe, expect, it } from 'vitest';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { openRig, type Rig, responses } from '../../support/gateway-rig.ts';

/** More than account one allows in a whole minute, by estimate. */
const LARGE = responses({ input: 'word '.repeat(20_000) });
/** As large, each of another conversation. */
const large = (n: number) => responses({ input: `${n} ${'word '.repeat(20_000)}` });
const ACCOUNTS = [{ name: 'one', emulated: { tokensPerMinute: 20_000 } }, { name: 'two' }];

async function ask(rig: Rig, body: object) {
  const answer = await rig.post('/v1/responses', body);
  await answer.text();
  expect(answer.status).toBe(200);
  return rig.explained(answer.headers.get('x-cam-request-id'));
}

describe('A call that is larger than what its first account has left', () => {
  it('goes to one that has room without being refused first, and is explained; a small one stays', async () => {
    await using rig = await openRig({ accounts: ACCOUNTS });
    expect((await ask(rig, responses())).attemptList).toMatchObject([{ accountName: 'one', status: 200 }]);
    const large = await ask(rig, LARGE);
    expect(large.attemptList).toMatchObject([{ accountName: 'two', status: 200 }]);
    expect(large.plan?.candidates).toMatchObject([{ name: 'two' }, { name: 'one', short: 'tokens' }]);
    expect((await ask(rig, responses())).attemptList).toMatchObject([{ accountName: 'one', status: 200 }]);
    expect(rig.received('one')).toBe(2);
    expect(rig.room.pool.snapshot()[0]?.cooldowns).toEqual({});
  });

  it('is sent once to an account that refuses it as larger than its limit, and its like then to others first', async () => {
    await using rig = await openRig({
      accounts: [
        { name: 'one', priority: 1 },
        { name: 'two', priority: 2 },
      ],
      config: (config) => ({ ...config, routing: { ...config.routing, strategy: 'priority' } }),
    });
    rig.emulator.script('sk-emulated-one', scripts.times(faults.tooLarge(30_000, 36_055), 1));
    expect((await ask(rig, large(1))).attemptList).toMatchObject([
      { accountName: 'one', failure: { class: 'too_large_for_limit' } },
      { accountName: 'two', status: 200 },
    ]);
    const like = await ask(rig, large(2));
    expect(like.attemptList).toMatchObject([{ accountName: 'two', status: 200 }]);
    expect(like.plan?.candidates).toMatchObject([{ name: 'two' }, { name: 'one', short: 'tokens' }]);
    expect((await ask(rig, responses())).attemptList).toMatchObject([{ accountName: 'one', status: 200 }]);
    rig.room.pool.clearMarks(rig.account('one').id);
    expect((await ask(rig, large(4))).attemptList).toMatchObject([{ accountName: 'one', status: 200 }]);
    rig.emulator.script('sk-emulated-one', scripts.times(faults.tooLarge(30_000, 36_055), 1));
    await ask(rig, large(5));
    expect((await ask(rig, large(6))).attemptList).toMatchObject([{ accountName: 'two' }]);
    rig.clock.jump(3_600_000);
    expect((await ask(rig, large(3))).attemptList).toMatchObject([{ accountName: 'one', status: 200 }]);
  });

  it('is said in a dry run, as the planner of real calls sees it', async () => {
    await using rig = await openRig({ accounts: ACCOUNTS });
    await ask(rig, responses());
    const question = { method: 'POST', path: '/v1/responses', headers: {}, model: 'gpt-5', facts: null };
    const first = (bodyBytes: number) =>
      rig.gateway.dryRun({ ...question, bodyBytes }, rig.caller()).plan.candidates[0]?.name;
    expect([first(100), first(100_000)]).toEqual(['one', 'two']);
  });

  it('goes to the account all the same when there is no other', async () => {
    await using rig = await openRig({ accounts: ACCOUNTS.slice(0, 1) });
    await ask(rig, responses());
    expect((await ask(rig, LARGE)).attemptList).toMatchObject([{ accountName: 'one', status: 200 }]);
  });

  it('counts calls that are on their way already', async () => {
    await using rig = await openRig({ accounts: ACCOUNTS });
    const { id } = rig.account('one');
    await ask(rig, responses());
    const left = () => {
      const room = rig.room.pool.upstream(id)?.rooms?.['gpt-5'];
      return room && room.sent.tokens - room.told.tokens;
    };
    expect(left()).toBe(0);
    const lease = rig.room.pool.lease(id, 'gpt-5');
    if (!lease) throw new Error('the account has room');
    rig.room.pool.sent(lease, 5_000);
    expect(left()).toBe(5_000);
    rig.room.pool.learn(
      id,
      { 'x-ratelimit-limit-tokens': '20000', 'x-ratelimit-remaining-tokens': '9000' },
      lease,
    );
    expect(left()).toBe(0);
    lease.release();
  });
});
