import { describe, expect, test } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import {
  NETWORK_FINE,
  type NetworkState,
  networkSign,
  onCleared,
  onMoved,
  onNetworkFailure,
  onNothingReached,
  onReached,
  type RemoteHosts,
} from '../../../lib/resilience/network.ts';

const [a, b, c] = [accountId('a'), accountId('b'), accountId('c')];
const at = (...ids: (typeof a)[]) => new Map(ids.map((id) => [id, 'api.example']));

function onConnectFailure(
  state: NetworkState,
  account: typeof a,
  remote: RemoteHosts,
  nowMs: number,
  { sure = true, tookMs = 0 } = {},
): NetworkState {
  return onNetworkFailure(state, { account, sure, tookMs }, remote, nowMs);
}

describe('our own network', () => {
  test('is down when two accounts cannot be reached within five seconds', () => {
    const one = onConnectFailure(NETWORK_FINE, a, at(a, b, c), 1_000);
    expect(one.downSinceMs).toBeNull();
    expect(onConnectFailure(one, b, at(a, b, c), 6_000).downSinceMs).toBe(6_000);
    expect(onConnectFailure(one, b, at(a, b, c), 6_001).downSinceMs).toBeNull();
  });

  test('is not down when one of several accounts fails again and again', () => {
    let state = NETWORK_FINE;
    for (let i = 0; i < 10; i++) state = onConnectFailure(state, a, at(a, b), 1_000 + i);
    expect(state.downSinceMs).toBeNull();
  });

  test('is down when the only account cannot be reached', () => {
    expect(onConnectFailure(NETWORK_FINE, a, at(a), 5).downSinceMs).toBe(5);
  });

  test('is not judged by accounts on this machine', () => {
    expect(onConnectFailure(NETWORK_FINE, a, at(), 5).downSinceMs).toBeNull();
    expect(onConnectFailure(NETWORK_FINE, a, at(b), 5).downSinceMs).toBeNull();
  });

  test('is fine as soon as anything is reached, and failures before that no longer count', () => {
    const one = onReached(onConnectFailure(NETWORK_FINE, a, at(a, b), 1_000));
    expect(onConnectFailure(one, b, at(a, b), 1_001).downSinceMs).toBeNull();
    expect(onReached(NETWORK_FINE)).toBe(NETWORK_FINE);
  });

  test('stays down since it went down', () => {
    const down = onConnectFailure(NETWORK_FINE, a, at(a), 5);
    expect(onConnectFailure(down, a, at(a), 9).downSinceMs).toBe(5);
  });

  test('is not down but suspected while accounts at another host have not been tried', () => {
    const hosts = new Map([...at(a, b), [c, 'other.example']]);
    const suspected = onConnectFailure(onConnectFailure(NETWORK_FINE, a, hosts, 1), b, hosts, 2);
    expect(suspected).toMatchObject({ downSinceMs: null, suspected: true });
    expect(onConnectFailure(suspected, c, hosts, 3)).toMatchObject({ downSinceMs: 3, suspected: false });
    expect(onNothingReached(suspected, 4)).toMatchObject({ downSinceMs: 4, suspected: false });
    expect(onNothingReached(NETWORK_FINE, 4)).toBe(NETWORK_FINE);
  });

  test('is down when two accounts cannot be reached one after the other, however long each took to fail', () => {
    const one = onConnectFailure(NETWORK_FINE, a, at(a, b), 10_000, { tookMs: 10_000 });
    expect(one.downSinceMs).toBeNull();
    expect(onConnectFailure(one, b, at(a, b), 20_000, { tookMs: 10_000 }).downSinceMs).toBe(20_000);
    expect(onConnectFailure(one, b, at(a, b), 20_000, { tookMs: 4_000 }).downSinceMs).toBeNull();
  });

  test('is suspected, and no more, when all that failed can be the providers’ own doing', () => {
    const one = onConnectFailure(NETWORK_FINE, a, at(a, b), 1, { sure: false });
    expect(one).toMatchObject({ downSinceMs: null, suspected: false });
    const both = onConnectFailure(one, b, at(a, b), 2, { sure: false });
    expect(both).toMatchObject({ downSinceMs: null, suspected: true });
    expect(onCleared(both)).toMatchObject({ downSinceMs: null, suspected: false });
    expect(onNothingReached(both, 3)).toMatchObject({ downSinceMs: 3, suspected: false });
    expect(onConnectFailure(one, b, at(a, b), 2).downSinceMs).toBe(2);
  });

  test('is in question after the machine moved, and what failed before no longer counts', () => {
    const one = onConnectFailure(NETWORK_FINE, a, at(a, b), 1);
    expect(onMoved(one)).toMatchObject({ downSinceMs: null, suspected: true });
    expect(onMoved(one).failures.size).toBe(0);
    const down = onConnectFailure(one, b, at(a, b), 2);
    expect(onMoved(down)).toMatchObject({ downSinceMs: 2, suspected: false });
  });
});

describe('a failure to connect', () => {
  const connect = (code: string, met = true) =>
    networkSign({ class: 'connect', phase: 'connect', code }, met);

  test('for a lost name, a missing route or no answer is a sure sign', () => {
    for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']) {
      expect(connect(code)).toBe('sure');
      expect(connect(code, false)).toBe('sure');
    }
    expect(networkSign({ class: 'proxy', phase: 'connect', code: 'CAM_PROXY_ENOTFOUND' }, false)).toBe(
      'sure',
    );
  });

  test('by a refusal or a broken handshake is a sign only where it worked before', () => {
    for (const code of ['ECONNREFUSED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ECONNRESET', 'CAM_EGRESS_REFUSED']) {
      expect(connect(code)).toBe('unsure');
      expect(connect(code, false)).toBeNull();
    }
  });

  test('is no sign where a setting or the proxy is to blame', () => {
    expect(connect('CAM_BASE_URL_REFUSED')).toBeNull();
    expect(
      networkSign({ class: 'proxy', phase: 'connect', code: 'CAM_PROXY_ECONNREFUSED' }, true),
    ).toBeNull();
  });

  test('has a sibling later on: a connection that is cut, but not one on which nothing is said', () => {
    for (const phase of ['first_event', 'mid_stream'] as const) {
      expect(networkSign({ class: 'connect', phase, code: 'UND_ERR_SOCKET' }, true)).toBe('unsure');
      expect(networkSign({ class: 'silence', phase, code: 'ETIMEDOUT' }, true)).toBe('unsure');
      expect(networkSign({ class: 'silence', phase, code: 'UND_ERR_HEADERS_TIMEOUT' }, true)).toBeNull();
      expect(networkSign({ class: 'overload', phase, code: 'server_error' }, true)).toBeNull();
    }
  });
});
