/**
 * The checks: each a name and how to run it. `npm run verify` runs the quick ones, `npm test` all of them.
 * They run with the dependencies installed, on a recent Node.
 */
import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runTool, toolEnvironment } from './child.mjs';
import { CACHE, LAUNCH, ROOT, tool } from './places.mjs';
import { failuresIn, readReport } from './tally.mjs';

const script = (name, path, args = []) => ({
  name,
  async run() {
    const { code, output } = await runTool(process.execPath, [path, ...args], { cwd: ROOT });
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
  },
});

/** Format, lint, types, boundaries, dead code, and what no off-the-shelf tool looks for. */
export const STATIC_CHECKS = [
  script('types', tool('typescript/bin/tsc'), ['--project', '.', '--noEmit']),
  script('format and lint', tool('@biomejs/biome/bin/biome'), [
    'ci',
    '--colors=off',
    '--max-diagnostics=20',
    '.',
  ]),
  script('boundaries', join(LAUNCH, 'checks', 'boundaries.mjs')),
  script('dead code', tool('knip/bin/knip.js'), ['--cache', '--cache-location', join(CACHE, 'knip')]),
  script('no raw SQL', join(LAUNCH, 'checks', 'raw-sql.mjs')),
  script('lock file complete', join(LAUNCH, 'checks', 'lock-file.mjs')),
  script('supply chain', join(LAUNCH, 'checks', 'supply-chain.mjs')),
];

/** Asks npm itself whether the lock installs elsewhere. Needs the registry, and some seconds. */
export const PLATFORM_CHECKS = [
  script('lock file installs on macOS and Windows', join(LAUNCH, 'checks', 'other-platforms.mjs')),
];

/** What the production build came out as; needs that build. */
export const BUILD_CHECKS = [
  script('pages carry nothing of the server', join(LAUNCH, 'checks', 'pages.mjs')),
];

/** One project of vitest, e.g. `unit`, counted test by test. */
export function testRun(project, environment = {}) {
  return {
    name: `${project} tests`,
    async run() {
      const report = join(CACHE, `vitest-${project}.json`);
      rmSync(report, { force: true });
      const args = [
        tool('vitest/vitest.mjs'),
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ];
      const env = toolEnvironment({ NO_COLOR: '1', ...environment });
      const { code, output } = await runTool(process.execPath, args, { cwd: ROOT, env });
      const read = readJson(report);
      const failures = failuresIn(read);
      return { ...readReport(read, code), output: failures.length > 0 ? failures.join('\n\n') : output };
    },
  };
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Runs checks, as many at once as there are processors, and adds each to the tally as it ends. */
export async function runChecks(checks, tally, atOnce = availableParallelism()) {
  const waiting = [...checks];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const startedAt = performance.now();
      const result = await check.run();
      tally.add(check.name, result, (performance.now() - startedAt) / 1000);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, worker));
}
