/** Where things lie in a checkout. Everything the launcher makes for itself is under `.cache`, `dist` or `.next`. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const LAUNCH = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(LAUNCH, '..', '..');
export const CACHE = join(ROOT, '.cache');
export const DIST = join(ROOT, 'dist');
export const RUNTIME = join(LAUNCH, 'runtime');

/** A tool of ours, run by this Node and never through a shell: its script inside node_modules. */
export function tool(script) {
  return join(ROOT, 'node_modules', ...script.split('/'));
}
