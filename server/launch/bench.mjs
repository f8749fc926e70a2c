/** `npm run bench [rounds]` measures the production build, `npm run bench gate` what its gate bears, `npm run
 * bench dashboard` how fast the dashboard answers and what it costs the streams. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundle, dashboard } from './build.mjs';
import { toolEnvironment } from './child.mjs';
import { ROOT } from './places.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode, watchOver } from './runtime.mjs';
import { launch } from './say.mjs';

const SCRIPTS = { gate: 'gate.ts', dashboard: 'dashboard.ts' };

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  await prepare([bundle, dashboard]);
  const script = SCRIPTS[process.argv[2]] ?? 'run.ts';
  const args = [join(ROOT, 'tests', 'bench', script), ...process.argv.slice(2)];
  return watchOver(spawn(process.execPath, args, { cwd: ROOT, env: toolEnvironment(), stdio: 'inherit' }));
});
