/** What is wrong with the provider or on the way to it. */
import { json, type KnownError, PAGE, raw } from './say.ts';

export const THEIR_TROUBLE: readonly KnownError[] = [
  json(
    'a server error is their trouble, and may have been done',
    500,
    { type: 'server_error', message: 'The server had an error while processing your request.' },
    'overload',
    { definite: false },
  ),
  json(
    'an overload is their trouble, and was certainly not done',
    503,
    { type: 'service_unavailable_error', code: 'server_is_overloaded' },
    'overload',
    { definite: true },
  ),
  json(
    'an overload in its older words is their trouble',
    503,
    { type: null, message: 'That model is currently overloaded with other requests.' },
    'overload',
  ),
  json('an overload of another vendor is their trouble', 529, { type: 'overloaded_error' }, 'overload', {
    definite: true,
  }),
  json(
    'capacity that flex does not get is their trouble',
    429,
    { code: 'resource_unavailable', message: 'Resource unavailable' },
    'overload',
  ),
  json('an overload is one whatever status it comes with', 400, { code: 'server_is_overloaded' }, 'overload'),
  json('a time-out of theirs is their trouble, and may have been done', 408, {}, 'overload', {
    definite: false,
  }),
  raw(
    'a failed response for a server error is their trouble',
    200,
    '{"type":"response.failed","response":{"error":{"code":"server_error","message":"Sorry"}}}',
    'overload',
    { definite: false },
  ),
  json(
    'a nested gateway that is locked is their trouble',
    503,
    { type: 'server_error', code: 'vault_locked' },
    'overload',
  ),
  json(
    'a nested gateway that is locked is their trouble in its words for agents',
    403,
    { type: 'permission_error', code: 'vault_locked' },
    'overload',
  ),
  ...[500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 530].flatMap((status) => [
    raw(`an empty ${status} is their trouble`, status, '', 'overload', { definite: false }),
    raw(`a page with ${status} is of something in front`, status, PAGE, 'overload', {
      definite: false,
      code: `html_${status}`,
    }),
  ]),
  raw('a page that begins with a comment is a page', 403, `<!-- edge -->${PAGE}`, 'overload', {
    code: 'html_403',
  }),
  raw(
    'an error inside 200 that names a status is judged by it',
    200,
    '{"error":{"code":402,"message":"Nothing left"}}',
    'quota',
  ),
  raw(
    'an error inside 200 that names a status of theirs is their trouble',
    200,
    '{"error":{"code":502,"message":"Provider returned error"}}',
    'overload',
    { definite: false },
  ),
  raw('a page instead of an answer is of something in front', 200, PAGE, 'overload', { code: 'html_200' }),
];

export const TRANSPORT: readonly KnownError[] = (
  [
    ['a name that cannot be resolved', 'connect', 'ENOTFOUND', 'connect', true],
    ['a refused connection', 'connect', 'ECONNREFUSED', 'connect', true],
    ['a certificate that is not trusted', 'connect', 'SELF_SIGNED_CERT_IN_CHAIN', 'connect', true],
    ['a connect that takes too long', 'connect', 'UND_ERR_CONNECT_TIMEOUT', 'connect', true],
    ['a reset before the headers', 'first_event', 'ECONNRESET', 'connect', false],
    ['no first byte in time', 'first_event', 'UND_ERR_HEADERS_TIMEOUT', 'silence', false],
    ['no event in time', 'mid_stream', 'UND_ERR_BODY_TIMEOUT', 'silence', false],
    ['a proxy that is not there', 'connect', 'CAM_PROXY_ECONNREFUSED', 'proxy', true],
    ['an end before the end', 'first_event', 'CAM_EARLY_END', 'overload', false],
  ] as const
).map(([what, phase, transportCode, means, definite]) => ({
  promise: `${what} (${transportCode}) is judged as ${means}`,
  evidence: { phase, transportCode },
  class: means,
  more: { definite },
}));
