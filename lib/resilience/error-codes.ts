/**
 * What a provider's error codes and types mean, as far as they are certain by themselves. What is not here is
 * judged by status and text in `classify.ts`.
 */
import type { FailureClass } from './failure.ts';

const CODES: Readonly<Record<string, FailureClass>> = {
  // Safety decisions: asking another account would endanger that one too.
  content_policy_violation: 'policy',
  image_content_policy_violation: 'policy',
  misalignment_policy_violation: 'policy',
  moderation_blocked: 'policy',
  invalid_prompt: 'policy',
  bio_policy: 'policy',
  cyber_policy: 'policy',
  content_filter: 'policy',
  contentfilter: 'policy',
  responsibleaipolicyviolation: 'policy',
  // Throttles
  rate_limit_exceeded: 'rate_limit',
  rate_limit_reached: 'rate_limit',
  slow_down: 'rate_limit',
  too_many_requests: 'rate_limit',
  toomanyrequests: 'rate_limit',
  resource_exhausted: 'rate_limit',
  ramp_limit_exceeded: 'rate_limit',
  // Money
  insufficient_quota: 'quota',
  credit_balance_exhausted: 'quota',
  organization_usage_limit_exceeded: 'quota',
  usage_limit_exceeded: 'quota',
  usage_limit_reached: 'quota',
  usage_not_included: 'quota',
  billing_hard_limit_reached: 'quota',
  insufficient_balance: 'quota',
  insufficient_credits: 'quota',
  quota_exceeded: 'quota',
  terminal_quota_exhausted: 'quota',
  // The key, or the account behind it
  invalid_api_key: 'credential',
  incorrect_api_key: 'credential',
  api_key_invalid: 'credential',
  api_key_expired: 'credential',
  invalid_authentication: 'credential',
  account_deactivated: 'credential',
  organization_deactivated: 'credential',
  organization_on_hold: 'credential',
  deactivated_workspace: 'credential',
  billing_not_active: 'credential',
  mismatched_organization: 'credential',
  mismatched_project: 'credential',
  invalid_organization: 'credential',
  invalid_project: 'credential',
  ip_not_authorized: 'credential',
  no_organization: 'credential',
  // What this account may not do
  model_not_found: 'scope',
  model_not_available: 'scope',
  model_not_supported: 'scope',
  deploymentnotfound: 'scope',
  insufficient_permissions: 'scope',
  missing_scope: 'scope',
  data_residency_mismatch: 'scope',
  // State that lives at another account
  invalid_encrypted_content: 'state_elsewhere',
  previous_response_not_found: 'state_elsewhere',
  conversation_not_found: 'state_elsewhere',
  // The provider's own trouble
  server_error: 'overload',
  internal_error: 'overload',
  internal_server_error: 'overload',
  server_is_overloaded: 'overload',
  server_overloaded: 'overload',
  engine_overloaded: 'overload',
  overloaded_error: 'overload',
  service_unavailable: 'overload',
  resource_unavailable: 'overload',
  unavailable: 'overload',
  vector_store_timeout: 'overload',
  upstream_error: 'overload',
  bad_gateway: 'overload',
  gateway_timeout: 'overload',
  deadline_exceeded: 'overload',
  // Refusals of its own by another gateway of this kind that a base URL leads to
  all_accounts_cooling_down: 'rate_limit',
  all_accounts_exhausted: 'quota',
  all_accounts_unusable: 'overload',
  no_account: 'overload',
  no_account_for_call: 'overload',
  too_many_in_flight: 'overload',
  vault_locked: 'overload',
  shutting_down: 'overload',
  upstream_credential: 'overload',
  network_unreachable: 'overload',
  invalid_client_key: 'credential',
  client_key_expired: 'credential',
  client_key_revoked: 'credential',
  model_not_allowed: 'scope',
  // The request itself
  context_length_exceeded: 'caller_fault',
  string_above_max_length: 'caller_fault',
  unsupported_country_region_territory: 'caller_fault',
  failed_to_download_image: 'caller_fault',
  invalid_json: 'caller_fault',
};

/** Types that are no codes; others are sometimes a code in the wrong place. */
const TYPES: Readonly<Record<string, FailureClass>> = {
  billing_error: 'quota',
  usage_limit_error: 'quota',
  rate_limit_error: 'rate_limit',
  tokens: 'rate_limit',
  requests: 'rate_limit',
  images: 'rate_limit',
  authentication_error: 'credential',
  service_unavailable_error: 'overload',
  api_error: 'overload',
  timeout_error: 'overload',
};

/** Said of more than one cause: status and text refine them, as they do a type. */
const LOOSE = new Set([
  'too_many_requests',
  'toomanyrequests',
  'resource_exhausted',
  'server_error',
  'internal_error',
  'internal_server_error',
  'upstream_error',
  'unavailable',
]);

const POLICY = /(?:_policy|_policy_violation|^safety_\w+)$/;
const CODE_PATTERNS: readonly (readonly [RegExp, FailureClass])[] = [
  [/_spend_limit_(?:exceeded|reached)$/, 'quota'],
  [POLICY, 'policy'],
  [/^(?:invalid_image\w*|image_\w+|unsupported_(?:image\w*|file))$/, 'caller_fault'],
];

/** Null when the code alone decides nothing. */
export function classOfCode(code: string | null): FailureClass | null {
  if (code === null) return null;
  const lower = code.toLowerCase();
  return CODES[lower] ?? CODE_PATTERNS.find(([pattern]) => pattern.test(lower))?.[1] ?? null;
}

export function classOfType(type: string | null): FailureClass | null {
  if (type === null) return null;
  const lower = type.toLowerCase();
  return TYPES[lower] ?? CODES[lower] ?? (POLICY.test(lower) ? 'policy' : null);
}

/** A code that means one thing, whatever stands around it. */
export function isCertain(code: string | null): boolean {
  return code !== null && !LOOSE.has(code.toLowerCase()) && classOfCode(code) !== null;
}

/** Closed by the provider: it does not come back by waiting. */
const CLOSED: readonly string[] = [
  'account_deactivated',
  'organization_deactivated',
  'organization_on_hold',
  'deactivated_workspace',
];

export function isPermanent(code: string): boolean {
  return CLOSED.includes(code.toLowerCase());
}

/** `GET /models` answers without credit and without active billing, so it can say nothing about either. */
export function isConfirmable(code: string): boolean {
  return code.toLowerCase() !== 'billing_not_active';
}
