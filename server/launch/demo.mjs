#!/usr/bin/env node
/** `npm run demo`: the server on a made-up month, in memory, with agents at work on an emulated provider. */
import { bundle, dashboard } from './build.mjs';
import { handOver } from './hand-over.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode } from './runtime.mjs';
import { launch } from './say.mjs';

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  await prepare([bundle, dashboard]);
  return handOver(process.argv.slice(2), 'demo.js');
});
