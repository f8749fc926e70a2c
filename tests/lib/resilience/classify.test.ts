import { describe, expect, test } from 'vitest';
import { classify } from '../../../lib/resilience/classify.ts';
import type { Failure, FailureClass, FailureEvidence } from '../../../lib/resilience/failure.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 9, 50);

function verdict(over: Partial<FailureEvidence>): Failure {
  return classify({
    phase: 'first_event',
    status: null,
    headers: {},
    body: '',
    transportCode: null,
    nowMs: NOW_MS,
    ...over,
  });
}

const answer = (status: number, error: Record<string, unknown>, headers: Record<string, string> = {}) =>
  verdict({
    status,
    headers,
    body: JSON.stringify({ error: { message: '', type: null, param: null, code: null, ...error } }),
  });

const TOKENS =
  'Rate limit reached for gpt-5 in organization org-abc123def on tokens per min (TPM): Limit 30000, Used 29000, Requested 5000. Please try again in 9.816s. Visit https://platform.openai.com';
const TOO_LARGE =
  'Request too large for gpt-4o in organization org-abc123def on tokens per min (TPM): Limit 30000, Requested 36055. The input or output tokens must be reduced.';
const SEALED =
  'The encrypted content gAAAAAB3x... could not be verified. Reason: Encrypted content organization_id did not match the target organization.';
const UNVERIFIED =
  'Your organization must be verified to stream this model. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization.';

type Row = readonly [what: string, status: number, error: Record<string, unknown>, expected: FailureClass];

const ROWS: readonly Row[] = [
  // The request itself
  ['a wrong value', 400, { type: 'invalid_request_error', code: 'invalid_value' }, 'caller_fault'],
  [
    'a missing parameter',
    400,
    { type: 'invalid_request_error', code: 'missing_required_parameter' },
    'caller_fault',
  ],
  ['an unknown parameter', 400, { type: 'invalid_request_error', code: 'unknown_parameter' }, 'caller_fault'],
  [
    'too long a context',
    400,
    {
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      message: "This model's maximum context length is 128000 tokens",
    },
    'caller_fault',
  ],
  [
    'a 400 without a code',
    400,
    { type: 'invalid_request_error', message: 'Invalid type for messages' },
    'caller_fault',
  ],
  [
    'a wrong service tier',
    400,
    { type: 'invalid_request_error', param: 'service_tier', message: 'Invalid service_tier argument' },
    'caller_fault',
  ],
  [
    'an unsupported value',
    400,
    {
      type: 'invalid_request_error',
      code: 'unsupported_value',
      message: "Unsupported value: 'temperature' does not support 0.2 with this model.",
    },
    'caller_fault',
  ],
  ['a body too large', 413, { type: 'invalid_request_error' }, 'caller_fault'],
  ['a wrong media type', 415, { type: 'invalid_request_error' }, 'caller_fault'],
  ['an unprocessable body', 422, { type: 'invalid_request_error' }, 'caller_fault'],
  ['a conflict', 409, { type: 'invalid_request_error' }, 'caller_fault'],
  ['a broken token in the JSON', 400, { message: 'Invalid token at position 7' }, 'caller_fault'],
  [
    'an unknown id',
    404,
    { type: 'invalid_request_error', message: 'No thread found with id t_1' },
    'caller_fault',
  ],
  [
    'a country that is not served',
    403,
    {
      type: 'request_forbidden',
      code: 'unsupported_country_region_territory',
      message: 'Country, region, or territory not supported',
    },
    'caller_fault',
  ],
  ['a broken image', 400, { code: 'invalid_image_format' }, 'caller_fault'],
  // Safety
  ['a content policy refusal', 400, { code: 'content_policy_violation' }, 'policy'],
  ['an image policy refusal', 400, { code: 'image_content_policy_violation' }, 'policy'],
  ['blocked moderation', 400, { type: 'image_generation_user_error', code: 'moderation_blocked' }, 'policy'],
  ['an invalid prompt', 400, { code: 'invalid_prompt' }, 'policy'],
  ['a biology refusal', 400, { code: 'bio_policy' }, 'policy'],
  ['a cyber refusal', 403, { code: 'cyber_policy' }, 'policy'],
  ['a misalignment refusal', 400, { code: 'misalignment_policy_violation' }, 'policy'],
  ['a policy newer than the table', 400, { code: 'chem_policy' }, 'policy'],
  ['a content filter', 400, { code: 'content_filter' }, 'policy'],
  [
    'a flagged prompt without a code',
    400,
    { message: 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.' },
    'policy',
  ],
  ['a policy refusal although the status says throttle', 429, { code: 'cyber_policy' }, 'policy'],
  // Throttles
  [
    'a throttle of tokens',
    429,
    { type: 'tokens', code: 'rate_limit_exceeded', message: TOKENS },
    'rate_limit',
  ],
  ['a throttle of requests', 429, { type: 'requests', code: 'rate_limit_exceeded' }, 'rate_limit'],
  ['a throttle by type alone', 429, { type: 'tokens', message: TOKENS }, 'rate_limit'],
  ['too fast a ramp', 429, { type: 'rate_limit_error', code: 'slow_down' }, 'rate_limit'],
  ['the older form of it', 503, { code: 'slow_down' }, 'rate_limit'],
  ['an unexplained 429', 429, {}, 'rate_limit'],
  ['a throttle of another vendor', 429, { code: 'RESOURCE_EXHAUSTED' }, 'rate_limit'],
  [
    'a request larger than the limit',
    429,
    { type: 'tokens', code: 'rate_limit_exceeded', message: TOO_LARGE },
    'too_large_for_limit',
  ],
  [
    'the same as 413',
    413,
    { type: 'tokens', code: 'rate_limit_exceeded', message: TOO_LARGE },
    'too_large_for_limit',
  ],
  // Money
  ['no credit', 429, { type: 'insufficient_quota', code: 'credit_balance_exhausted' }, 'quota'],
  [
    'the organisation spend limit',
    429,
    { type: 'insufficient_quota', code: 'organization_spend_limit_exceeded' },
    'quota',
  ],
  [
    'the project spend limit',
    429,
    { type: 'insufficient_quota', code: 'project_spend_limit_exceeded' },
    'quota',
  ],
  [
    'the usage ceiling',
    429,
    { type: 'insufficient_quota', code: 'organization_usage_limit_exceeded' },
    'quota',
  ],
  [
    'the older form',
    429,
    {
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      message: 'You exceeded your current quota, please check your plan and billing details.',
    },
    'quota',
  ],
  ['quota by type alone', 429, { type: 'insufficient_quota' }, 'quota'],
  [
    'quota by text alone',
    429,
    { message: 'You exceeded your current quota, please check your plan and billing details.' },
    'quota',
  ],
  [
    'a usage limit',
    429,
    { type: 'usage_limit_reached', message: 'The usage limit has been reached' },
    'quota',
  ],
  [
    'the old billing limit',
    400,
    { type: 'invalid_request_error', code: 'billing_hard_limit_reached' },
    'quota',
  ],
  ['a relay without balance', 402, { message: 'Insufficient balance' }, 'quota'],
  [
    'quota in the guise of an overload type',
    429,
    { type: 'server_error', message: 'You exceeded your current quota' },
    'quota',
  ],
  // The key
  [
    'a wrong key',
    401,
    {
      type: 'invalid_request_error',
      code: 'invalid_api_key',
      message: 'Incorrect API key provided: sk-proj-abc***xyz.',
    },
    'credential',
  ],
  [
    'a closed account',
    401,
    {
      code: 'account_deactivated',
      message: 'The OpenAI account associated with this API key has been deactivated.',
    },
    'credential',
  ],
  [
    'inactive billing',
    429,
    {
      type: 'billing_not_active',
      code: 'billing_not_active',
      message: 'Your account is not active, please check your billing details',
    },
    'credential',
  ],
  ['a key of another organisation', 401, { code: 'mismatched_organization' }, 'credential'],
  ['a key of another project', 401, { code: 'mismatched_project' }, 'credential'],
  ['an address that is not on the list', 401, { message: 'IP not authorized' }, 'credential'],
  ['an unexplained 401', 401, {}, 'credential'],
  [
    'a wrong key said with 400',
    400,
    { message: 'API key not valid. Please pass a valid API key.' },
    'credential',
  ],
  // What the account may not do
  [
    'missing scopes',
    401,
    { message: 'You have insufficient permissions for this operation. Missing scopes: model.request' },
    'scope',
  ],
  ['missing scopes with 403', 403, { message: 'Missing scopes: api.model.images.request' }, 'scope'],
  [
    'an unknown model',
    404,
    {
      type: 'invalid_request_error',
      code: 'model_not_found',
      message: 'The model `gpt-9` does not exist or you do not have access to it.',
    },
    'scope',
  ],
  [
    'a model that is not enabled',
    403,
    { message: 'Project `proj_abc123` does not have access to model `gpt-5`' },
    'scope',
  ],
  ['an unknown model without a code', 404, { message: 'The model `x` does not exist' }, 'scope'],
  [
    'an unverified organisation',
    400,
    { code: 'unsupported_value', param: 'stream', message: UNVERIFIED },
    'scope',
  ],
  ['an unverified organisation with 404', 404, { code: 'model_not_found', message: UNVERIFIED }, 'scope'],
  ['an unverified organisation with 403', 403, { message: UNVERIFIED }, 'scope'],
  [
    'a path that this base URL does not have',
    404,
    { type: 'invalid_request_error', message: 'Invalid URL (POST /v1/responses)' },
    'scope',
  ],
  ['a deployment that is not there', 404, { code: 'DeploymentNotFound' }, 'scope'],
  ['an unexplained 403', 403, {}, 'scope'],
  ['a method that is not there', 405, {}, 'scope'],
  // State elsewhere
  ['sealed content', 400, { code: 'invalid_encrypted_content', message: SEALED }, 'state_elsewhere'],
  [
    'sealed content without a code',
    400,
    { type: 'invalid_request_error', code: null, message: SEALED },
    'state_elsewhere',
  ],
  [
    'a response of another account',
    400,
    { code: 'previous_response_not_found', message: "Previous response with id 'resp_1' not found." },
    'state_elsewhere',
  ],
  [
    'a response of another account by text',
    404,
    { message: "Previous response with id 'resp_1' not found." },
    'state_elsewhere',
  ],
  [
    'an item of another account',
    404,
    { message: "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false." },
    'state_elsewhere',
  ],
  ['a file of another account', 404, { message: 'No such File object: file-abc' }, 'state_elsewhere'],
  // The provider's trouble
  [
    'a server error',
    500,
    { type: 'server_error', message: 'The server had an error while processing your request.' },
    'overload',
  ],
  ['an empty 500', 500, {}, 'overload'],
  ['a bad gateway', 502, {}, 'overload'],
  ['an overload', 503, { type: 'service_unavailable_error', code: 'server_is_overloaded' }, 'overload'],
  [
    'the older overload',
    503,
    { message: 'The engine is currently overloaded, please try again later' },
    'overload',
  ],
  ['a gateway time-out', 504, {}, 'overload'],
  ['an edge error', 522, {}, 'overload'],
  ['overload of another vendor', 529, { type: 'overloaded_error' }, 'overload'],
  ['capacity said with 429', 429, { message: 'The model is at capacity' }, 'overload'],
  [
    'flex without resources',
    429,
    { code: 'resource_unavailable', message: 'Resource unavailable' },
    'overload',
  ],
  ['a time-out of the provider', 408, {}, 'overload'],
  // Neither known nor guessable
  ['a redirect', 302, {}, 'unknown'],
];

describe('classify', () => {
  test.each(ROWS)('judges %s', (_what, status, error, expected) => {
    expect(answer(status, error).class).toBe(expected);
  });

  test.each<readonly [string, string, FailureClass]>([
    [
      'a flat error event',
      '{"type":"error","code":"rate_limit_exceeded","message":"Please try again in 2.5s.","param":null,"sequence_number":2}',
      'rate_limit',
    ],
    [
      'a nested error event',
      '{"type":"error","error":{"type":"insufficient_quota","code":"insufficient_quota","message":"You exceeded"}}',
      'quota',
    ],
    [
      'a failed response',
      '{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"Sorry"}}}',
      'overload',
    ],
    [
      'a failed response without capacity',
      '{"type":"response.failed","response":{"error":{"code":"server_is_overloaded","message":"at capacity"}}}',
      'overload',
    ],
    [
      'a failed response over policy',
      '{"type":"response.failed","response":{"error":{"code":"cyber_policy","message":"no"}}}',
      'policy',
    ],
    [
      'a failed response over an image',
      '{"type":"response.failed","response":{"error":{"code":"invalid_image_url","message":"no"}}}',
      'caller_fault',
    ],
    [
      'a chunk with an error',
      '{"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}',
      'overload',
    ],
    [
      'an event with its field name',
      'data: {"error":{"message":"slow","type":"tokens","code":"rate_limit_exceeded"}}',
      'rate_limit',
    ],
    [
      'sealed content inside a stream',
      JSON.stringify({ type: 'error', code: null, message: SEALED }),
      'state_elsewhere',
    ],
    [
      'capacity said in words',
      '{"error":{"message":"Selected model is at capacity. Please try a different model."}}',
      'overload',
    ],
  ])('judges %s inside HTTP 200', (_what, body, expected) => {
    expect(verdict({ status: 200, body }).class).toBe(expected);
  });

  test.each<readonly [string, FailureEvidence['phase'], FailureClass]>([
    ['ENOTFOUND', 'connect', 'connect'],
    ['EAI_AGAIN', 'connect', 'connect'],
    ['ECONNREFUSED', 'connect', 'connect'],
    ['ETIMEDOUT', 'connect', 'connect'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connect', 'connect'],
    ['CERT_HAS_EXPIRED', 'connect', 'connect'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'connect', 'connect'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'connect', 'connect'],
    ['ECONNRESET', 'first_event', 'connect'],
    ['UND_ERR_SOCKET', 'first_event', 'connect'],
    ['CAM_TRANSPORT', 'first_event', 'connect'],
    ['UND_ERR_HEADERS_TIMEOUT', 'first_event', 'silence'],
    ['UND_ERR_BODY_TIMEOUT', 'mid_stream', 'silence'],
    ['ETIMEDOUT', 'first_event', 'silence'],
    ['CAM_TOTAL_TIMEOUT', 'first_event', 'silence'],
    ['CAM_PROXY_ECONNREFUSED', 'connect', 'proxy'],
    ['UND_ERR_PRX_TLS', 'connect', 'proxy'],
    ['CAM_EARLY_END', 'first_event', 'overload'],
    ['HPE_INVALID_CONSTANT', 'first_event', 'overload'],
  ])('judges the transport error %s while %s', (transportCode, phase, expected) => {
    expect(verdict({ transportCode, phase }).class).toBe(expected);
  });

  test('judges a proxy that wants a sign-in as the proxy', () => {
    expect(verdict({ status: 407 }).class).toBe('proxy');
  });

  test.each<readonly [number, FailureClass]>([
    [403, 'overload'],
    [404, 'overload'],
    [429, 'rate_limit'],
    [502, 'overload'],
    [520, 'overload'],
    [413, 'caller_fault'],
  ])('judges a web page with status %i by what stands in front of the provider', (status, expected) => {
    expect(verdict({ status, body: '<!DOCTYPE html><html><title>Attention</title>' }).class).toBe(expected);
  });

  test.each([
    ['a FastAPI body', 404, '{"detail":"Not Found"}', 'scope'],
    ['an error that is a text', 429, '{"error":"Too many requests"}', 'rate_limit'],
    [
      'a list of errors',
      429,
      '[{"error":{"code":429,"message":"Quota exceeded. Please retry in 46s.","status":"RESOURCE_EXHAUSTED"}}]',
      'rate_limit',
    ],
    ['plain text', 503, 'upstream connect error', 'overload'],
    ['an empty body', 500, '', 'overload'],
    [
      'a body cut in the middle',
      400,
      '{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded","deta',
      'caller_fault',
    ],
    [
      'a cut body with a quota code',
      429,
      '{"error":{"code":"insufficient_quota","message":"You exc',
      'quota',
    ],
    ['not JSON at all', 400, 'bad', 'caller_fault'],
  ])('understands %s', (_what, status, body, expected) => {
    expect(verdict({ status, body }).class).toBe(expected);
  });

  test('believes the code before type, type before status, and status before text', () => {
    expect(answer(500, { type: 'server_error', code: 'context_length_exceeded' }).class).toBe('caller_fault');
    expect(answer(500, { type: 'insufficient_quota' }).class).toBe('quota');
    expect(answer(400, { message: 'the server is overloaded' }).class).toBe('caller_fault');
  });
});

describe('what a failure carries', () => {
  test('the told wait, from headers before text', () => {
    expect(answer(429, { code: 'rate_limit_exceeded', message: TOKENS }).toldWaitMs).toBe(9_816);
    const both = { 'retry-after': '1', 'retry-after-ms': '494' };
    expect(answer(429, { code: 'rate_limit_exceeded', message: TOKENS }, both).toldWaitMs).toBe(494);
    expect(answer(429, { code: 'insufficient_quota' }).toldWaitMs).toBeNull();
  });

  test('never a reset header as a wait', () => {
    const headers = { 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-reset-requests': '1s' };
    expect(answer(429, { code: 'rate_limit_exceeded' }, headers).toldWaitMs).toBeNull();
  });

  test('the size of a request that no bucket of this account can hold', () => {
    expect(answer(429, { code: 'rate_limit_exceeded', message: TOO_LARGE }).requestedTokens).toBe(36_055);
  });

  test('what to remember about the account, and for how long', () => {
    const mark = (status: number, error: Record<string, unknown>) => answer(status, error).mark;
    expect(mark(404, { code: 'model_not_found' })).toEqual({ kind: 'model', forMs: 3_600_000 });
    expect(mark(400, { message: UNVERIFIED })).toEqual({ kind: 'model', forMs: 86_400_000 });
    expect(mark(403, { message: 'Missing scopes: x' })).toEqual({ kind: 'family', forMs: 3_600_000 });
    expect(mark(404, { message: 'Invalid URL (POST /v1/responses)' })).toEqual({
      kind: 'family',
      forMs: 3_600_000,
    });
    expect(mark(403, {})).toBeNull();
    expect(mark(500, {})).toBeNull();
  });

  test('that an account was closed for good, and nothing else is for good', () => {
    expect(answer(401, { code: 'account_deactivated' }).permanent).toBe(true);
    expect(answer(401, { message: 'Your account has been deactivated.' }).permanent).toBe(true);
    expect(answer(401, { code: 'invalid_api_key' }).permanent).toBe(false);
    expect(answer(429, { code: 'billing_not_active' }).permanent).toBe(false);
  });

  test.each<readonly [string, Failure, boolean]>([
    ['a refused connection', verdict({ transportCode: 'ECONNREFUSED', phase: 'connect' }), true],
    ['a refused key', answer(401, { code: 'invalid_api_key' }), true],
    ['a throttle', answer(429, {}), true],
    ['an unknown model', answer(404, { code: 'model_not_found' }), true],
    ['an overload that says so', answer(503, { code: 'server_is_overloaded' }), true],
    [
      'an overload inside 200 before output',
      verdict({ status: 200, body: '{"error":{"code":"server_is_overloaded"}}' }),
      true,
    ],
    ['a 503 of something in front', verdict({ status: 503, body: '<html>' }), false],
    ['a server error', answer(500, { type: 'server_error' }), false],
    ['a server error inside 200', verdict({ status: 200, body: '{"error":{"code":"server_error"}}' }), false],
    ['a bad gateway', answer(502, {}), false],
    ['a reset after the body was sent', verdict({ transportCode: 'ECONNRESET' }), false],
    ['silence', verdict({ transportCode: 'UND_ERR_HEADERS_TIMEOUT' }), false],
    [
      'a throttle after output',
      verdict({ status: 200, phase: 'mid_stream', body: '{"error":{"code":"rate_limit_exceeded"}}' }),
      false,
    ],
  ])('%s: definite is %s', (_what, failure, definite) => {
    expect(failure.definite).toBe(definite);
  });

  test('a code that is safe to show: the provider’s word, else the transport’s, else the status', () => {
    expect(answer(429, { code: 'credit_balance_exhausted', type: 'insufficient_quota' }).code).toBe(
      'credit_balance_exhausted',
    );
    expect(answer(500, { type: 'server_error' }).code).toBe('server_error');
    expect(verdict({ transportCode: 'ECONNRESET' }).code).toBe('ECONNRESET');
    expect(verdict({ status: 502, body: '<html>' }).code).toBe('html_502');
    expect(verdict({ status: 500 }).code).toBe('http_500');
    expect(answer(400, { code: 'a b\n<c>' }).code).toBe('a_b__c_');
    expect(answer(400, { code: 'sk-proj-secretsecret' }).code).toBe('http_400');
    expect(answer(400, { code: 'x'.repeat(500) }).code).toHaveLength(64);
  });

  test('a plain sentence that quotes neither keys nor organisations nor the request', () => {
    const quoting =
      'Incorrect key sk-proj-AAAABBBBCCCCDDDD of org-abc123def proj_xyz789 for "my secret prompt"';
    for (const [_what, status, error] of ROWS) {
      const { summary } = answer(status, { ...error, message: `${String(error.message ?? '')} ${quoting}` });
      expect(summary).toMatch(/^[A-Z].*\.$/);
      expect(summary).not.toMatch(/sk-|org-|proj_|secret prompt/);
      expect(summary.length).toBeLessThan(200);
    }
  });

  test('sentences that say what a person wants to know', () => {
    expect(answer(429, { code: 'rate_limit_exceeded', message: TOKENS }).summary).toBe(
      'The limit of tokens per minute is reached; the provider asks to wait 9.9 s.',
    );
    expect(answer(429, { code: 'rate_limit_exceeded', message: TOO_LARGE }).summary).toBe(
      'The request counts 36055 tokens and this account takes 30000 a minute.',
    );
    expect(answer(429, { code: 'credit_balance_exhausted' }).summary).toBe(
      'The prepaid credit is used up (credit_balance_exhausted).',
    );
    expect(verdict({ transportCode: 'CERT_HAS_EXPIRED', phase: 'connect' }).summary).toBe(
      'A secure connection to the provider could not be made (CERT_HAS_EXPIRED).',
    );
    expect(answer(429, { code: 'rate_limit_exceeded' }, { 'retry-after': '99999999' }).summary).toBe(
      'The rate limit is reached; the provider asks to wait 1 d (it said 99999999).',
    );
  });
});
