/**
 * The fault matrix: what an upstream may do, when, on which surface, and what then has to become of the client,
 * the account and the ledger. The integration test tries every cell over real sockets; `docs/routing.md` is
 * written from the same rows.
 */
import type { FailureClass } from '../../../lib/resilience/failure.ts';
import type { Fault } from '../../../server/demo/faults.ts';

export const SURFACES = ['JSON', 'chat', 'responses'] as const;
export type Surface = (typeof SURFACES)[number];
export type When = 'before the headers' | 'inside 200, before output' | 'after output';

/** What the client gets when the first two of three accounts fail so. */
export const CLIENT = {
  served: 'the whole answer of the third account',
  returned: 'the provider’s answer, unchanged',
  told: 'one last event that says so, then the cut',
  own_error: 'the provider’s own error, once, then the cut',
  own_end: 'the provider’s own failed end',
  cut: 'the cut, nothing added',
} as const;

/** What becomes of each account that failed so. */
export const ACCOUNT = {
  untouched: 'untouched',
  counts_model: 'breaker of the model counts one',
  counts_whole: 'breaker of the account counts one',
  counts_silence: 'silence counts one',
  counts_proxy: 'its way out by the proxy counts one',
  cools_told: 'the model cools down as told',
  cools_guessed: 'the model cools down by our guess',
  no_quota: 'out of quota, with an hourly probe',
  model_marked: 'model marked for 1 h',
  model_marked_day: 'model marked for 24 h',
  endpoint_marked: 'endpoint marked for 1 h',
  disabled: 'disabled',
} as const;

/** Outcome, upstream calls, who is named, error code. */
export const LEDGER = {
  served: ['delivered', 3, 'three', null],
  returned: ['delivered', 1, 'one', null],
  repeated: ['delivered', 3, 'one', null],
  broken: ['interrupted', 1, 'one', 'upstream_interrupted'],
  own_error: ['interrupted', 1, 'one', 'upstream_error'],
} as const satisfies Record<string, readonly [string, number, string, string | null]>;

/** What the client gets when every account fails so: status, code, and what it is told about trying again. */
export type Nobody = readonly [status: number, code: string | null, again: 'wait' | 'never' | 'unsaid'];

export interface MatrixRow {
  readonly upstream: string;
  readonly class: FailureClass;
  readonly when: When;
  /** A script of the emulator, or a place where nobody answers. */
  readonly happens: { readonly fault: Fault; readonly always?: boolean } | { readonly baseUrl: string };
  readonly on: readonly Surface[];
  readonly client: keyof typeof CLIENT;
  readonly account: keyof typeof ACCOUNT;
  readonly ledger: keyof typeof LEDGER;
  readonly nobody?: Nobody;
}

export const refuse = (
  status: number,
  code: string | null,
  type: string,
  message: string,
  more = {},
): Fault => ({
  kind: 'refuse',
  status,
  code,
  type,
  message,
  ...more,
});
export const BAD = 'invalid_request_error';
export const STREAMS: readonly Surface[] = ['chat', 'responses'];

export const inside = (
  form: 'error' | 'failed',
  code: string,
  more: { afterOutput?: number; message?: string } = {},
): Fault => ({
  kind: 'error_event',
  form,
  code,
  ...more,
});

export const WAIT = { message: 'Please try again in 20s.' };
