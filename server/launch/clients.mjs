/**
 * `npm run test:clients`: the real coding agents through the real server. They have a folder and a lock of
 * their own, so that nobody who only wants the server downloads them.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundle, dashboard } from './build.mjs';
import { toolEnvironment } from './child.mjs';
import { installation } from './install.mjs';
import { ROOT } from './places.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode, watchOver } from './runtime.mjs';
import { launch } from './say.mjs';

const CLIENTS = join(ROOT, 'tests', 'clients');

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  await prepare([bundle, dashboard, installation(CLIENTS)]);
  const args = [join(CLIENTS, 'run.ts'), ...process.argv.slice(2)];
  return watchOver(spawn(process.execPath, args, { cwd: ROOT, env: toolEnvironment(), stdio: 'inherit' }));
});
