/** `npm run bench [rounds]` measures the production build, `npm run bench gate` what its gate bears. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundle, dashboard } from './build.mjs';
import { toolEnvironment } from './child.mjs';
import { ROOT } from './places.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode, watchOver } from './runtime.mjs';
import { launch } from './say.mjs';

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  await prepare([bundle, dashboard]);
  const script = process.argv[2] === 'gate' ? 'gate.ts' : 'run.ts';
  const args = [join(ROOT, 'tests', 'bench', script), ...process.argv.slice(2)];
  return watchOver(spawn(process.execPath, args, { cwd: ROOT, env: toolEnvironment(), stdio: 'inherit' }));
});
