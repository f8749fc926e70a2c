import { describe, expect, it } from 'vitest';
import { CLIENT_KEY, chat, openRig, responses } from '../../support/gateway-rig.ts';
import { send } from '../demo/client.ts';

describe('What crosses to the provider', () => {
  it('is the account’s own key and never a credential, cookie or header of ours or of this hop', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', organizationId: 'org-mine', projectId: 'proj_mine' }],
    });
    await send({
      url: rig.url,
      path: '/v1/chat/completions',
      key: CLIENT_KEY,
      body: chat(),
      headers: {
        'x-api-key': CLIENT_KEY,
        'api-key': 'sk-azure',
        'x-goog-api-key': 'goog',
        cookie: 'a=b',
        'openai-organization': 'org-clients',
        'openai-project': 'proj_clients',
        'x-cam-secret': '1',
        'x-forwarded-for': '10.0.0.1',
        'proxy-authorization': 'Basic x',
        'accept-encoding': 'gzip, br',
        connection: 'keep-alive, x-hop',
        'x-hop': '1',
        originator: 'codex_exec',
        'session-id': 'abc',
        'openai-beta': 'responses=v1',
        'x-client-request-id': 'id-1',
        'user-agent': 'tester/1.0',
      },
    });
    const { headers } = rig.emulator.key('sk-emulated-one').received[0] ?? { headers: {} };
    expect(headers).toMatchObject({
      authorization: 'Bearer sk-emulated-one',
      'openai-organization': 'org-mine',
      'openai-project': 'proj_mine',
      'accept-encoding': 'identity',
      host: new URL(rig.emulator.url).host,
      originator: 'codex_exec',
      'session-id': 'abc',
      'openai-beta': 'responses=v1',
      'x-client-request-id': 'id-1',
      'user-agent': 'tester/1.0',
    });
    for (const name of [
      'x-api-key',
      'api-key',
      'x-goog-api-key',
      'cookie',
      'x-cam-secret',
      'x-forwarded-for',
      'x-hop',
    ]) {
      expect(headers, name).not.toHaveProperty(name);
    }
    expect(JSON.stringify(headers)).not.toContain(CLIENT_KEY);
  });

  it('is the body byte for byte, whatever it holds, with its query', async () => {
    await using rig = await openRig();
    const body =
      '{ "model":"gpt-5",\n "input":"é\\u00e9 \\/ 1e400",  "unknown_thing":[{"type":"custom_tool_call"}]}';
    const answer = await fetch(`${rig.url}/v1/responses?beta=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(200);
    expect(rig.emulator.key('sk-emulated-one').received[0]?.body).toBe(body);
  });

  it('is a multipart body streamed through as it came, with its length and boundary', async () => {
    await using rig = await openRig();
    const body = '--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants\r\n--b--\r\n';
    await fetch(`${rig.url}/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'multipart/form-data; boundary=b' },
      body,
    });
    const [call] = rig.emulator.key('sk-emulated-one').received;
    expect(call?.body).toBe(body);
    expect(call?.headers['content-type']).toBe('multipart/form-data; boundary=b');
    expect(call?.headers['content-length']).toBe(String(body.length));
  });

  it('asks a chat stream for its usage and takes the extra chunk out again for a client that did not', async () => {
    await using rig = await openRig();
    const quiet = await (await rig.post('/v1/chat/completions', chat({ stream: true }))).text();
    const asked = await (
      await rig.post('/v1/chat/completions', chat({ stream: true, stream_options: { include_usage: true } }))
    ).text();
    expect(quiet).not.toContain('"choices":[]');
    expect(asked).toContain('"choices":[]');
    expect(quiet.trimEnd().endsWith('data: [DONE]')).toBe(true);
    const rows = await rig.rows();
    expect(rows.map(({ output_tokens }) => output_tokens ?? 0).every((tokens) => tokens > 0)).toBe(true);
  });
});

describe('What crosses to the client', () => {
  it('is the provider’s request id and limits, and neither cookies nor its organisation', async () => {
    await using rig = await openRig({
      wrapDial: (dial) => (request, events) =>
        dial(request, {
          ...{ data: events.data.bind(events), end: events.end.bind(events), fail: events.fail.bind(events) },
          head: (status, headers) =>
            events.head(status, {
              ...headers,
              'set-cookie': 'a=b',
              'access-control-allow-origin': '*',
              'strict-transport-security': 'max-age=1',
              'x-cam-account': 'forged',
              'cf-ray': '1',
              'x-codex-turn-state': 'ts-1',
            }),
        }),
    });
    const answer = await rig.post('/v1/responses', responses());
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    expect(answer.headers.get('x-ratelimit-remaining-requests')).not.toBe(null);
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('one').id);
    expect(answer.headers.get('x-codex-turn-state')).toBe('ts-1');
    for (const name of [
      'set-cookie',
      'access-control-allow-origin',
      'strict-transport-security',
      'cf-ray',
      'openai-organization',
      'openai-project',
      'x-cam-account-name',
    ]) {
      expect(answer.headers.get(name), name).toBe(null);
    }
  });

  it('names accounts and organisations to keys that may see them, in any script', async () => {
    await using rig = await openRig({
      accounts: [
        {
          name: 'Büro 東京',
          key: 'sk-emulated-office',
          emulated: { organization: 'org-office', project: 'proj_office' },
        },
      ],
      clientKeys: [{ scopes: ['inference', 'see_accounts'] }],
    });
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(decodeURIComponent(answer.headers.get('x-cam-account-name') ?? '')).toBe('Büro 東京');
    expect(answer.headers.get('openai-organization')).toMatch(/^org-/);
  });
});
