/** `cam simulate --trace ledger`: the user's own calls again, over a running server and in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimulationReport } from '../../../server/cli/commands/simulate.ts';
import { createEmulator, type Emulator } from '../../../server/demo/emulator.ts';
import { createHome, type Home, type Server } from './cam.ts';

const KEY = 'sk-proj-good-0123456789abcdefghij';
const TURNS = 3;

describe('cam simulate --trace ledger', () => {
  let home: Home;
  let server: Server;
  let emulator: Emulator;
  let running: SimulationReport;
  const withKey = () => ({ env: { CAM_MASTER_KEY_FILE: home.keyFile } });
  const replay = (...args: string[]) => home.cam(['simulate', '--trace', 'ledger', ...args], withKey());

  beforeAll(async () => {
    home = createHome();
    emulator = await createEmulator({ keys: [{ key: KEY }] });
    server = await home.serve({ CAM_MASTER_KEY_FILE: home.keyFile });
    const local = ['--base-url', emulator.baseUrl, '--allow-local'];
    await home.cam(['add', 'Work', '-', ...local], { input: `${KEY}\n`, ...withKey() });
  });
  afterAll(async () => {
    await server.stop();
    await emulator.close();
    home.remove();
  });

  it('says so when nothing was recorded', async () => {
    expect(await replay()).toEqual({
      code: 1,
      out: '',
      err: 'cam: No call was recorded in the last 24 hours.\nhint: Take more hours with --hours, or a made-up day with --trace synthetic.\n',
    });
  });

  it('replays what was recorded beside what became of it', async () => {
    const clientKey = (await home.cam(['keys', 'add', 'tool'], withKey())).out.trim();
    for (let turn = 0; turn < TURNS; turn++) {
      const response = await fetch(`${server.origin}/v1/responses`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${clientKey}`,
          'content-type': 'application/json',
          session_id: 's-1',
        },
        body: JSON.stringify({ model: 'gpt-5.5', input: 'word '.repeat(4_000 + turn * 500) }),
      });
      expect(response.status).toBe(200);
      await response.arrayBuffer();
    }
    const { code, out } = await replay('--json');
    expect(code).toBe(0);
    running = JSON.parse(out);
    expect(running).toMatchObject({
      trace: { source: 'ledger', calls: TURNS, faults: 0 },
      accounts: 1,
      ownAccounts: ['Work'],
      asItWas: { calls: TURNS, failed: 0, upstreamCallsPerCall: 1, fairness: 1 },
    });
    for (const result of running.results) {
      expect(result).toMatchObject({ served: TURNS, failed: 0, unknownCostCalls: 0 });
      expect(result.inputTokens).toBeGreaterThan(10_000);
      expect(result.cachedTokens).toBeGreaterThan(0);
    }
    const said = (await replay('--strategy', 'sticky')).err;
    expect(said).toContain('Your accounts as they are now: Work.');
    const table = await replay('--strategy', 'sticky', '--accounts', '2');
    expect(table.out).toMatch(/^as it was +0 +— +1\.000 /m);
    expect(table.out).toMatch(/^sticky +0 +0 +1\.000 /m);
    expect(table.err).toContain('2 accounts at 2 organisations');
    expect(table.err).not.toContain('Your accounts');
  });

  it('gives the same in this process when no server runs', async () => {
    await server.stop();
    const { code, out } = await replay('--json');
    expect({ code, report: JSON.parse(out) }).toEqual({ code: 0, report: running });
  });
});
