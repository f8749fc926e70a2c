import { describe, expect, test } from 'vitest';
import { ENDPOINTS, type EndpointMatch, findEndpoint } from '../../../lib/calls/endpoint-table.ts';

function found(method: string, path: string): Extract<EndpointMatch, { kind: 'found' }> {
  const match = findEndpoint(method, path);
  if (match.kind !== 'found') throw new Error(`${method} ${path}: ${match.kind}`);
  return match;
}

/** A pattern with its parameters filled in. */
const example = (pattern: string) => `/v1${pattern.replace(/\{(\w+)\}/g, 'some-$1')}`;

describe('the endpoint table', () => {
  test('holds every method and path of the API: 235 for ordinary keys, 146 for admin keys, 6 WebSocket upgrades; and one of ours', () => {
    const upgrades = ENDPOINTS.filter((endpoint) => endpoint.webSocket);
    const admin = ENDPOINTS.filter((endpoint) => endpoint.treatment === 'admin');
    expect(upgrades).toHaveLength(6);
    expect(admin).toHaveLength(146);
    const ours = ENDPOINTS.filter((endpoint) => endpoint.treatment === 'usage');
    expect(ours.map(({ name }) => name)).toEqual(['GET /usage']);
    expect(ENDPOINTS.length - admin.length - upgrades.length - ours.length).toBe(235);
  });

  test('names every endpoint once', () => {
    expect(new Set(ENDPOINTS.map(({ name }) => name)).size).toBe(ENDPOINTS.length);
  });

  test('finds every endpoint of its own by an example of its path', () => {
    for (const endpoint of ENDPOINTS) {
      const match = found(endpoint.method, example(endpoint.pattern));
      expect(match.endpoint).toBe(endpoint);
      expect(`/v1${match.path}`).toBe(example(endpoint.pattern));
    }
  });

  test('routes inference and nothing else, and repeats nothing but inference', () => {
    const routed = ENDPOINTS.filter(({ treatment }) => treatment === 'inference').map(({ name }) => name);
    expect(routed.sort()).toEqual(
      [
        'POST /responses',
        'POST /responses/compact',
        'POST /responses/input_tokens',
        'POST /chat/completions',
        'POST /completions',
        'POST /embeddings',
        'POST /moderations',
        'POST /decisions',
        'POST /images/generations',
        'POST /images/edits',
        'POST /images/variations',
        'POST /audio/speech',
        'POST /audio/transcriptions',
        'POST /audio/translations',
      ].sort(),
    );
    for (const endpoint of ENDPOINTS) expect(endpoint.repeatable).toBe(endpoint.treatment === 'inference');
  });

  test('answers the model list itself, and leaves deleting a model to one account', () => {
    expect(found('GET', '/v1/models').endpoint.treatment).toBe('models');
    expect(found('GET', '/v1/models/gpt-5').endpoint.treatment).toBe('models');
    expect(found('DELETE', '/v1/models/ft:gpt-5:me').endpoint.treatment).toBe('fixed');
  });

  test('knows what streams, takes multipart, answers bytes or is a WebSocket', () => {
    expect(found('POST', '/v1/responses').endpoint).toMatchObject({ canStream: true, family: 'responses' });
    expect(found('POST', '/v1/files').endpoint).toMatchObject({
      multipart: true,
      treatment: 'fixed',
      family: 'files',
    });
    expect(found('GET', '/v1/files/file-1/content').endpoint.binary).toBe(true);
    expect(found('GET', '/v1/responses').endpoint.webSocket).toBe(true);
    expect(found('GET', '/v1/realtime').endpoint.webSocket).toBe(true);
  });

  test('prefers a literal path to one with a parameter', () => {
    expect(found('GET', '/v1/agents/sessions').endpoint.pattern).toBe('/agents/sessions');
    expect(found('GET', '/v1/agents/my-agent').endpoint.pattern).toBe('/agents/{agent_id}');
  });

  test('falls back to the parameter where a literal branch leads nowhere', () => {
    expect(found('GET', '/v1/agents/environments/templates/files').endpoint.pattern).toBe(
      '/agents/environments/templates/{environment_template_id}',
    );
  });

  test.each([
    ['/v1/v1/responses', '/responses'],
    ['/v1/v1/v1/responses', '/responses'],
    ['/v1/responses/', '/responses'],
    ['/v1/responses///', '/responses'],
    ['/v1/v1/chat/completions/', '/chat/completions'],
    ['/v1/models/gpt%2D5', '/models/gpt%2D5'],
    ['/v1/models/ft:gpt-5:org::id', '/models/ft:gpt-5:org::id'],
  ])('serves %s as %s', (path, below) => {
    const method = below.startsWith('/models') ? 'GET' : 'POST';
    expect(found(method, path).path).toBe(below);
  });

  test.each([
    '/v1/files/../organization/users',
    '/v1/files/%2e%2e/organization',
    '/v1/files/%2E%2E%2Forganization',
    '/v1/files/a%2fcontent',
    '/v1/files/a%5ccontent',
    '/v1/files/a%00b',
    '/v1/files/a%0d%0ab',
    '/v1/files/%252e%252e',
    '/v1/files/%zz',
    '/v1/files/%',
    '/v1/files/.',
    '/v1//responses',
    '/v1/responses/a/b/c/d',
    '/v1',
    '/v1/',
    '/',
    '',
    'v1/responses',
    '/v2/responses',
    '/v1/nonsense',
    `/v1/files/${'a'.repeat(9_000)}`,
  ])('does not know %s', (path) => {
    expect(findEndpoint('GET', path)).toEqual({ kind: 'unknown_path', missingV1: false });
  });

  test('says when a path would be ours with /v1 in front', () => {
    expect(findEndpoint('POST', '/responses')).toEqual({ kind: 'unknown_path', missingV1: true });
    expect(findEndpoint('POST', '/chat/completions/')).toEqual({ kind: 'unknown_path', missingV1: true });
  });

  test('tells a wrong method from a wrong path', () => {
    expect(findEndpoint('PUT', '/v1/responses')).toMatchObject({ kind: 'method_not_allowed' });
    expect(findEndpoint('GET', '/v1/chat/completions/chatcmpl-1/messages').kind).toBe('found');
    const match = findEndpoint('DELETE', '/v1/files');
    expect(match.kind === 'method_not_allowed' && [...match.allow].sort()).toEqual(['GET', 'POST']);
  });

  test('refuses administration by name, also paths that are newer than the table', () => {
    expect(found('GET', '/v1/organization/users').endpoint.treatment).toBe('admin');
    expect(found('POST', '/v1/organization/something/new').endpoint.treatment).toBe('admin');
    expect(found('PATCH', '/v1/projects/p1/new').endpoint.treatment).toBe('admin');
    expect(found('GET', '/v1/fine_tuning/checkpoints/c1/permissions').endpoint.treatment).toBe('admin');
  });
});
