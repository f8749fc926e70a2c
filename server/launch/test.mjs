/**
 * `npm test`: everything there is to check, from a fresh clone. Checks and tests all run even when one fails,
 * and the last line sums them up.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, dashboard } from './build.mjs';
import { BUILD_CHECKS, PLATFORM_CHECKS, runChecks, STATIC_CHECKS, testRun } from './checks.mjs';
import { requireChromium } from './chromium.mjs';
import { ROOT } from './places.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode } from './runtime.mjs';
import { launch } from './say.mjs';
import { createTally } from './tally.mjs';

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  const chromium = await requireChromium();
  await prepare([]);
  const tally = createTally();
  const has = (path) => existsSync(join(ROOT, path));
  const isWhole = has('server/cli/bin.ts') && has('tests/browser');
  await runChecks(
    [...STATIC_CHECKS.filter(({ name }) => isWhole || name !== 'dead code'), ...PLATFORM_CHECKS],
    tally,
  );
  if (has('tests/lib')) await runChecks([testRun('unit')], tally, 1);
  if (isWhole) await runChecks([built(), ...BUILD_CHECKS], tally, 1);
  await runChecks([testRun('integration')], tally, 1);
  if (isWhole) await runChecks([testRun('browser', { CHROME_PATH: chromium })], tally, 1);
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
