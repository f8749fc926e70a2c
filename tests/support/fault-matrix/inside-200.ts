/** A good status, and then no answer. */
import type { FailureClass } from '../../../lib/resilience/failure.ts';
import type { Fault } from '../../../server/demo/faults.ts';
import { type ACCOUNT, inside, type MatrixRow, STREAMS, SURFACES, type Surface, WAIT } from './words.ts';

/** Nothing was shown yet, so another account answers. */
const HIDDEN_INSIDE: readonly (readonly [
  string,
  FailureClass,
  Fault,
  keyof typeof ACCOUNT,
  readonly Surface[],
])[] = [
  [
    '`server_is_overloaded` as an error',
    'overload',
    inside('error', 'server_is_overloaded'),
    'counts_model',
    SURFACES,
  ],
  [
    '`server_is_overloaded` as a failed end',
    'overload',
    inside('failed', 'server_is_overloaded'),
    'counts_model',
    STREAMS,
  ],
  ['`server_error` as a failed end', 'overload', inside('failed', 'server_error'), 'counts_model', STREAMS],
  [
    '`rate_limit_exceeded`',
    'rate_limit',
    inside('failed', 'rate_limit_exceeded', WAIT),
    'cools_told',
    SURFACES,
  ],
  ['`insufficient_quota`', 'quota', inside('error', 'insufficient_quota'), 'no_quota', SURFACES],
  ['`model_not_found`', 'scope', inside('error', 'model_not_found'), 'model_marked', SURFACES],
  ['a web page with 200', 'overload', { kind: 'html', status: 200 }, 'counts_model', SURFACES],
  [
    'the transport is cut',
    'connect',
    { kind: 'cut', onBoundary: true, afterOutput: 0 },
    'counts_whole',
    SURFACES,
  ],
  ['a clean end, too early', 'overload', { kind: 'clean_end', afterOutput: 0 }, 'counts_model', STREAMS],
  ['silence', 'silence', { kind: 'stall', afterOutput: 0 }, 'counts_silence', SURFACES],
];

const SHOWN_INSIDE: readonly (readonly [string, FailureClass, Fault, readonly Surface[]])[] = [
  ['`context_length_exceeded`', 'caller_fault', inside('failed', 'context_length_exceeded'), SURFACES],
  ...['cyber_policy', 'bio_policy', 'invalid_prompt', 'content_filter', 'misalignment_policy_violation'].map(
    (code) => [`\`${code}\``, 'policy', inside('failed', code), SURFACES] as const,
  ),
  ['an error nobody knows', 'unknown', inside('failed', 'unheard_of'), ['responses']],
];

export const INSIDE_200: readonly MatrixRow[] = [
  ...HIDDEN_INSIDE.map(
    ([upstream, of, fault, account, on]): MatrixRow => ({
      upstream,
      class: of,
      when: 'inside 200, before output',
      happens: { fault },
      on,
      client: 'served',
      account,
      ledger: 'served',
    }),
  ),
  ...SHOWN_INSIDE.map(
    ([upstream, of, fault, on]): MatrixRow => ({
      upstream,
      class: of,
      when: 'inside 200, before output',
      happens: { fault },
      on,
      client: 'returned',
      account: of === 'unknown' ? 'counts_model' : 'untouched',
      ledger: 'returned',
    }),
  ),
];
