/**
 * Every lock file names the native packages of all platforms, for everything that has native code. npm drops
 * such packages without a word when one is missing at the time of locking, and the lock then installs only
 * where it was made. And no package runs a script at installation without our having decided on it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.mjs';

/** The checkout itself, the agents of the client tests, and the pinned Node. */
const FOLDERS = ['.', 'tests/clients', 'server/launch/runtime'];
const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'win32-x64', 'linux-x64', 'linux-arm64'];

/** How each family spells a platform: some add the C library. */
const plain = (platform) => platform;
const withLibrary = (platform) => platform.replace(/^linux.*/, '$&-gnu').replace(/^win32.*/, '$&-msvc');
const FAMILIES = [
  ['@biomejs/cli-', plain],
  ['@esbuild/', plain],
  ['@img/sharp-', plain],
  ['@next/swc-', withLibrary],
  ['@node-rs/argon2-', withLibrary],
  ['@oxc-parser/binding-', withLibrary],
  ['@oxc-resolver/binding-', withLibrary],
  ['@rolldown/binding-', withLibrary],
  ['@tailwindcss/oxide-', withLibrary],
  ['lightningcss-', withLibrary],
];

const faults = FOLDERS.flatMap((folder) => {
  const read = (file) => JSON.parse(readFileSync(join(ROOT, folder, file), 'utf8'));
  const { packages } = read('package-lock.json');
  const { allowScripts = {} } = read('package.json');
  const found = [...missingOptional(packages), ...undecidedScripts(packages, allowScripts)];
  if (folder === '.') found.push(...missingFamilies(packages));
  return found.map((fault) => `${join(folder, 'package-lock.json')}: ${fault}`);
});

/** Families we know of, in case a tool no longer lists them as it did. */
function missingFamilies(packages) {
  const names = new Set(Object.keys(packages).map(packageName));
  const wanted = FAMILIES.flatMap(([prefix, spell]) => PLATFORMS.map((platform) => prefix + spell(platform)));
  return wanted.filter((name) => !names.has(name)).map((name) => `lacks ${name}`);
}

/** Whatever a locked package lists as optional must be locked too, wherever npm may have put it. */
function missingOptional(packages) {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(packages, path, name))
      .map((name) => `lacks ${name}, which is optional for ${path || 'us'}`),
  );
}

function isLocked(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}

/** A package that wants to run a script at installation is named in allowScripts, as allowed or denied. */
function undecidedScripts(packages, allowScripts) {
  const decided = new Set(Object.keys(allowScripts).map((name) => name.replace(/(?<=.)@.*/, '')));
  return Object.keys(packages)
    .filter((path) => packages[path].hasInstallScript && !decided.has(packageName(path)))
    .map((path) => `${path} has an install script and is not in allowScripts`);
}

function packageName(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
