/**
 * What the build of the dashboard sends to browsers: no schema library, no price table, nothing of the server.
 * Import rules keep these out one import at a time; this looks at what really came out.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.mjs';

const STATIC = join(ROOT, '.next', 'static');
const UNWANTED = [
  ['the schema library', 'ZodError'],
  ['the price table', 'pricing_urls'],
  ['the database driver', 'better-sqlite3'],
];

const scripts = readdirSync(STATIC, { recursive: true }).filter((path) => path.endsWith('.js'));
const found = scripts.flatMap((path) => {
  const script = readFileSync(join(STATIC, path), 'utf8');
  return UNWANTED.filter(([, mark]) => script.includes(mark)).map(([what]) => `${path} carries ${what}`);
});
if (scripts.length === 0) found.push('the build has no scripts at all: the check itself is broken');
for (const line of found) process.stderr.write(`${line}\n`);
process.exitCode = found.length > 0 ? 1 : 0;
