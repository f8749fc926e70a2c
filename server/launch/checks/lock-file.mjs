/**
 * The lock file names the native package of every platform we support, for every tool that has native code.
 * npm drops such packages without a word when one is missing from the registry at the time of locking, and
 * the lock then installs only where it was made. And no package runs a script at installation unnoticed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.mjs';

const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'win32-x64', 'linux-x64', 'linux-arm64'];

/** How each family spells a platform: some add the C library. */
const plain = (platform) => platform;
const withLibrary = (platform) =>
  platform.startsWith('linux')
    ? `${platform}-gnu`
    : platform.startsWith('win32')
      ? `${platform}-msvc`
      : platform;
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

const { packages } = JSON.parse(readFileSync(join(ROOT, process.argv[2] ?? 'package-lock.json'), 'utf8'));
const names = new Set(
  Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)),
);

const families = FAMILIES.flatMap(([prefix, spell]) => PLATFORMS.map((platform) => prefix + spell(platform)));
const missing = families.filter((name) => !names.has(name));

/** Whatever a package of ours lists as optional must be locked too, wherever npm may have put it. */
for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
  for (const name of Object.keys(optionalDependencies)) {
    if (!isLocked(path, name)) missing.push(`${name} (optional for ${path})`);
  }
}

function isLocked(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}

/** A package that wants to run a script at installation is named in allowScripts, as allowed or denied. */
const { allowScripts = {} } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const decided = (path) =>
  Object.keys(allowScripts).some((name) => path.endsWith(`node_modules/${name.replace(/(?<=.)@.*/, '')}`));
const undecided = Object.keys(packages).filter((path) => packages[path].hasInstallScript && !decided(path));

for (const path of undecided)
  process.stderr.write(`${path} has an install script and is not in allowScripts\n`);
for (const name of missing) process.stderr.write(`package-lock.json lacks ${name}\n`);
process.exitCode = missing.length + undecided.length > 0 ? 1 : 0;
