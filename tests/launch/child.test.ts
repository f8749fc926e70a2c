/** Tools get what they need of the environment, and never a secret. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runTool, toolEnvironment } from '../../server/launch/child.mjs';

describe('the environment of tools', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is without our secrets and without a NODE_ENV that makes npm leave things out', () => {
    vi.stubEnv('CAM_MASTER_KEY', 'correct horse battery');
    vi.stubEnv('CAM_MASTER_KEY_FILE', '/run/key');
    vi.stubEnv('CAM_CLIENT_KEY', 'cam-key');
    vi.stubEnv('NODE_ENV', 'production');
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example');
    const environment = toolEnvironment();
    expect(Object.keys(environment).filter((name) => /^CAM_.*KEY/.test(name) || name === 'NODE_ENV')).toEqual(
      [],
    );
    expect(environment.HTTPS_PROXY).toBe('http://proxy.example');
  });
});

describe('running a tool', () => {
  it('keeps what it wrote, and apart what went to stdout', async () => {
    const script = "console.log('out'); console.error('err'); process.exitCode = 3";
    const { code, output, stdout } = await runTool(process.execPath, ['-e', script]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'out\n' });
    expect(output.split('\n').sort()).toEqual(['', 'err', 'out']);
  });

  it('reports a tool that does not exist as a failure', async () => {
    const { code, output } = await runTool('/nowhere/tool', []);
    expect(code).toBe(127);
    expect(output).toMatch(/ENOENT/);
  });
});
