/**
 * What an emulated key can be told to do instead of answering well, and the script that says when. All of it
 * is plain JSON, so that tests set it in code and other processes by the control endpoint.
 */

/** After how many pieces of output something happens; 0 is before the first. `jsonBytes`: how long JSON is made. */
interface AfterOutput {
  readonly afterOutput?: number;
}

export type Fault =
  | { readonly kind: 'healthy' }
  /** An answer that is an error. `retryAfterS` and `headers` become response headers. */
  | {
      readonly kind: 'refuse';
      readonly status: number;
      readonly code: string | null;
      readonly type?: string;
      readonly message?: string;
      readonly param?: string;
      readonly retryAfterS?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** A page of a proxy in between, not JSON. */
  | { readonly kind: 'html'; readonly status: number }
  /** A status and nothing else. */
  | { readonly kind: 'empty'; readonly status: number }
  /** The connection is reset before any header. */
  | { readonly kind: 'reset' }
  /** The transport is cut, between two events or inside one; of a JSON answer, in its middle. */
  | ({ readonly kind: 'cut'; readonly onBoundary: boolean; readonly jsonBytes?: number } & AfterOutput)
  /** The stream ends as if it were whole, without the surface's last event. */
  | ({ readonly kind: 'clean_end' } & AfterOutput)
  /** Silence, with the connection open; `beforeHeaders` from the beginning. */
  | ({
      readonly kind: 'stall';
      readonly beforeHeaders?: boolean;
      readonly commentsEveryMs?: number;
      readonly jsonBytes?: number;
    } & AfterOutput)
  /** An error inside HTTP 200, as an `error` event or as the surface's failed end. */
  | ({
      readonly kind: 'error_event';
      readonly form: 'error' | 'failed';
      readonly code: string;
      readonly message?: string;
    } & AfterOutput)
  | { readonly kind: 'slow'; readonly eventDelayMs: number; readonly firstByteDelayMs?: number }
  | { readonly kind: 'gzip' }
  /** One output event of this many bytes. */
  | { readonly kind: 'huge_event'; readonly bytes: number }
  /** Usage figures that no honest provider reports. */
  | { readonly kind: 'wrong_usage' }
  | { readonly kind: 'no_usage' };

export interface ScriptStep {
  readonly fault: Fault;
  /** How many calls it applies to; for ever when absent. */
  readonly times?: number;
}

/** Steps in order; after the last one the key is healthy. */
export interface Script {
  readonly steps: readonly ScriptStep[];
  /** Only calls of these models are counted and hit; every model when absent. */
  readonly models?: readonly string[];
  /** `inference` (default) leaves GET requests alone, `all` does not. */
  readonly on?: 'inference' | 'all';
}

export const HEALTHY: Fault = { kind: 'healthy' };

/** The fault for a key's n-th counted call, n from 0. */
export function faultFor(script: Script, n: number): Fault {
  let passed = 0;
  for (const { fault, times } of script.steps) {
    if (times === undefined || n < passed + times) return fault;
    passed += times;
  }
  return HEALTHY;
}

export const scripts = {
  healthy: { steps: [] } satisfies Script,
  always: (fault: Fault): Script => ({ steps: [{ fault }] }),
  times: (fault: Fault, times: number): Script => ({ steps: [{ fault, times }] }),
  /** Healthy for the first `n - 1` calls. */
  fromCall: (n: number, fault: Fault): Script => ({
    steps: [{ fault: HEALTHY, times: n - 1 }, { fault }],
  }),
};

const refuse = (
  status: number,
  code: string | null,
  type: string,
  message: string,
  more: object = {},
): Fault => ({
  kind: 'refuse',
  status,
  code,
  type,
  message,
  ...more,
});

/** The refusals that OpenAI is known to give, with its words. */
export const faults = {
  rateLimit: (retryAfterS?: number): Fault =>
    refuse(
      429,
      'rate_limit_exceeded',
      'tokens',
      `Rate limit reached for this model on tokens per min (TPM): Limit 30000, Used 29500, Requested 1200.${
        retryAfterS === undefined ? '' : ` Please try again in ${retryAfterS}s.`
      }`,
      retryAfterS === undefined ? {} : { retryAfterS },
    ),
  tooLarge: (limit: number, requested: number): Fault =>
    refuse(
      429,
      'rate_limit_exceeded',
      'tokens',
      `Request too large for this model on tokens per min (TPM): Limit ${limit}, Requested ${requested}.`,
    ),
  quota: (code = 'credit_balance_exhausted'): Fault =>
    refuse(
      429,
      code,
      'insufficient_quota',
      'You exceeded your current quota, please check your plan and billing.',
    ),
  unauthorized: (): Fault =>
    refuse(401, 'invalid_api_key', 'invalid_request_error', 'Incorrect API key provided.'),
  deactivated: (): Fault =>
    refuse(
      401,
      'account_deactivated',
      'invalid_request_error',
      'The account of this key has been deactivated.',
    ),
  scope: (scope = 'model.request'): Fault =>
    refuse(
      403,
      null,
      'invalid_request_error',
      `You have insufficient permissions for this operation. Missing scopes: ${scope}.`,
    ),
  modelNotFound: (model: string): Fault =>
    refuse(
      404,
      'model_not_found',
      'invalid_request_error',
      `The model \`${model}\` does not exist or you do not have access to it.`,
    ),
  policy: (): Fault =>
    refuse(
      400,
      'content_policy_violation',
      'invalid_request_error',
      'This request was refused by our safety system.',
    ),
  serverError: (): Fault =>
    refuse(500, 'server_error', 'server_error', 'The server had an error while processing your request.'),
  overloaded: (retryAfterS?: number): Fault =>
    refuse(
      503,
      'server_is_overloaded',
      'service_unavailable_error',
      'Our servers are currently overloaded. Please try again later.',
      retryAfterS === undefined ? {} : { retryAfterS },
    ),
  html502: (): Fault => ({ kind: 'html', status: 502 }),
  overloadInside: (form: 'error' | 'failed' = 'failed'): Fault => ({
    kind: 'error_event',
    form,
    code: 'server_is_overloaded',
    message: 'Our servers are currently overloaded. Please try again later.',
  }),
} as const;
