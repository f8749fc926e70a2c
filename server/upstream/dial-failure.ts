/**
 * Transport errors as short codes. An error object never leaves this room: its message may quote the request.
 */
export interface TransportFailure {
  /** `ECONNREFUSED`, `UND_ERR_HEADERS_TIMEOUT`, …; ours begin with `CAM_`. */
  readonly code: string;
  /** False: the request certainly never reached the provider. */
  readonly sent: boolean;
  /** The head of an answer had arrived. */
  readonly answered: boolean;
}

export const PROXY_PREFIX = 'CAM_PROXY_';

/** Failures of reaching the proxy itself, as against failures of the TLS session through it. */
const REACHING =
  /^(E[A-Z]+|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_SOCKET|UND_ERR_PRX\w*|UND_ERR_ABORTED)$/;

export function connectFailure(error: Error, viaProxy: boolean): TransportFailure {
  const code = codeOf(error);
  return { code: viaProxy && REACHING.test(code) ? PROXY_PREFIX + code : code, sent: false, answered: false };
}

export function transportFailure(error: Error, answered: boolean): TransportFailure {
  return { code: codeOf(error), sent: true, answered };
}

function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const code: unknown = Reflect.get(at, 'code');
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code)) return code;
  }
  return 'CAM_TRANSPORT';
}
