/**
 * Is it them, or is it us? Failures to connect on two accounts (or on the only one) within a few seconds, with no
 * success between, mean that this machine's own network is down; then nobody's breaker may count them.
 *
 * Some failures are sure signs: a name that cannot be resolved, no route, no answer. Others (a refusal, a broken
 * handshake, a connection that is cut) are just as often the provider's own; but a sign-in page of a Wi-Fi and a
 * VPN that drops look like this too. Those, and sure signs from accounts at one provider while another has not been
 * tried, are a suspicion, to be settled by a probe. A pure reducer; times are monotonic.
 */
import type { AccountId } from '../base/id.ts';
import type { Failure } from './failure.ts';

export interface NetworkState {
  readonly failures: ReadonlyMap<AccountId, { readonly atMs: number; readonly sure: boolean }>;
  /** Since when nothing can be reached; null while the network is believed to work. */
  readonly downSinceMs: number | null;
  /** It may be down: a probe has to tell. */
  readonly suspected: boolean;
}

/** Accounts that are elsewhere than on this machine and could be dialled now, with their hosts. */
export type RemoteHosts = ReadonlyMap<AccountId, string>;

export const NETWORK_FINE: NetworkState = { failures: new Map(), downSinceMs: null, suspected: false };
export const NETWORK_WINDOW_MS = 5_000;

const NETWORK_CODES =
  /^(?:CAM_PROXY_)?(?:ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN|EADDRNOTAVAIL|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;
/** A decision of ours, before anything was tried. */
const OURS = /^CAM_BASE_URL_REFUSED$/;

export function isNetworkCode(code: string): boolean {
  return NETWORK_CODES.test(code);
}

/**
 * What a failure says about our own network; null for nothing.
 * @param met the account's host has answered before: what never worked is more likely wrong than out of reach
 */
export function networkSign(
  { class: failed, phase, code }: Pick<Failure, 'class' | 'phase' | 'code'>,
  met: boolean,
): 'sure' | 'unsure' | null {
  if (phase === 'connect' && (failed === 'connect' || failed === 'proxy') && isNetworkCode(code))
    return 'sure';
  if (!met || OURS.test(code)) return null;
  // A connection that TCP itself gave up, as against one on which nothing was said in time.
  if (failed === 'silence') return code === 'ETIMEDOUT' ? 'unsure' : null;
  return failed === 'connect' ? 'unsure' : null;
}

export interface NetworkFailure {
  readonly account: AccountId;
  readonly sure: boolean;
  /** How long it took to fail: an attempt that gave up after ten seconds began to fail ten seconds ago. */
  readonly tookMs: number;
}

export function onNetworkFailure(
  state: NetworkState,
  { account, sure, tookMs }: NetworkFailure,
  remote: RemoteHosts,
  nowMs: number,
): NetworkState {
  const failures = new Map<AccountId, { atMs: number; sure: boolean }>();
  for (const [id, known] of state.failures) {
    if (nowMs - tookMs - known.atMs <= NETWORK_WINDOW_MS) failures.set(id, known);
  }
  failures.set(account, { atMs: nowMs, sure });
  const failing = [...remote].filter(([id]) => failures.has(id));
  const enough = failing.length >= 2 || (failing.length === 1 && remote.size === 1);
  const hosts = new Set(failing.filter(([id]) => failures.get(id)?.sure).map(([, host]) => host));
  const surely = enough && hosts.size === new Set(remote.values()).size;
  if (surely) return { failures, downSinceMs: state.downSinceMs ?? nowMs, suspected: false };
  return { ...state, failures, suspected: state.downSinceMs === null && (enough || state.suspected) };
}

/** The machine woke up or changed networks: old failures mean nothing, and whether there is a network is open. */
export function onMoved(state: NetworkState): NetworkState {
  return { ...NETWORK_FINE, downSinceMs: state.downSinceMs, suspected: state.downSinceMs === null };
}

/** The probe of a suspicion reached nothing either. */
export function onNothingReached(state: NetworkState, nowMs: number): NetworkState {
  return state.suspected ? { ...state, downSinceMs: nowMs, suspected: false } : state;
}

/** A suspicion was wrong. The failures stay: they are some provider's. */
export function onCleared(state: NetworkState): NetworkState {
  return state.suspected ? { ...state, suspected: false } : state;
}

/** Something was reached. */
export function onReached(state: NetworkState): NetworkState {
  return state.failures.size === 0 && state.downSinceMs === null && !state.suspected ? state : NETWORK_FINE;
}
