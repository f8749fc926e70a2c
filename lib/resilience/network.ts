/**
 * Is it them, or is it us? Connect failures on two accounts (or on the only one) within a few seconds, with no
 * success between, mean that this machine's own network is down; then nobody's breaker may count them. Two
 * accounts at one provider prove little while another provider has not been tried: that is a suspicion, to be
 * settled by a probe. A pure reducer; times are monotonic.
 */
import type { AccountId } from '../base/id.ts';

export interface NetworkState {
  readonly failedAtMs: ReadonlyMap<AccountId, number>;
  /** Since when nothing can be reached; null while the network is believed to work. */
  readonly downSinceMs: number | null;
  /** Enough accounts fail, but not at every host. */
  readonly suspected: boolean;
}

/** Accounts that are elsewhere than on this machine and could be dialled now, with their hosts. */
export type RemoteHosts = ReadonlyMap<AccountId, string>;

export const NETWORK_FINE: NetworkState = { failedAtMs: new Map(), downSinceMs: null, suspected: false };
export const NETWORK_WINDOW_MS = 5_000;

/** Only what can come from a missing network; a refusal or a broken handshake proves that packets travel. */
const NETWORK_CODES =
  /^(?:ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN|EADDRNOTAVAIL|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;

export function isNetworkCode(code: string): boolean {
  return NETWORK_CODES.test(code);
}

/** @param account the account that could not be connected to */
export function onConnectFailure(
  state: NetworkState,
  account: AccountId,
  remote: RemoteHosts,
  nowMs: number,
): NetworkState {
  const failedAtMs = new Map<AccountId, number>();
  for (const [id, atMs] of state.failedAtMs) if (nowMs - atMs <= NETWORK_WINDOW_MS) failedAtMs.set(id, atMs);
  failedAtMs.set(account, nowMs);
  const failing = [...remote].filter(([id]) => failedAtMs.has(id));
  const enough = failing.length >= 2 || (failing.length === 1 && remote.size === 1);
  const everywhere = new Set(failing.map(([, host]) => host)).size === new Set(remote.values()).size;
  if (!enough || !everywhere)
    return { ...state, failedAtMs, suspected: enough && state.downSinceMs === null };
  return { failedAtMs, downSinceMs: state.downSinceMs ?? nowMs, suspected: false };
}

/** The probe of a suspicion reached nothing either. */
export function onNothingReached(state: NetworkState, nowMs: number): NetworkState {
  return state.suspected ? { ...state, downSinceMs: nowMs, suspected: false } : state;
}

/** Something was reached, or the machine woke up and old failures mean nothing. */
export function onReached(state: NetworkState): NetworkState {
  return state.failedAtMs.size === 0 && state.downSinceMs === null ? state : NETWORK_FINE;
}
