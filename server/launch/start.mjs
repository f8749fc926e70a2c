#!/usr/bin/env node
/** `npm start`: from a fresh clone, or any later state of it, to a server that listens. */
import { bundle, dashboard } from './build.mjs';
import { handOver } from './hand-over.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode } from './runtime.mjs';
import { launch } from './say.mjs';

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  await prepare([bundle, dashboard]);
  return handOver(['proxy', ...process.argv.slice(2)]);
});
