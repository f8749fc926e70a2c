#!/usr/bin/env node
/** `npm run -s cam -- …`: the command line. Only serving needs the pages, so only `proxy` waits for them. */
import { bundle, dashboard } from './build.mjs';
import { handOver } from './hand-over.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode } from './runtime.mjs';
import { launch } from './say.mjs';

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  const args = process.argv.slice(2);
  await prepare(args.includes('proxy') ? [bundle, dashboard] : [bundle]);
  return handOver(args);
});
