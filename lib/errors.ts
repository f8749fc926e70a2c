/**
 * The one table of errors: every failure that this program reports on purpose has a code here, and every
 * door (`/v1`, the admin API, the command line) translates a code through this table and nothing else.
 *
 * blame: who has to act. status: HTTP status. type: OpenAI's `error.type` on `/v1`.
 * trpc: the admin API's code. exit: the command line's exit code. retry: whether trying again unchanged can
 * help; false becomes `x-should-retry: false`, which OpenAI's SDKs obey before any status rule.
 */
export type Blame = 'client' | 'operator' | 'provider' | 'network' | 'us';

type TrpcCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'BAD_GATEWAY'
  | 'GATEWAY_TIMEOUT'
  | 'SERVICE_UNAVAILABLE';

export interface ErrorKind {
  readonly blame: Blame;
  readonly status: number;
  readonly type: string;
  readonly trpc: TrpcCode;
  readonly exit: number;
  readonly retry: boolean;
}

const kind = (
  blame: Blame,
  status: number,
  type: string,
  trpc: TrpcCode,
  exit: number,
  retry: boolean,
): ErrorKind => ({ blame, status, type, trpc, exit, retry });

const BAD = 'invalid_request_error';
const AUTH = 'authentication_error';
const DENIED = 'permission_error';
const RATE = 'rate_limit_error';
const SERVER = 'server_error';

export const ERRORS = {
  // The request itself
  invalid_json: kind('client', 400, BAD, 'BAD_REQUEST', 2, false),
  invalid_request: kind('client', 400, BAD, 'BAD_REQUEST', 2, false),
  invalid_host: kind('client', 421, BAD, 'BAD_REQUEST', 2, false),
  invalid_name: kind('client', 400, BAD, 'BAD_REQUEST', 2, false),
  missing_model: kind('client', 400, BAD, 'BAD_REQUEST', 2, false),
  body_too_large: kind('client', 413, BAD, 'PAYLOAD_TOO_LARGE', 2, false),
  body_timeout: kind('client', 408, BAD, 'BAD_REQUEST', 1, true),
  headers_too_large: kind('client', 431, BAD, 'BAD_REQUEST', 2, false),
  url_too_long: kind('client', 414, BAD, 'BAD_REQUEST', 2, false),
  unsupported_encoding: kind('client', 415, BAD, 'UNSUPPORTED_MEDIA_TYPE', 2, false),
  unsupported_media_type: kind('client', 415, BAD, 'UNSUPPORTED_MEDIA_TYPE', 2, false),
  method_not_allowed: kind('client', 405, BAD, 'BAD_REQUEST', 2, false),
  unknown_path: kind('client', 404, BAD, 'NOT_FOUND', 2, false),
  not_found: kind('client', 404, BAD, 'NOT_FOUND', 1, false),
  websocket_unsupported: kind('client', 426, BAD, 'BAD_REQUEST', 2, false),
  admin_path: kind('client', 403, DENIED, 'FORBIDDEN', 1, false),
  conflict: kind('client', 409, BAD, 'CONFLICT', 1, false),
  // Who is asking
  missing_client_key: kind('client', 401, AUTH, 'UNAUTHORIZED', 3, false),
  invalid_client_key: kind('client', 401, AUTH, 'UNAUTHORIZED', 3, false),
  no_client_key_yet: kind('operator', 401, AUTH, 'UNAUTHORIZED', 3, false),
  client_key_expired: kind('operator', 401, AUTH, 'UNAUTHORIZED', 3, false),
  client_key_revoked: kind('operator', 401, AUTH, 'UNAUTHORIZED', 3, false),
  client_key_damaged: kind('operator', 401, AUTH, 'UNAUTHORIZED', 3, false),
  model_not_allowed: kind('operator', 403, DENIED, 'FORBIDDEN', 1, false),
  service_tier_not_allowed: kind('operator', 403, DENIED, 'FORBIDDEN', 1, false),
  reasoning_effort_not_allowed: kind('operator', 403, DENIED, 'FORBIDDEN', 1, false),
  price_unknown: kind('operator', 403, DENIED, 'FORBIDDEN', 1, false),
  scope_missing: kind('operator', 403, DENIED, 'FORBIDDEN', 1, false),
  forbidden_origin: kind('client', 403, DENIED, 'FORBIDDEN', 1, false),
  unauthenticated: kind('operator', 401, AUTH, 'UNAUTHORIZED', 3, false),
  step_up_required: kind('operator', 403, DENIED, 'FORBIDDEN', 3, false),
  wrong_master_key: kind('operator', 401, AUTH, 'UNAUTHORIZED', 4, false),
  master_key_unusable: kind('operator', 400, BAD, 'BAD_REQUEST', 4, false),
  master_key_guessable: kind('operator', 409, BAD, 'CONFLICT', 2, false),
  login_throttled: kind('operator', 429, RATE, 'TOO_MANY_REQUESTS', 4, true),
  setup_link_invalid: kind('operator', 403, DENIED, 'FORBIDDEN', 1, false),
  // The vault
  vault_locked: kind('operator', 503, SERVER, 'PRECONDITION_FAILED', 3, false),
  vault_uninitialised: kind('operator', 503, SERVER, 'PRECONDITION_FAILED', 3, false),
  vault_exists: kind('operator', 409, BAD, 'CONFLICT', 2, false),
  vault_damaged: kind('us', 503, SERVER, 'INTERNAL_SERVER_ERROR', 1, false),
  doctor_found: kind('operator', 409, BAD, 'CONFLICT', 1, false),
  audit_broken: kind('operator', 409, BAD, 'CONFLICT', 1, false),
  keychain_unavailable: kind('operator', 409, BAD, 'CONFLICT', 1, false),
  kdf_busy: kind('operator', 429, RATE, 'TOO_MANY_REQUESTS', 1, true),
  // Moving
  import_unreadable: kind('operator', 400, BAD, 'BAD_REQUEST', 1, false),
  import_newer: kind('operator', 400, BAD, 'BAD_REQUEST', 1, false),
  import_not_opened: kind('operator', 400, BAD, 'BAD_REQUEST', 1, false),
  /** Of an import that was carried out: some of what the file holds was left out. */
  import_incomplete: kind('operator', 400, BAD, 'BAD_REQUEST', 1, false),
  import_too_large: kind('operator', 413, BAD, 'PAYLOAD_TOO_LARGE', 1, false),
  // Accounts and choosing
  no_account: kind('operator', 503, SERVER, 'PRECONDITION_FAILED', 1, false),
  account_not_found: kind('operator', 404, BAD, 'NOT_FOUND', 1, false),
  account_name_taken: kind('operator', 409, BAD, 'CONFLICT', 2, false),
  account_duplicate_key: kind('operator', 409, BAD, 'CONFLICT', 2, false),
  account_check_failed: kind('operator', 422, BAD, 'BAD_REQUEST', 1, false),
  target_refused: kind('operator', 400, BAD, 'BAD_REQUEST', 2, false),
  target_name_taken: kind('operator', 409, BAD, 'CONFLICT', 1, false),
  /** Of a test: it did not take the message. */
  target_unreachable: kind('operator', 502, BAD, 'BAD_GATEWAY', 1, false),
  base_url_refused: kind('operator', 400, BAD, 'BAD_REQUEST', 2, false),
  model_not_found: kind('client', 404, BAD, 'NOT_FOUND', 1, false),
  no_account_for_call: kind('operator', 503, SERVER, 'SERVICE_UNAVAILABLE', 1, true),
  all_accounts_cooling_down: kind('provider', 429, RATE, 'TOO_MANY_REQUESTS', 1, true),
  all_accounts_exhausted: kind('operator', 429, 'usage_limit_error', 'TOO_MANY_REQUESTS', 1, false),
  all_accounts_unusable: kind('operator', 503, SERVER, 'SERVICE_UNAVAILABLE', 1, true),
  account_pinned_unusable: kind('provider', 503, SERVER, 'SERVICE_UNAVAILABLE', 1, true),
  object_owner_gone: kind('operator', 404, BAD, 'NOT_FOUND', 1, false),
  objects_of_two_accounts: kind('client', 400, BAD, 'BAD_REQUEST', 2, false),
  // In vain, unless the error says when.
  reasoning_elsewhere: kind('operator', 503, SERVER, 'SERVICE_UNAVAILABLE', 1, true),
  // In vain, unless the error says when: a limit that is free again within a minute.
  limit_reached: kind('operator', 429, 'usage_limit_error', 'TOO_MANY_REQUESTS', 1, true),
  client_limit_reached: kind('operator', 429, 'usage_limit_error', 'TOO_MANY_REQUESTS', 1, true),
  client_share_reached: kind('client', 429, RATE, 'TOO_MANY_REQUESTS', 1, true),
  too_many_in_flight: kind('client', 503, SERVER, 'SERVICE_UNAVAILABLE', 1, true),
  memory_exhausted: kind('us', 503, SERVER, 'SERVICE_UNAVAILABLE', 1, true),
  shutting_down: kind('us', 503, SERVER, 'SERVICE_UNAVAILABLE', 1, true),
  // Upstream
  network_unreachable: kind('network', 502, SERVER, 'BAD_GATEWAY', 1, true),
  upstream_unreachable: kind('provider', 502, SERVER, 'BAD_GATEWAY', 1, true),
  // A wrong address or a certificate that is not trusted: it stays so until a person mends it.
  upstream_tls: kind('operator', 502, SERVER, 'BAD_GATEWAY', 1, false),
  upstream_timeout: kind('provider', 504, SERVER, 'GATEWAY_TIMEOUT', 1, true),
  upstream_error: kind('provider', 502, SERVER, 'BAD_GATEWAY', 1, true),
  upstream_credential: kind('operator', 502, SERVER, 'BAD_GATEWAY', 1, false),
  too_large_for_limit: kind('operator', 413, BAD, 'PAYLOAD_TOO_LARGE', 1, false),
  upstream_interrupted: kind('provider', 502, SERVER, 'BAD_GATEWAY', 1, true),
  // This program on this machine
  config_invalid: kind('operator', 500, SERVER, 'BAD_REQUEST', 2, false),
  /** A client's own file is not what the client itself could read, or does not lead here. */
  client_config_invalid: kind('operator', 409, BAD, 'CONFLICT', 2, false),
  client_check_failed: kind('operator', 409, BAD, 'CONFLICT', 1, false),
  port_taken: kind('operator', 500, SERVER, 'INTERNAL_SERVER_ERROR', 2, false),
  already_running: kind('operator', 500, SERVER, 'CONFLICT', 5, false),
  data_folder_open: kind('operator', 500, SERVER, 'INTERNAL_SERVER_ERROR', 2, false),
  database_newer: kind('operator', 500, SERVER, 'INTERNAL_SERVER_ERROR', 2, false),
  database_damaged: kind('us', 503, SERVER, 'INTERNAL_SERVER_ERROR', 2, false),
  storage_failed: kind('us', 503, SERVER, 'INTERNAL_SERVER_ERROR', 1, true),
  internal: kind('us', 500, SERVER, 'INTERNAL_SERVER_ERROR', 1, true),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

export interface CamErrorOptions {
  /** Private: never sent to a client. */
  readonly cause?: unknown;
  /** Public, structured, free of secrets; becomes `error.details`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Milliseconds until trying again can help; becomes `retry-after`. */
  readonly retryAfterMs?: number;
  /** The field of the request that is at fault; becomes `error.param`. */
  readonly param?: string;
  /** What the user can do, in one sentence, for faces that show it apart. */
  readonly hint?: string;
}

/** A failure reported on purpose. `message` is public: what happened, what was done, what the user can do. */
export class CamError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterMs: number | undefined;
  readonly param: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: CamErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'CamError';
    this.code = code;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
    this.param = options.param;
    this.hint = options.hint;
  }

  get kind(): ErrorKind {
    return ERRORS[this.code];
  }
}

/** Any thrown value as a CamError; what we did not throw ourselves becomes `internal` with the cause kept private. */
export function asCamError(thrown: unknown): CamError {
  if (thrown instanceof CamError) return thrown;
  return new CamError(
    'internal',
    'Something went wrong inside Codex Account Manager. The log has the details.',
    {
      cause: thrown,
    },
  );
}

/** OpenAI's error body, the form every client of `/v1` understands. */
export interface WireError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

export function toWireError(error: CamError): WireError {
  const message = error.hint ? `${error.message} ${error.hint}` : error.message;
  return {
    error: {
      message,
      type: error.kind.type,
      param: error.param ?? null,
      code: error.code,
      ...(error.details ? { details: error.details } : {}),
    },
  };
}
