import { describe, expect, test } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import {
  isNetworkCode,
  NETWORK_FINE,
  onConnectFailure,
  onNothingReached,
  onReached,
} from '../../../lib/resilience/network.ts';

const [a, b, c] = [accountId('a'), accountId('b'), accountId('c')];
const at = (...ids: (typeof a)[]) => new Map(ids.map((id) => [id, 'api.example']));

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

  test('is suspected for lost names and routes, not for refusals and certificates', () => {
    for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])
      expect(isNetworkCode(code)).toBe(true);
    for (const code of ['ECONNREFUSED', 'CERT_HAS_EXPIRED', 'ECONNRESET'])
      expect(isNetworkCode(code)).toBe(false);
  });
});
