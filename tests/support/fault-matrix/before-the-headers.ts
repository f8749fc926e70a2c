/** An answer that is an error, or none at all. */
import type { FailureClass } from '../../../lib/resilience/failure.ts';
import { type Fault, faults } from '../../../server/demo/faults.ts';
import { type ACCOUNT, BAD, type MatrixRow, type Nobody, refuse, SURFACES } from './words.ts';

const BEHIND_PROXY = 'https://api.example/v1';
const REFUSING = 'http://127.0.0.1:1/v1';

type Cells = readonly [
  upstream: string,
  of: FailureClass,
  happens: Fault | MatrixRow['happens'],
  account: keyof typeof ACCOUNT,
  nobody: Nobody,
];

/** Another account answers, and the client notices nothing. */
const HIDDEN: readonly Cells[] = [
  [
    '429, told to wait',
    'rate_limit',
    faults.rateLimit(20),
    'cools_told',
    [429, 'all_accounts_cooling_down', 'wait'],
  ],
  [
    '429, not told how long',
    'rate_limit',
    faults.rateLimit(),
    'cools_guessed',
    [429, 'all_accounts_cooling_down', 'wait'],
  ],
  [
    '429 `slow_down`',
    'rate_limit',
    refuse(429, 'slow_down', 'rate_limit_error', 'Slow down.', { retryAfterS: 5 }),
    'cools_told',
    [429, 'all_accounts_cooling_down', 'wait'],
  ],
  [
    '429 request too large',
    'too_large_for_limit',
    faults.tooLarge(30_000, 36_055),
    'untouched',
    [413, 'too_large_for_limit', 'never'],
  ],
  [
    '429 `credit_balance_exhausted`',
    'quota',
    faults.quota(),
    'no_quota',
    [429, 'all_accounts_exhausted', 'never'],
  ],
  [
    '429 `project_spend_limit_exceeded`',
    'quota',
    faults.quota('project_spend_limit_exceeded'),
    'no_quota',
    [429, 'all_accounts_exhausted', 'never'],
  ],
  [
    '401, and `GET /models` is refused too',
    'credential',
    { fault: faults.unauthorized(), always: true },
    'disabled',
    [503, 'all_accounts_unusable', 'never'],
  ],
  [
    '401, and `GET /models` is answered',
    'credential',
    faults.unauthorized(),
    'counts_whole',
    [502, 'upstream_credential', 'never'],
  ],
  [
    '401 `account_deactivated`',
    'credential',
    faults.deactivated(),
    'disabled',
    [503, 'all_accounts_unusable', 'never'],
  ],
  [
    '429 `billing_not_active`',
    'credential',
    refuse(429, 'billing_not_active', 'billing_not_active', 'Your account is not active.'),
    'disabled',
    [503, 'all_accounts_unusable', 'never'],
  ],
  ['403 missing scope', 'scope', faults.scope(), 'endpoint_marked', [403, null, 'unsaid']],
  [
    '404 `model_not_found`',
    'scope',
    faults.modelNotFound('gpt-5'),
    'model_marked',
    [404, 'model_not_found', 'unsaid'],
  ],
  [
    '400 organisation not verified',
    'scope',
    refuse(400, 'unsupported_value', BAD, 'Your organization must be verified to stream this model.'),
    'model_marked_day',
    [400, 'unsupported_value', 'unsaid'],
  ],
  [
    '403 without a word',
    'scope',
    { kind: 'empty', status: 403 },
    'counts_model',
    [502, 'upstream_credential', 'never'],
  ],
  ['500', 'overload', faults.serverError(), 'counts_model', [500, 'server_error', 'unsaid']],
  [
    '503 `server_is_overloaded`',
    'overload',
    faults.overloaded(),
    'counts_model',
    [503, 'server_is_overloaded', 'unsaid'],
  ],
  [
    '529 `overloaded_error`',
    'overload',
    refuse(529, null, 'overloaded_error', 'Overloaded'),
    'counts_model',
    [529, null, 'unsaid'],
  ],
  ['408', 'overload', refuse(408, null, BAD, 'Timed out'), 'counts_model', [408, null, 'unsaid']],
  ['502 with a web page', 'overload', faults.html502(), 'counts_model', [502, 'upstream_error', 'unsaid']],
  [
    '520 without a word',
    'overload',
    { kind: 'empty', status: 520 },
    'counts_model',
    [502, 'upstream_error', 'unsaid'],
  ],
  [
    'reset after the request',
    'connect',
    { kind: 'reset' },
    'counts_whole',
    [502, 'upstream_unreachable', 'unsaid'],
  ],
  [
    'connection refused',
    'connect',
    { baseUrl: REFUSING },
    'counts_whole',
    [502, 'upstream_unreachable', 'unsaid'],
  ],
  [
    'silence',
    'silence',
    { kind: 'stall', beforeHeaders: true },
    'counts_silence',
    [504, 'upstream_timeout', 'unsaid'],
  ],
  [
    'the outbound proxy is not there',
    'proxy',
    { baseUrl: BEHIND_PROXY },
    'counts_proxy',
    [503, 'all_accounts_unusable', 'wait'],
  ],
];

/** The client's business: nobody else is asked. */
const SHOWN: readonly (readonly [string, FailureClass, Fault])[] = [
  ['400 wrong value', 'caller_fault', refuse(400, 'invalid_value', BAD, 'That is no temperature.')],
  ['400 `context_length_exceeded`', 'caller_fault', refuse(400, 'context_length_exceeded', BAD, 'Too long.')],
  ['413', 'caller_fault', refuse(413, null, BAD, 'Too large.')],
  [
    '403 country',
    'caller_fault',
    refuse(403, 'unsupported_country_region_territory', 'request_forbidden', 'Not here.'),
  ],
  [
    '400 `previous_response_not_found`',
    'state_elsewhere',
    refuse(400, 'previous_response_not_found', BAD, "Previous response with id 'resp_1' not found."),
  ],
  ['400 `content_policy_violation`', 'policy', faults.policy()],
  ['302', 'unknown', refuse(302, 'elsewhere', BAD, 'Go elsewhere.')],
];

export const BEFORE_THE_HEADERS: readonly MatrixRow[] = [
  ...HIDDEN.map(
    ([upstream, of, happens, account, nobody]): MatrixRow => ({
      upstream,
      class: of,
      when: 'before the headers',
      happens: 'kind' in happens ? { fault: happens } : happens,
      on: SURFACES,
      client: 'served',
      account,
      ledger: 'served',
      nobody,
    }),
  ),
  ...SHOWN.map(
    ([upstream, of, fault]): MatrixRow => ({
      upstream,
      class: of,
      when: 'before the headers',
      happens: { fault },
      on: SURFACES,
      client: 'returned',
      account: of === 'unknown' ? 'counts_model' : 'untouched',
      ledger: 'returned',
    }),
  ),
  {
    upstream: '409, something is locked',
    class: 'caller_fault',
    when: 'before the headers',
    happens: { fault: refuse(409, 'conflict', BAD, 'Try again.') },
    on: ['JSON'],
    client: 'returned',
    account: 'untouched',
    ledger: 'repeated',
  },
];
