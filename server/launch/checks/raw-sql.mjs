/**
 * SQL is built by Kysely, values go in as parameters. `sql.raw` and `sql.lit` splice text into statements,
 * and nothing in our sources may call them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.mjs';

const BANNED = /\bsql\s*\.\s*(raw|lit|literal)\s*[(<`]/;

/** Every use in TypeScript sources under these folders, as `file:line`. */
function uses(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return uses(path);
    if (!/\.tsx?$/.test(entry.name)) return [];
    const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
    return lines.flatMap((line, index) => (BANNED.test(line) ? [`${path}:${index + 1}`] : []));
  });
}

const found = ['lib', 'server'].flatMap(uses);
for (const place of found) process.stderr.write(`${place}: sql.raw and sql.lit are banned; use parameters\n`);
process.exitCode = found.length > 0 ? 1 : 0;
