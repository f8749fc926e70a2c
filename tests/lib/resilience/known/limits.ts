/** Pace, money and keys. */
import { json, type KnownError, PAGE, raw } from './say.ts';

const HOUR_MS = 3_600_000;
const throttle = (what: string, tail: string): string =>
  `Rate limit reached for gpt-5 in organization org-abc123def on ${what}: Limit 30,000, Used 29,500, Requested 1,200. ${tail}`;
const limited = { type: 'tokens', code: 'rate_limit_exceeded' };

export const THROTTLES: readonly KnownError[] = [
  json(
    'a throttle of tokens waits as long as its text says',
    429,
    { ...limited, message: throttle('tokens per min (TPM)', 'Please try again in 9.816s.') },
    'rate_limit',
    { toldWaitMs: 9_816, definite: true },
  ),
  json(
    'a throttle of requests waits milliseconds where it says milliseconds',
    429,
    {
      type: 'requests',
      code: 'rate_limit_exceeded',
      message: throttle('requests per min (RPM)', 'Please try again in 120ms.'),
    },
    'rate_limit',
    { toldWaitMs: 120 },
  ),
  json(
    'a throttle per day waits the hours it says',
    429,
    {
      type: 'requests',
      code: 'rate_limit_exceeded',
      message: throttle('requests per day (RPD)', 'Please try again in 7h12m3.5s.'),
    },
    'rate_limit',
    { toldWaitMs: 7 * HOUR_MS + 12 * 60_000 + 3_500 },
  ),
  json(
    'the finest header wins over the coarser and over the text',
    429,
    { ...limited, message: throttle('tokens per min (TPM)', 'Please try again in 9s.') },
    'rate_limit',
    { toldWaitMs: 494 },
    { 'retry-after': '1', 'retry-after-ms': '494' },
  ),
  json(
    'a date in retry-after is a wait until then',
    429,
    limited,
    'rate_limit',
    { toldWaitMs: 90_000 },
    { 'retry-after': 'Sun, 22 Nov 2026 09:51:30 GMT' },
  ),
  json(
    'the time until a bucket is full is no wait',
    429,
    limited,
    'rate_limit',
    { toldWaitMs: null },
    { 'x-ratelimit-reset-tokens': '1m0.052s', 'x-ratelimit-reset-requests': '6ms' },
  ),
  json(
    'figures that mean nothing are no wait',
    429,
    limited,
    'rate_limit',
    { toldWaitMs: null },
    { 'retry-after': '-1', 'x-ratelimit-remaining-tokens': '-1', 'x-ratelimit-limit-tokens': '0' },
  ),
  json(
    'a wait of 0 is a wait of nothing',
    429,
    limited,
    'rate_limit',
    { toldWaitMs: 0 },
    { 'retry-after': '0' },
  ),
  json(
    'an absurd wait is no longer than a day',
    429,
    limited,
    'rate_limit',
    { toldWaitMs: 24 * HOUR_MS },
    { 'retry-after': '99999999' },
  ),
  json(
    'too fast a ramp waits as told',
    429,
    { type: 'rate_limit_error', code: 'slow_down' },
    'rate_limit',
    { toldWaitMs: 30_000 },
    { 'retry-after': '30' },
  ),
  json(
    'too fast a ramp in its older form is the same',
    503,
    { type: 'service_unavailable_error', code: 'slow_down' },
    'rate_limit',
    { definite: true },
  ),
  raw('an empty 429 is a throttle without a told wait', 429, '', 'rate_limit', {
    toldWaitMs: null,
    definite: true,
  }),
  raw('a 429 of something in front is a throttle', 429, PAGE, 'rate_limit'),
  raw(
    'a throttle inside 200 is a throttle',
    200,
    '{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"Please try again in 2.5s."}}}',
    'rate_limit',
    { toldWaitMs: 2_500, definite: true },
  ),
  json(
    'a nested gateway that cools down says for how long',
    429,
    {
      type: 'rate_limit_error',
      code: 'all_accounts_cooling_down',
      message: 'No account can serve this call for 12 s.',
    },
    'rate_limit',
    { toldWaitMs: 12_000 },
    { 'retry-after': '12' },
  ),
  json(
    'a request larger than the limit is no throttle',
    429,
    {
      ...limited,
      message:
        'Request too large for gpt-5 in organization org-abc123def on tokens per min (TPM): Limit 30,000, Requested 36,055. The input or output tokens must be reduced.',
    },
    'too_large_for_limit',
    { requestedTokens: 36_055, definite: true },
  ),
];

export const MONEY: readonly KnownError[] = [
  ...[
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
    'insufficient_quota',
    'usage_limit_exceeded',
  ].map((code) =>
    json(`${code} is about money, not about pace`, 429, { type: 'insufficient_quota', code }, 'quota', {
      definite: true,
      code,
    }),
  ),
  json('the type alone says that it is about money', 429, { type: 'insufficient_quota' }, 'quota'),
  json(
    'the text alone says that it is about money',
    429,
    { type: null, message: 'You exceeded your current quota, please check your plan and billing details.' },
    'quota',
  ),
  json(
    'billing_hard_limit_reached is about money although it comes with 400',
    400,
    { code: 'billing_hard_limit_reached' },
    'quota',
    { definite: true },
  ),
  json('quota inside 200 is about money', 200, { code: 'insufficient_quota' }, 'quota', { definite: true }),
  json(
    'a nested gateway out of quota is about money',
    429,
    { type: 'usage_limit_error', code: 'all_accounts_exhausted' },
    'quota',
  ),
  json(
    'a nested gateway’s own limit is about money',
    429,
    { type: 'usage_limit_error', code: 'client_limit_reached' },
    'quota',
  ),
];

export const THE_KEY: readonly KnownError[] = [
  json(
    'a wrong key is the account’s',
    401,
    { code: 'invalid_api_key', message: 'Incorrect API key provided: sk-proj-abc***xyz.' },
    'credential',
    { permanent: false, definite: true },
  ),
  json('a closed account is closed for good', 401, { code: 'account_deactivated' }, 'credential', {
    permanent: true,
    definite: true,
  }),
  json(
    'a closed account is closed for good when only the text says so',
    401,
    { message: 'The OpenAI account associated with this API key has been deactivated.' },
    'credential',
    { permanent: true },
  ),
  json(
    'billing that is not active is the account’s, and not for good',
    429,
    {
      type: 'billing_not_active',
      code: 'billing_not_active',
      message: 'Your account is not active, please check your billing details on our website.',
    },
    'credential',
    { permanent: false, definite: true },
  ),
  json(
    'an organisation that is not the key’s is the account’s',
    401,
    { code: 'mismatched_organization' },
    'credential',
  ),
  json('a project that is not the key’s is the account’s', 401, { code: 'mismatched_project' }, 'credential'),
  json('an unknown organisation is the account’s', 401, { code: 'invalid_organization' }, 'credential'),
  json(
    'a key without an organisation is the account’s',
    401,
    { message: 'You must be a member of an organization to use the API' },
    'credential',
  ),
  json(
    'an address that the key may not be used from is the account’s',
    401,
    { message: 'Your IP not authorized' },
    'credential',
  ),
  json(
    'a revoked key of a nested gateway is the account’s',
    401,
    { type: 'authentication_error', code: 'client_key_revoked' },
    'credential',
  ),
  raw('an empty 401 is the account’s', 401, '', 'credential'),
];
