/** Usage, forecasts, prices and alerts, as a terminal tells them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../../server/demo/emulator.ts';
import { createHome, type Home, type Server } from './cam.ts';

const WORK = 'sk-proj-work-0123456789abcdefghij';

describe('Figures on the command line', () => {
  let home: Home;
  let server: Server;
  let emulator: Emulator;
  let clientKey: string;
  const call = async (model: string): Promise<void> => {
    const answer = await fetch(`${server.origin}/v1/responses`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${clientKey}`,
        'content-type': 'application/json',
        'session-id': 'one',
      },
      body: JSON.stringify({ model, input: 'hi' }),
    });
    await answer.text();
    expect(answer.status).toBe(200);
  };

  beforeAll(async () => {
    home = createHome();
    emulator = await createEmulator({ keys: [{ key: WORK, organization: 'org-work' }] });
    const env = { CAM_MASTER_KEY_FILE: home.keyFile };
    server = await home.serve(env);
    await home.cam(['unlock'], { env });
    await home.cam(['add', 'Work', '-', '--base-url', emulator.baseUrl, '--allow-local'], { input: WORK });
    clientKey = (await home.cam(['keys', 'add', 'laptop'])).out.trim();
    for (const model of ['gpt-5', 'gpt-5', 'a-model-without-a-price']) await call(model);
  });
  afterAll(async () => {
    await server.stop();
    await emulator.close();
    home.remove();
  });

  it('find calls by a search, and say what of it they do not understand', async () => {
    const search = (words: string) => home.cam(['requests', '--search', words, '--json']);
    const found = JSON.parse((await search('model:without-a-price -status:4xx client:LAP account:work')).out);
    expect(found.rows).toMatchObject([{ model: 'a-model-without-a-price', accountName: 'Work' }]);
    expect(JSON.parse((await search('cost:>0')).out).rows).toHaveLength(2);
    expect(JSON.parse((await search('account:nobody')).out).rows).toEqual([]);
    const wrong = await search('stauts:429');
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain('There is no filter “stauts”');
  });

  it('tell what was used by any key, with the total, and that some of it is unknown', async () => {
    const { code, out, err } = await home.cam(['usage', '--by', 'model']);
    expect(code).toBe(0);
    expect(out).toMatch(/^requests {2}3, 100% delivered$/m);
    expect(out).toMatch(/^gpt-5 +2 +100%/m);
    expect(out).toMatch(/^a-model-without-a-price +1 .*—$/m);
    expect(out).toMatch(/^all +3 +100%/m);
    expect(err).toContain('the cost of 1 call is not known');
    const json = JSON.parse((await home.cam(['usage', '--by', 'client', '--json'])).out);
    expect(json).toMatchObject({
      by: 'client',
      total: { requests: 3, unknownCostCalls: 1 },
      groups: [{ name: 'laptop' }],
    });
    const csv = (await home.cam(['usage', '--period', 'today', '--by', 'model', '--csv'])).out.split('\r\n');
    expect(csv[0]).toMatch(/^id,name,requests,.*cost_usd/);
    expect(csv).toHaveLength(3);
    const dollars = Number(csv[1]?.split(',')[14]);
    expect(dollars).toBe(json.total.cost / 1e9);
  });

  it.each([
    [['usage', '--by', 'colour'], '--by is one of account, client, model, endpoint.'],
    [['usage', '--csv', '--json'], 'Either --csv or --json'],
    [['conversations', '--period', 'ever'], '--period is one of'],
    [['prices', 'set', 'x', '--input', 'much', '--output', '1'], 'A price is an amount in dollars'],
    [['reconcile', '--days', '0'], '--days is a whole number'],
    [['keys', 'add', 'y', '--scopes', 'everything'], '--scopes takes inference, metrics'],
  ])('say what is wrong with %j', async (args, words) => {
    const { code, out, err } = await home.cam(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
  });

  it('tell conversations, and that it is too early for a forecast', async () => {
    expect((await home.cam(['conversations'])).out).toMatch(
      /^\w{8} +laptop +gpt-5, a-model-without-a-price +Work +3 /m,
    );
    const { code, out, err } = await home.cam(['forecast']);
    expect(code).toBe(0);
    expect(out).toMatch(/^today +\$0\.\d+ spent, without 1 call whose cost is not known$/m);
    expect(err).toContain('two whole days');
  });

  it('find a model without a price, and take one', async () => {
    expect(await home.cam(['prices', 'check'])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^a-model-without-a-price .*nobody knows$/m),
      err: expect.stringContaining('The price of 1 model is not known.'),
    });
    const set = await home.cam([
      'prices',
      'set',
      'a-model-*',
      '--input',
      '2',
      '--output',
      '$8.50',
      '--from',
      '2026-01-01',
    ]);
    expect(set.code).toBe(0);
    expect((await home.cam(['prices', 'check'])).code).toBe(0);
    await call('a-model-without-a-price');
    const usage = JSON.parse((await home.cam(['usage', '--by', 'model', '--json'])).out);
    expect(usage.total).toMatchObject({ requests: 4, unknownCostCalls: 1 });
    expect((await home.cam(['prices', 'remove', 'a-model-*'])).code).toBe(0);
    expect((await home.cam(['prices', 'remove', 'a-model-*'])).code).toBe(1);
  });

  it('say what providers told, and that the rest needs an admin key', async () => {
    expect((await home.cam(['refresh', 'Work'])).out).toMatch(/^Work +models +\d+s ago +\d+ models$/m);
    expect((await home.cam(['reconcile'])).out).toContain('No account has an admin key');
  });

  it('say that there is no alert and nowhere to send one, and that a bad address is none', async () => {
    expect((await home.cam(['alerts'])).out).toBe('There was nothing to tell yet.\n');
    expect((await home.cam(['alerts', 'targets'])).out).toContain('sent nowhere');
    const env = { CAM_MASTER_KEY_FILE: home.keyFile };
    const refused = await home.cam(['alerts', 'add', 'Chat', '-'], { input: 'http://hooks.example/x', env });
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('must begin with https') });
    const added = await home.cam(['alerts', 'add', 'Chat', '-', '--allow-local'], {
      input: `${emulator.url}/hook`,
      env,
    });
    expect(added).toMatchObject({ code: 0, out: expect.stringContaining('Alerts are sent to Chat') });
    expect((await home.cam(['alerts', 'test', 'Chat'])).code).toBe(1);
    expect((await home.cam(['alerts', 'remove', 'Chat'])).code).toBe(0);
  });

  it('are read by Prometheus with a key for it', async () => {
    const key = (
      await home.cam(['keys', 'add', 'prometheus', '--scopes', 'metrics,see_accounts'])
    ).out.trim();
    const answer = await fetch(`${server.origin}/metrics`, { headers: { authorization: `Bearer ${key}` } });
    expect(await answer.text()).toMatch(/^cam_account_info\{account="[^"]+",name="Work"\} 1$/m);
  });
});
