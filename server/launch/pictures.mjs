#!/usr/bin/env node
/** `npm run pictures`: takes the pictures of the README anew, from the demonstration. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundle, dashboard } from './build.mjs';
import { toolEnvironment } from './child.mjs';
import { requireChromium } from './chromium.mjs';
import { ROOT } from './places.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode, watchOver } from './runtime.mjs';
import { launch } from './say.mjs';

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  const chromium = await requireChromium();
  await prepare([bundle, dashboard]);
  const env = toolEnvironment({ CHROME_PATH: chromium, NODE_ENV: 'production', TZ: 'UTC' });
  const args = [join(ROOT, 'tests', 'pictures', 'take.ts'), ...process.argv.slice(2)];
  return watchOver(spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' }));
});
