/**
 * What a transport error says: codes of Node, OpenSSL and undici, and those that this program gives itself
 * (beginning with `CAM_`).
 */
import type { FailureClass, FailurePhase } from './failure.ts';

const NAME = /^(?:ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|EREFUSED|ENONAME)$/;
const TLS =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_|EPROTO$|CAM_TLS)/;
const SILENCE =
  /^(?:UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|CAM_(?:FIRST_BYTE|IDLE|TOTAL)_TIMEOUT|CAM_SILENCE)$/;
const PROXY = /^(?:CAM_PROXY|UND_ERR_PRX)/;
/** The provider began to answer and did not finish: its trouble more likely than the network's. */
const CUT_SHORT = /^(?:CAM_EARLY_END|CAM_INTERRUPTED|CAM_STREAM_ERROR|CAM_TRUNCATED|CAM_BAD_ANSWER|HPE_\w+)$/;

export function classOfTransport(code: string, phase: FailurePhase): FailureClass {
  if (PROXY.test(code)) return 'proxy';
  if (SILENCE.test(code)) return 'silence';
  if (CUT_SHORT.test(code)) return 'overload';
  // A time-out while connecting is a connect failure; a socket time-out later is silence.
  if (code === 'ETIMEDOUT' && phase !== 'connect') return 'silence';
  return 'connect';
}

export function isTlsCode(code: string): boolean {
  return TLS.test(code);
}

/** One sentence for people. */
export function sayTransport(code: string, phase: FailurePhase): string {
  if (PROXY.test(code)) return `The outbound proxy could not be used (${code}).`;
  if (SILENCE.test(code)) {
    if (/TOTAL/.test(code)) return 'The answer took longer than is allowed in total.';
    return phase === 'mid_stream' || /BODY|IDLE/.test(code)
      ? 'The answer stopped: nothing came within the time allowed.'
      : 'No answer came within the time allowed.';
  }
  if (CUT_SHORT.test(code)) return `The answer ended before it was complete (${code}).`;
  if (NAME.test(code)) return `The provider's name could not be resolved (${code}).`;
  if (TLS.test(code)) return `A secure connection to the provider could not be made (${code}).`;
  if (code === 'CAM_EGRESS_REFUSED')
    return 'The address that the name resolved to is not allowed for this account.';
  if (code === 'ECONNREFUSED') return 'The provider refused the connection (ECONNREFUSED).';
  if (phase === 'connect') return `The provider could not be reached (${code}).`;
  return `The connection broke before the answer was complete (${code}).`;
}
