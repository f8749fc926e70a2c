/**
 * `npm test`: everything there is to check, from a fresh clone. Checks and tests all run even when one fails,
 * and the last line sums them up.
 */
import { requireAge } from './age.mjs';
import { bundle, dashboard } from './build.mjs';
import { BUILD_CHECKS, PLATFORM_CHECKS, runChecks, STATIC_CHECKS, testRun } from './checks.mjs';
import { requireChromium } from './chromium.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode } from './runtime.mjs';
import { launch } from './say.mjs';
import { createTally } from './tally.mjs';

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  const chromium = await requireChromium();
  await requireAge();
  await prepare([]);
  const tally = createTally();
  await runChecks([...STATIC_CHECKS, ...PLATFORM_CHECKS], tally);
  await runChecks([testRun('unit'), built(), ...BUILD_CHECKS, testRun('integration')], tally, 1);
  await runChecks([testRun('browser', { CHROME_PATH: chromium })], tally, 1);
  process.stdout.write(`\n${tally.closingLine()}\n`);
  return tally.sum.failed === 0 ? 0 : 1;
});

/** The production build that the integration and browser tests run against. */
function built() {
  return {
    name: 'build',
    async run() {
      try {
        await prepare([bundle, dashboard]);
        return { passed: 1, failed: 0 };
      } catch (error) {
        return { passed: 0, failed: 1, output: error.message };
      }
    },
  };
}
