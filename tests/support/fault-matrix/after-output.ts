/** Output was shown: nobody else can help any more. */
import type { FailureClass } from '../../../lib/resilience/failure.ts';
import type { Fault } from '../../../server/demo/faults.ts';
import { type ACCOUNT, type CLIENT, inside, type MatrixRow, STREAMS, type Surface, WAIT } from './words.ts';

const BREAKS: readonly (readonly [
  string,
  FailureClass,
  Fault,
  keyof typeof CLIENT,
  keyof typeof ACCOUNT,
  readonly Surface[],
])[] = [
  [
    'the transport is cut between two events',
    'connect',
    { kind: 'cut', onBoundary: true },
    'told',
    'counts_whole',
    STREAMS,
  ],
  [
    'the transport is cut inside an event',
    'connect',
    { kind: 'cut', onBoundary: false },
    'cut',
    'counts_whole',
    STREAMS,
  ],
  [
    'the transport is cut after 1 MiB',
    'connect',
    { kind: 'cut', onBoundary: false, jsonBytes: 4_000_000 },
    'cut',
    'counts_whole',
    ['JSON'],
  ],
  ['a clean end, too early', 'overload', { kind: 'clean_end' }, 'told', 'counts_model', STREAMS],
  ['silence', 'silence', { kind: 'stall' }, 'told', 'counts_silence', STREAMS],
  [
    'silence after 1 MiB',
    'silence',
    { kind: 'stall', jsonBytes: 4_000_000 },
    'cut',
    'counts_silence',
    ['JSON'],
  ],
  [
    'an error event: overload',
    'overload',
    inside('error', 'server_is_overloaded', { afterOutput: 2 }),
    'own_error',
    'counts_model',
    STREAMS,
  ],
  [
    'an error event: rate limit',
    'rate_limit',
    inside('error', 'rate_limit_exceeded', { ...WAIT, afterOutput: 2 }),
    'own_error',
    'cools_told',
    STREAMS,
  ],
  [
    'an error event: policy',
    'policy',
    inside('error', 'cyber_policy', { afterOutput: 2 }),
    'own_error',
    'untouched',
    STREAMS,
  ],
  [
    'a failed end: overload',
    'overload',
    inside('failed', 'server_is_overloaded', { afterOutput: 2 }),
    'own_end',
    'counts_model',
    ['responses'],
  ],
  [
    'a failed end: policy',
    'policy',
    inside('failed', 'cyber_policy', { afterOutput: 2 }),
    'own_end',
    'untouched',
    ['responses'],
  ],
];

export const AFTER_OUTPUT: readonly MatrixRow[] = [
  ...BREAKS.map(
    ([upstream, of, fault, client, account, on]): MatrixRow => ({
      upstream,
      class: of,
      when: 'after output',
      happens: { fault },
      on,
      client,
      account,
      ledger: client === 'told' || client === 'cut' ? 'broken' : 'own_error',
    }),
  ),
];
