/**
 * What we build from is what we chose: exact versions, each with a checksum, from the registry and nowhere else,
 * under licences that we may use, none older than the last known hole in it. Reads files only; asks nobody.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.mjs';

const FOLDERS = ['.', 'tests/clients', 'server/launch/runtime'];
const EXACT = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.-]+)?$/;
const CHECKSUM = /^sha512-[A-Za-z0-9+/]{86}==$/;
const REGISTRY = 'https://registry.npmjs.org/';

/** The agents' binaries for platforms that the client tests do not run on; the registry's mirror gave no checksum. */
const WITHOUT_CHECKSUM = /^opencode-(darwin|windows|linux-arm64)|^opencode-linux-.*-musl$/;

const LICENCES = [
  'MIT',
  '(MIT OR CC0-1.0)',
  'ISC',
  '0BSD',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'MIT OR Apache-2.0',
];
/** Licences that ask for more, each for named packages that we use unchanged. */
const NAMED_LICENCES = [
  // Only for building and testing; nothing of it is in what runs.
  ['MPL-2.0', /^(lightningcss(-.+)?|axe-core|@axe-core\/playwright)$/, { dev: true }],
  // Next's optional image library, never loaded: images are off.
  ['LGPL-3.0-or-later', /^@img\/sharp-libvips-/, {}],
  ['Apache-2.0 AND LGPL-3.0-or-later', /^@img\/sharp-win32-/, {}],
  ['Apache-2.0 AND LGPL-3.0-or-later AND MIT', /^@img\/sharp-wasm32$/, {}],
  // Data and a typeface.
  ['CC-BY-4.0', /^caniuse-lite$/, {}],
  ['SIL OPEN FONT LICENSE', /^geist$/, {}],
];

const read = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

function faultsOf(folder) {
  const { packages, lockfileVersion } = read(join(folder, 'package-lock.json'));
  const own = read(join(folder, 'package.json'));
  const locked = Object.entries(packages).filter(([path]) => path !== '');
  return [
    ...(lockfileVersion === 3 ? [] : [`lock file version ${lockfileVersion}, not 3`]),
    ...looseVersions(own),
    ...locked.flatMap(([path, entry]) => entryFaults(nameOf(path), entry)),
    ...scriptDecisions(folder, own, locked),
    ...(folder === '.' ? [...locked.flatMap(licenceFaults), ...tooOld(locked)] : []),
  ].map((fault) => `${join(folder, 'package-lock.json')}: ${fault}`);
}

function looseVersions({ dependencies = {}, devDependencies = {}, optionalDependencies = {} }) {
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${name} is wanted as ${version}, which is no exact version`);
}

function entryFaults(name, { version, resolved, integrity, link }) {
  const found = [];
  if (link) found.push(`${name} is a link out of the checkout`);
  if (resolved !== undefined && !resolved.startsWith(REGISTRY)) found.push(`${name} comes from ${resolved}`);
  if (!EXACT.test(version ?? '')) found.push(`${name} has no exact version`);
  const excused = integrity === undefined && WITHOUT_CHECKSUM.test(name);
  if (!excused && !CHECKSUM.test(integrity ?? '')) found.push(`${name} has no sha512 checksum`);
  return found;
}

/**
 * npm also builds whatever has a `binding.gyp` and no install script of its own, of which the lock says nothing. A
 * decision about a package that has neither would let a later one of its name through.
 */
function scriptDecisions(folder, { allowScripts = {} }, locked) {
  const builds = (path) => existsSync(join(ROOT, folder, path, 'binding.gyp'));
  const scripted = new Set(
    locked.filter(([path, entry]) => entry.hasInstallScript || builds(path)).map(([path]) => nameOf(path)),
  );
  const decided = Object.keys(allowScripts);
  return [
    ...decided
      .filter((name) => !scripted.has(name))
      .map((name) => `allowScripts names ${name}, which runs nothing at installation`),
    ...locked
      .filter(([path]) => builds(path) && !decided.includes(nameOf(path)))
      .map(([path]) => `${nameOf(path)} is built at installation and is not in allowScripts`),
    ...decided
      .filter((name) => allowScripts[name] !== false)
      .map((name) => `${name} may run something at installation; nothing here needs that`),
  ];
}

function licenceFaults([path, { license, dev = false }]) {
  if (LICENCES.includes(license)) return [];
  const name = nameOf(path);
  const named = NAMED_LICENCES.find(([licence, whose]) => licence === license && whose.test(name));
  if (named && (!named[2].dev || dev)) return [];
  return [`${name} is under ${license ?? 'no stated licence'}, which nobody agreed to`];
}

function tooOld(locked) {
  const { packages: floors } = read('server/doctor/minimum-versions.json');
  return locked.flatMap(([path, { version }]) => {
    const floor = floors[nameOf(path)];
    return floor && isOlder(version, floor) ? [`${nameOf(path)} ${version} is older than ${floor}`] : [];
  });
}

function isOlder(version, than) {
  const [a, b] = [version, than].map((text) => text.split(/[.+-]/, 3).map(Number));
  const at = a.findIndex((part, index) => part !== b[index]);
  return at >= 0 && a[at] < b[at];
}

/** npm obeys this file for everybody who works here. */
function npmFaults() {
  const lines = readFileSync(join(ROOT, '.npmrc'), 'utf8').split(/\r?\n/).filter(Boolean);
  const wanted = ['save-exact=true', 'strict-allow-scripts=true'];
  return [
    ...wanted.filter((line) => !lines.includes(line)).map((line) => `.npmrc: lacks ${line}`),
    ...lines
      .filter((line) => !wanted.includes(line))
      .map((line) => `.npmrc: ${line.split('=')[0]} is not for here`),
  ];
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

const faults = [...FOLDERS.flatMap(faultsOf), ...npmFaults()];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
