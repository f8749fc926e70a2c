/**
 * Who may import whom, by dependency-cruiser (`.dependency-cruiser.cjs`). The number of modules is looked at
 * too: with a TypeScript it cannot use, dependency-cruiser finds none and is content.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../child.mjs';
import { CACHE, ROOT, tool } from '../places.mjs';

const MODULES_MIN = 50;
const FOLDERS = ['lib', 'server', 'app', 'tests'].filter((folder) => existsSync(join(ROOT, folder)));

// Into a file: the report names every module and is longer than what is kept of a tool's output.
const REPORT = join(CACHE, 'boundaries.json');
mkdirSync(CACHE, { recursive: true });
rmSync(REPORT, { force: true });

const { output } = await runTool(
  process.execPath,
  [
    tool('dependency-cruiser/bin/dependency-cruiser.mjs'),
    '--config',
    join(ROOT, '.dependency-cruiser.cjs'),
    '--output-type',
    'json',
    '--output-to',
    REPORT,
    ...FOLDERS,
  ],
  { cwd: ROOT },
);

let summary;
try {
  summary = JSON.parse(readFileSync(REPORT, 'utf8')).summary;
} catch {
  process.stderr.write(`dependency-cruiser did not finish:\n${output}\n`);
  process.exit(1);
}

for (const { rule, from, to } of summary.violations) {
  process.stderr.write(`${rule.name}: ${from} -> ${to}\n`);
}
if (summary.totalCruised < MODULES_MIN) {
  process.stderr.write(`Only ${summary.totalCruised} modules were looked at: the check itself is broken.\n`);
}
process.exitCode = summary.violations.length > 0 || summary.totalCruised < MODULES_MIN ? 1 : 0;
