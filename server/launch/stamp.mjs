/**
 * Stamps: whether what we made (dependencies, bundle, pages) still belongs to its sources. A stamp is a hash
 * over names and contents, so that checkouts, copies and clocks cannot fool it; reading a few hundred small
 * files takes some ten milliseconds.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CACHE, ROOT } from './places.mjs';

/** A hash over files and whole folders of the checkout, and over `facts` such as the platform. */
export function stampOf(paths, facts = [], root = ROOT) {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const path of paths)
    for (const file of filesUnder(path, root)) {
      const content = readFileSync(join(root, file));
      hash.update(`\0${file}\0${content.length}\0`).update(content);
    }
  return hash.digest('hex');
}

/** Every file at or below a path, as a sorted list; nothing for a path that is not there. */
function filesUnder(path, root) {
  const status = statSync(join(root, path), { throwIfNoEntry: false });
  if (status === undefined) return [];
  if (!status.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
    .sort()
    .flatMap((name) => filesUnder(`${path}/${name}`, root));
}

/** @param {string} name of what was made */
export function readStamp(name) {
  try {
    return readFileSync(join(CACHE, `${name}.stamp`), 'utf8');
  } catch {
    return null;
  }
}

export function writeStamp(name, stamp) {
  const file = join(CACHE, `${name}.stamp`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stamp);
}

/** Before work begins, so that work cut short counts as not done. */
export function dropStamp(name) {
  rmSync(join(CACHE, `${name}.stamp`), { force: true });
}
