/** npm's own word that the lock file installs on the platforms nobody has tried by hand. */
import { join } from 'node:path';
import { toolEnvironment } from '../child.mjs';
import { npm } from '../npm.mjs';
import { ROOT } from '../places.mjs';
import { closingLines } from '../say.mjs';

const OTHERS = [
  ['darwin', 'arm64'],
  ['darwin', 'x64'],
  ['win32', 'x64'],
];

const FOLDERS = [ROOT, join(ROOT, 'tests', 'clients')];

for (const cwd of FOLDERS)
  for (const [os, cpu] of OTHERS) {
    const args = [
      'ci',
      '--dry-run',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `--os=${os}`,
      `--cpu=${cpu}`,
    ];
    const { code, output } = await npm(args, { cwd, env: toolEnvironment() });
    if (code === 0) continue;
    process.stderr.write(`npm ci --dry-run in ${cwd} fails for ${os} ${cpu}:\n${closingLines(output, 10)}\n`);
    process.exitCode = 1;
  }
