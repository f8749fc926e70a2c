/** What is wrong with the request itself, and what only another account may have. */
import { json, type KnownError, raw } from './say.ts';

const MODEL_HOUR = { kind: 'model', forMs: 3_600_000 } as const;
const MODEL_DAY = { kind: 'model', forMs: 86_400_000 } as const;
const FAMILY_HOUR = { kind: 'family', forMs: 3_600_000 } as const;
const UNVERIFIED =
  'Your organization must be verified to generate reasoning summaries. Please go to: https://platform.openai.com/settings/organization/general';
const SEALED =
  'The encrypted content gAAAAAB3x could not be verified. Reason: Encrypted content organization_id did not match the target organization.';

export const THE_REQUEST: readonly KnownError[] = [
  ...[
    'invalid_value',
    'missing_required_parameter',
    'unknown_parameter',
    'unsupported_parameter',
    'unsupported_value',
    'invalid_type',
    'context_length_exceeded',
    'string_above_max_length',
  ].map((code) => json(`${code} is the request's fault`, 400, { code }, 'caller_fault', { definite: true })),
  json(
    'a service tier that the project lacks is the request’s fault',
    400,
    { param: 'service_tier', message: 'Invalid service_tier argument' },
    'caller_fault',
  ),
  json('a request that is too large is the request’s fault', 413, {}, 'caller_fault', { definite: true }),
  json('a media type that is not taken is the request’s fault', 415, {}, 'caller_fault'),
  json('a body that cannot be processed is the request’s fault', 422, {}, 'caller_fault'),
  json(
    'a conflict is nobody’s fault and proves nothing',
    409,
    { message: 'Another process is currently operating on this conversation.' },
    'caller_fault',
    { definite: false },
  ),
  json('a wrong id is the request’s fault', 404, { message: 'No thread found with id t_1' }, 'caller_fault'),
  json(
    'a country that is not served is about this network, not about the account',
    403,
    {
      type: 'request_forbidden',
      code: 'unsupported_country_region_territory',
      message: 'Country, region, or territory not supported',
    },
    'caller_fault',
    { mark: null },
  ),
  raw('an empty 400 is the request’s fault', 400, '', 'caller_fault', { code: 'http_400' }),
  raw(
    'JSON that is called something else is read all the same',
    400,
    '{"error":{"code":"context_length_exceeded"}}',
    'caller_fault',
    { code: 'context_length_exceeded' },
  ),
  raw(
    'of a body longer than we keep the beginning is read',
    400,
    `{"error":{"code":"invalid_value","message":"${'x'.repeat(70_000)}`.slice(0, 65_536),
    'caller_fault',
    { code: 'invalid_value' },
  ),
];

export const POLICY: readonly KnownError[] = [
  'content_policy_violation',
  'moderation_blocked',
  'image_content_policy_violation',
  'invalid_prompt',
  'bio_policy',
  'cyber_policy',
  'misalignment_policy_violation',
  'content_filter',
].flatMap((code) => [
  json(`${code} is a decision about the content`, 400, { code }, 'policy', { definite: true }),
  json(`${code} as a type is a decision about the content`, 400, { type: code }, 'policy'),
  raw(
    `${code} in a failed response is a decision about the content`,
    200,
    JSON.stringify({
      type: 'response.failed',
      response: { status: 'failed', error: { code, message: 'no' } },
    }),
    'policy',
  ),
  raw(
    `${code} in an error event is a decision about the content`,
    200,
    JSON.stringify({ type: 'error', code, message: 'no', param: null, sequence_number: 3 }),
    'policy',
  ),
]);

export const SCOPES: readonly KnownError[] = [
  json(
    'a missing scope with 401 marks the endpoint',
    401,
    { message: 'You have insufficient permissions for this operation. Missing scopes: api.responses.write' },
    'scope',
    { mark: FAMILY_HOUR, definite: true },
  ),
  json(
    'a missing scope with 403 marks the endpoint',
    403,
    { message: 'Missing scopes: model.request' },
    'scope',
    { mark: FAMILY_HOUR },
  ),
  json(
    'an unknown model is marked',
    404,
    { code: 'model_not_found', message: 'The model `gpt-9` does not exist or you do not have access to it.' },
    'scope',
    { mark: MODEL_HOUR, definite: true },
  ),
  json(
    'a model that the project lacks is marked',
    403,
    { message: 'Project `proj_abc123` does not have access to model `gpt-5`' },
    'scope',
    { mark: MODEL_HOUR },
  ),
  json(
    'a deployment that is not there is marked as a model',
    404,
    { type: null, code: 'DeploymentNotFound' },
    'scope',
    { mark: MODEL_HOUR },
  ),
  ...[400, 403, 404].map((status) =>
    json(
      `an organisation that is not verified (${status}) is marked for a day`,
      status,
      { code: status === 404 ? 'model_not_found' : 'unsupported_value', message: UNVERIFIED },
      'scope',
      { mark: MODEL_DAY },
    ),
  ),
  json(
    'an endpoint that is not there is marked',
    404,
    { message: 'Invalid URL (POST /v1/responses)' },
    'scope',
    { mark: FAMILY_HOUR },
  ),
  raw('an unexplained 403 is not remembered', 403, '', 'scope', { mark: null }),
];

export const STATE: readonly KnownError[] = [
  json(
    'reasoning that another organisation sealed belongs elsewhere',
    400,
    { code: 'invalid_encrypted_content', message: SEALED },
    'state_elsewhere',
    { definite: true },
  ),
  json('the same without a code belongs elsewhere', 400, { message: SEALED }, 'state_elsewhere'),
  json(
    'a response of another account belongs elsewhere',
    400,
    { code: 'previous_response_not_found', message: "Previous response with id 'resp_1' not found." },
    'state_elsewhere',
  ),
  json(
    'a file of another account belongs elsewhere',
    404,
    { message: 'No such File object: file-abc' },
    'state_elsewhere',
  ),
];
