/** `npm run verify`: everything that can be checked in seconds, before a commit. */
import { runChecks, STATIC_CHECKS, testRun } from './checks.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode } from './runtime.mjs';
import { launch } from './say.mjs';
import { createTally } from './tally.mjs';

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  await prepare([]);
  const tally = createTally();
  await runChecks([...STATIC_CHECKS, testRun('unit')], tally);
  process.stdout.write(`${tally.closingLine()}\n`);
  return tally.sum.failed === 0 ? 0 : 1;
});
