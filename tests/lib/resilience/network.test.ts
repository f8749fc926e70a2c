import { describe, expect, test } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import { isNetworkCode, NETWORK_FINE, onConnectFailure, onReached } from '../../../lib/resilience/network.ts';

const [a, b, c] = [accountId('a'), accountId('b'), accountId('c')];

describe('our own network', () => {
  test('is down when two accounts cannot be reached within five seconds', () => {
    const one = onConnectFailure(NETWORK_FINE, a, [a, b, c], 1_000);
    expect(one.downSinceMs).toBeNull();
    expect(onConnectFailure(one, b, [a, b, c], 6_000).downSinceMs).toBe(6_000);
    expect(onConnectFailure(one, b, [a, b, c], 6_001).downSinceMs).toBeNull();
  });

  test('is not down when one of several accounts fails again and again', () => {
    let state = NETWORK_FINE;
    for (let i = 0; i < 10; i++) state = onConnectFailure(state, a, [a, b], 1_000 + i);
    expect(state.downSinceMs).toBeNull();
  });

  test('is down when the only account cannot be reached', () => {
    expect(onConnectFailure(NETWORK_FINE, a, [a], 5).downSinceMs).toBe(5);
  });

  test('is not judged by accounts on this machine', () => {
    expect(onConnectFailure(NETWORK_FINE, a, [], 5).downSinceMs).toBeNull();
    expect(onConnectFailure(NETWORK_FINE, a, [b], 5).downSinceMs).toBeNull();
  });

  test('is fine as soon as anything is reached, and failures before that no longer count', () => {
    const one = onReached(onConnectFailure(NETWORK_FINE, a, [a, b], 1_000));
    expect(onConnectFailure(one, b, [a, b], 1_001).downSinceMs).toBeNull();
    expect(onReached(NETWORK_FINE)).toBe(NETWORK_FINE);
  });

  test('stays down since it went down', () => {
    const down = onConnectFailure(NETWORK_FINE, a, [a], 5);
    expect(onConnectFailure(down, a, [a], 9).downSinceMs).toBe(5);
  });

  test('is suspected for lost names and routes, not for refusals and certificates', () => {
    for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])
      expect(isNetworkCode(code)).toBe(true);
    for (const code of ['ECONNREFUSED', 'CERT_HAS_EXPIRED', 'ECONNRESET'])
      expect(isNetworkCode(code)).toBe(false);
  });
});
