/**
 * `npm run sbom [FILE]`: what this program is made of, as CycloneDX 1.6, from the lock file alone. The same lock
 * gives the same text, so that two of them can be compared. What only building and testing need is marked so.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.mjs';

export function makeSbom(lockText, own) {
  const { packages } = JSON.parse(lockText);
  const entries = Object.entries(packages).filter(([path]) => path !== '');
  const refs = new Map(entries.map(([path, entry]) => [path, purl(nameOf(path, entry), entry.version)]));
  const root = purl(own.name, own.version);
  const components = new Map();
  // The same version may lie in two places; what needs it most decides.
  for (const [path, entry] of [...entries].sort(byNeed))
    components.set(refs.get(path), component(path, entry));
  const dependencies = new Map([[root, needs(packages, '', refs)]]);
  for (const [path] of entries) {
    const ref = refs.get(path);
    dependencies.set(ref, [...new Set([...(dependencies.get(ref) ?? []), ...needs(packages, path, refs)])]);
  }
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(lockText)}`,
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': root, name: own.name, version: own.version, purl: root },
    },
    components: [...components.values()].sort(byRef),
    dependencies: [...dependencies]
      .map(([ref, dependsOn]) => ({ ref, dependsOn: dependsOn.sort() }))
      .sort((a, b) => (a.ref < b.ref ? -1 : 1)),
  };
}

function component(path, entry) {
  const name = nameOf(path, entry);
  const { version, license, integrity, dev = false, devOptional = false, optional = devOptional } = entry;
  const ref = purl(name, version);
  return {
    type: 'library',
    'bom-ref': ref,
    name,
    version,
    purl: ref,
    scope: dev ? 'excluded' : optional ? 'optional' : 'required',
    ...(license ? { licenses: [licenceOf(license)] } : {}),
    ...(integrity ? { hashes: [{ alg: 'SHA-512', content: hexOf(integrity) }] } : {}),
  };
}

/** An SPDX id, an SPDX expression, or words of the package's own. */
function licenceOf(license) {
  if (/ (OR|AND) /.test(license)) return { expression: license };
  return /^[A-Za-z0-9.-]+$/.test(license) ? { license: { id: license } } : { license: { name: license } };
}

const hexOf = (integrity) => Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');

/** As Node.js looks a package up: in the nearest folder outward. */
function needs(packages, path, refs) {
  const { dependencies, devDependencies, optionalDependencies } = packages[path];
  const names = Object.keys({
    ...dependencies,
    ...optionalDependencies,
    ...(path === '' ? devDependencies : {}),
  });
  return [...new Set(names.flatMap((name) => found(packages, path, name, refs)))];
}

function found(packages, path, name, refs) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (candidate in packages) return [refs.get(candidate)];
    if (folder === '') return [];
  }
}

const nameOf = (path, entry) =>
  entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

const purl = (name, version) => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

const need = ({ dev = false, devOptional = false, optional = devOptional }) => (dev ? 0 : optional ? 1 : 2);

const byNeed = ([, a], [, b]) => need(a) - need(b);

const byRef = (a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1);

/** RFC 9562, version 8: made from what is described. */
function uuidOf(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex[16], 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

if (import.meta.filename === process.argv[1]) {
  const lockText = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const text = `${JSON.stringify(makeSbom(lockText, own), null, 2)}\n`;
  const [file] = process.argv.slice(2);
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
}
