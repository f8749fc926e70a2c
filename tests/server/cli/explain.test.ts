/** Why a call went where it went, and where one would go now, as a terminal tells it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../../server/demo/emulator.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { createHome, type Home, type Server } from './cam.ts';

const WORK = 'sk-proj-work-0123456789abcdefghij';
const SPARE = 'sk-proj-spare-0123456789abcdefghij';

/** Without what differs from run to run; a column is as wide as the moments in it, so gaps go too. */
const steady = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/\b[0-9a-f]{32}\b/g, '<hash>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/[·░▒█]{24}/g, '<bar>')
    .replace(/\b\d+(\.\d+)? (ms|s)\b/g, '<t>')
    .replace(/\b(\d+:)?\d?\d:\d\d\b/g, '<countdown>')
    .replace(/(output +)\d+/g, '$1<n>')
    .replace(/\$0\.\d+/g, '<money>')
    .replace(/\b\d+\.\d KB|\b\d+ B\b/g, '<size>')
    .replace(/ {2,}/g, '  ');

const MOVED = steady(`Delivered by Spare in <t>, after Work could not serve it.
<id>  <time>  gpt-5.5  POST /responses  laptop

Attempts
#  ACCOUNT  STATUS  TIME                       TOOK
1  Work     429     <bar>  <t>
2  Spare    200     <bar>  <t>
1: rate_limit: The limit of tokens per minute is reached; the provider asks to wait 10 min. Nothing had reached the client.
2: Answered. First byte after <t>.

Why this account
Work came first: lowest priority number first.
#  CANDIDATE  USED  OF
1  Work          —  —   tried
2  Spare         —  —   took it
LEFT OUT  FOR  WHY
Old         —  switched off

Conversation
recognised by  header session-id
home then      none yet
session        <hash>

Usage and cost
input           8 tokens, 0 cached
output          <n> tokens, 0 reasoning
cost            <money> (prices: genai-prices 0.1.8)
sent, received  <size>, <size>
first token     —
our own time  <t>
`);

const NOW = steady(`It would go to Spare now.

Why
Spare came first: this session is at home there.
#  CANDIDATE  USED  OF
1  Spare        0%  requests a minute  now
LEFT OUT   FOR  WHY
Work  <countdown>  cooling down (rate_limit_exceeded)
Old          —  switched off

Read as
endpoint     POST /responses
model        gpt-5.5
client key   laptop
session key  header session-id
its home     Spare
`);

describe('cam explain and cam route', () => {
  let home: Home;
  let server: Server;
  let emulator: Emulator;
  let clientKey: string;
  const local = () => ['--base-url', emulator.baseUrl, '--allow-local'];
  const call = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${server.origin}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'gpt-5.5', input: 'hi', ...body }),
    });
  const file = (name: string, text: string): string => {
    const path = join(home.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };

  beforeAll(async () => {
    home = createHome();
    emulator = await createEmulator({
      keys: [
        { key: WORK, organization: 'org-work' },
        { key: SPARE, organization: 'org-spare' },
      ],
    });
    const env = { CAM_MASTER_KEY_FILE: home.keyFile };
    mkdirSync(home.folder, { mode: 0o700 });
    file('config.toml', '[routing]\nstrategy = "priority"\n');
    server = await home.serve(env);
    await home.cam(['unlock'], { env });
    await home.cam(['add', 'Work', '-', '--priority', '1', ...local()], { input: WORK });
    await home.cam(['add', 'Spare', '-', '--priority', '2', ...local()], { input: SPARE });
    await home.cam(['add', 'Old', '-', '--no-check', '--priority', '3'], { input: `${SPARE}2` });
    await home.cam(['disable', 'Old']);
    clientKey = (await home.cam(['keys', 'add', 'laptop'])).out.trim();
  });
  afterAll(async () => {
    await server.stop();
    await emulator.close();
    home.remove();
  });

  it('says that there is no call yet', async () => {
    expect(await home.cam(['explain', 'last'])).toEqual({
      code: 1,
      out: '',
      err: 'cam: There is no call yet.\n',
    });
    expect(await home.cam(['explain', 'ffff'])).toMatchObject({ code: 1, out: '' });
  });

  it('tells a moved call as a story, as the last one or by its id or the beginning of it', async () => {
    emulator.script(WORK, scripts.always(faults.rateLimit(600)));
    const answer = await call({}, { 'session-id': 'story' });
    await answer.text();
    const id = answer.headers.get('x-cam-request-id') ?? '';
    const { code, out, err } = await home.cam(['explain', 'last']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(steady(out)).toBe(MOVED);
    const [first = '', second = ''] = out.match(/[·░▒█]{24}/g) ?? [];
    expect(first).toMatch(/^·*▒+·*$/);
    expect(second).toMatch(/^·*░*█+$/);
    for (const args of [
      ['explain', id.slice(0, 13).toUpperCase()],
      ['requests', id],
    ]) {
      expect((await home.cam(args)).out).toBe(out);
    }
    const json = JSON.parse((await home.cam(['explain', 'last', '--json'])).out);
    expect(json).toMatchObject({
      id,
      sessionSource: 'session-id',
      attemptList: [{ number: 1 }, { number: 2 }],
    });
  });

  it('says where a call of that conversation would go now, and why not elsewhere', async () => {
    const said = await home.cam(['route', '--dry-run', '--model', 'gpt-5.5', '--session', 'story']);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(steady(said.out)).toBe(NOW);
  });

  it('reads a body as the gateway would, and sends none of it on', async () => {
    const kept = { model: 'gpt-5.5', prompt_cache_key: 'kept', input: 'a secret of the file' };
    await (await call(kept)).text();
    const path = file('kept.json', JSON.stringify(kept));
    const said = JSON.parse((await home.cam(['route', '--input', path, '--json'])).out);
    const last = JSON.parse((await home.cam(['explain', 'last', '--json'])).out);
    expect(said).toMatchObject({ live: true, model: 'gpt-5.5', sessionSource: 'prompt_cache_key' });
    expect(said.sessionHash).toBe(last.sessionHash);
    expect(said.plan).toMatchObject({ decidedBy: 'session', candidates: [{ name: 'Spare' }] });
    expect(emulator.key(SPARE).received).toHaveLength(3);
  });

  it('says what a client would be told when nobody can serve', async () => {
    const { code, out } = await home.cam([
      'route',
      '--model',
      'gpt-5.5',
      '--endpoint',
      'GET /v1/files/file-1',
    ]);
    expect(code).toBe(0);
    expect(out).toContain('It would be refused now: 503 account_pinned_unusable.');
    expect(out).toContain('Nobody: no account could take it.');
    expect(out).toMatch(/Work .*cooling down/);
  });

  it.each<[string, string[], number, string]>([
    ['no model', ['route'], 2, 'cam: Which model?\nhint: Add --model, or --input'],
    [
      'an unknown client key',
      ['route', '-m', 'gpt-5.5', '--client', 'nobody'],
      1,
      'There is no client key called "nobody"',
    ],
    [
      'an unknown endpoint',
      ['route', '-m', 'gpt-5.5', '--endpoint', 'talk'],
      2,
      'There is no endpoint "talk"',
    ],
    ['an admin path', ['route', '--endpoint', 'GET /v1/organization/costs'], 1, 'needs an admin key'],
    [
      'a file that is not there',
      ['route', '--input', '/no/such/file'],
      2,
      '/no/such/file cannot be read (ENOENT)',
    ],
    ['a folder', ['route', '--input', '/'], 2, '/ cannot be read (EISDIR)'],
  ])('says of %s what is wrong', async (_, args, exit, sentence) => {
    const { code, out, err } = await home.cam(args);
    expect({ code, out }).toEqual({ code: exit, out: '' });
    expect(err).toContain(sentence);
  });

  it('says of a body that is no JSON object, and of one that names another model, what is wrong', async () => {
    const broken = file('broken.json', '{"model":');
    expect((await home.cam(['route', '--input', broken])).err).toBe(`cam: ${broken} is not valid JSON.\n`);
    const list = file('list.json', '[1]');
    expect((await home.cam(['route', '--input', list])).err).toContain('is JSON, but not an object');
    const other = file('other.json', '{"model":"gpt-5"}');
    const said = await home.cam(['route', '--input', other, '--model', 'gpt-5.5']);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain('The body names the model gpt-5, not gpt-5.5.');
  });

  it('asks which client key a conversation belongs to once there are several', async () => {
    await home.cam(['keys', 'add', 'desktop']);
    const unclear = await home.cam(['route', '-m', 'gpt-5.5', '--session', 'story']);
    expect(unclear).toMatchObject({ code: 2, out: '' });
    expect(unclear.err).toContain('A conversation belongs to one client key');
    const homeOf = async (client: string) => {
      const args = ['route', '-m', 'gpt-5.5', '--session', 'story', '--client', client, '--json'];
      return JSON.parse((await home.cam(args)).out).plan.home;
    };
    expect(await homeOf('laptop')).not.toBeNull();
    expect(await homeOf('desktop')).toBeNull();
  });

  it('answers for no client key in particular, and refuses for a revoked one', async () => {
    expect((await home.cam(['route', '-m', 'gpt-5.5'])).out).toMatch(/client key +none in particular/);
    await home.cam(['keys', 'revoke', 'desktop']);
    const revoked = await home.cam(['route', '-m', 'gpt-5.5', '--client', 'desktop']);
    expect(revoked).toMatchObject({ code: 3, out: '' });
    expect(revoked.err).toContain('The client key "desktop" was revoked');
  });

  it('counts by what conversations were recognised, in the status', async () => {
    await (await call({})).text();
    const { out } = await home.cam(['status']);
    expect(out).toMatch(
      /session keys +1 by header session-id\n +1 by field prompt_cache_key\n +1 by no session key\n/,
    );
  });

  it('tells as the last one a call that its client key’s own limit refused, though it has no row', async () => {
    const tight = (await home.cam(['keys', 'add', 'tight', '--limit', 'requests/day=1'])).out.trim();
    await (await call({}, { authorization: `Bearer ${tight}` })).text();
    const answer = await call({}, { authorization: `Bearer ${tight}` });
    expect(answer.status).toBe(429);
    const { out } = await home.cam(['explain', 'last']);
    expect(out).toContain(answer.headers.get('x-cam-request-id'));
    expect(out).toMatch(
      /^Refused with 429 \(client_limit_reached\): This client key has reached its limit of 1 requests a day\. It resets at /,
    );
    expect(out).toMatch(/\nAttempts\nNo account was asked\.\n/);
    await home.cam(['keys', 'revoke', 'tight']);
    // A later call takes its place.
    await (await call({}, { 'session-id': 'story' })).text();
    expect((await home.cam(['explain', 'last'])).out).toMatch(/^Delivered by Spare/);
  });

  it('works without a server on what was stored, and says so', async () => {
    expect(await server.stop()).toBe(0);
    const env = { CAM_MASTER_KEY_FILE: home.keyFile };
    const said = await home.cam(['route', '--model', 'gpt-5.5', '--session', 'story'], { env });
    expect(said.code).toBe(0);
    expect(said.err).toBe('No server is running: this is how the accounts were last stored.\n');
    expect(steady(said.out)).toBe(NOW);
  });

  it('explains without a server what was stored', async () => {
    const env = { CAM_MASTER_KEY_FILE: home.keyFile };
    expect((await home.cam(['explain', 'last'], { env })).out).toContain('Delivered by Spare');
  });
});
