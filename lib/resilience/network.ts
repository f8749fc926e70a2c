/**
 * Is it them, or is it us? Connect failures on two accounts (or on the only one) within a few seconds, with no
 * success between, mean that this machine's own network is down; then nobody's breaker may count them.
 * A pure reducer; times are monotonic.
 */
import type { AccountId } from '../base/id.ts';

export interface NetworkState {
  readonly failedAtMs: ReadonlyMap<AccountId, number>;
  /** Since when nothing can be reached; null while the network is believed to work. */
  readonly downSinceMs: number | null;
}

export const NETWORK_FINE: NetworkState = { failedAtMs: new Map(), downSinceMs: null };
export const NETWORK_WINDOW_MS = 5_000;

/** Only what can come from a missing network; a refusal or a broken handshake proves that packets travel. */
const NETWORK_CODES =
  /^(?:ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN|EADDRNOTAVAIL|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;

export function isNetworkCode(code: string): boolean {
  return NETWORK_CODES.test(code);
}

/**
 * @param account the account that could not be connected to
 * @param remote accounts that are elsewhere than on this machine and could be dialled now
 */
export function onConnectFailure(
  state: NetworkState,
  account: AccountId,
  remote: readonly AccountId[],
  nowMs: number,
): NetworkState {
  const failedAtMs = new Map<AccountId, number>();
  for (const [id, atMs] of state.failedAtMs) if (nowMs - atMs <= NETWORK_WINDOW_MS) failedAtMs.set(id, atMs);
  failedAtMs.set(account, nowMs);
  const failing = remote.filter((id) => failedAtMs.has(id)).length;
  const down = failing >= 2 || (failing === 1 && remote.length === 1);
  return { failedAtMs, downSinceMs: down ? (state.downSinceMs ?? nowMs) : state.downSinceMs };
}

/** Something was reached, or the machine woke up and old failures mean nothing. */
export function onReached(state: NetworkState): NetworkState {
  return state.failedAtMs.size === 0 && state.downSinceMs === null ? state : NETWORK_FINE;
}
