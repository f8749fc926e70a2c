/** The supply-chain check refuses what it is there to refuse, and the bill of materials tells what the lock tells. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSbom } from '../../server/launch/sbom.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  '.npmrc',
  'package.json',
  'package-lock.json',
  'tests/clients/package.json',
  'tests/clients/package-lock.json',
  'server/launch/runtime/package.json',
  'server/launch/runtime/package-lock.json',
  'server/launch/places.mjs',
  'server/launch/checks/supply-chain.mjs',
  'server/doctor/minimum-versions.json',
];
/** Built at installation where nobody forbids it: it brings a `binding.gyp`. */
const BUILT = 'node_modules/better-sqlite3/binding.gyp';

type Entry = Record<string, unknown>;

describe('the supply-chain check', () => {
  let copy = '';
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'cam-supply-'));
    for (const file of [...COPIED, BUILT]) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      copyFileSync(join(ROOT, file), join(copy, file));
    }
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const check = () => {
    const script = join(copy, 'server', 'launch', 'checks', 'supply-chain.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: copy, encoding: 'utf8' });
    return { status, stderr };
  };
  const change = (file: string, how: (content: Record<string, Record<string, Entry & string>>) => void) => {
    const content = JSON.parse(readFileSync(join(copy, file), 'utf8'));
    how(content);
    writeFileSync(join(copy, file), JSON.stringify(content));
  };
  const changeZod = (entry: Entry) =>
    change('package-lock.json', ({ packages }) => Object.assign(packages?.['node_modules/zod'] ?? {}, entry));

  it('lets the checkout through as it stands', () => {
    expect(check()).toEqual({ status: 0, stderr: '' });
  });

  it.each<[string, Entry]>([
    ['zod comes from https://evil.example/zod.tgz', { resolved: 'https://evil.example/zod.tgz' }],
    ['zod comes from http://registry.npmjs.org/zod.tgz', { resolved: 'http://registry.npmjs.org/zod.tgz' }],
    ['zod has no sha512 checksum', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }],
    ['zod has no sha512 checksum', { integrity: undefined }],
    ['zod has no exact version', { version: '^4.6.7' }],
    ['zod is a link out of the checkout', { link: true }],
    ['zod is under GPL-3.0-only, which nobody agreed to', { license: 'GPL-3.0-only' }],
    ['zod is under no stated licence, which nobody agreed to', { license: undefined }],
    ['zod is under MPL-2.0, which nobody agreed to', { license: 'MPL-2.0' }],
  ])('says that %s', (words, entry) => {
    changeZod(entry);
    expect(check()).toEqual({ status: 1, stderr: `package-lock.json: ${words}\n` });
  });

  it('refuses a copyleft package that is for building once it is part of what runs', () => {
    change('package-lock.json', ({ packages }) => delete packages?.['node_modules/lightningcss']?.dev);
    expect(check().stderr).toContain('lightningcss is under MPL-2.0, which nobody agreed to');
  });

  it('refuses a version that is wanted loosely', () => {
    change('package.json', ({ dependencies }) => Object.assign(dependencies ?? {}, { zod: '^4.6.7' }));
    expect(check().stderr).toContain('zod is wanted as ^4.6.7, which is no exact version');
  });

  it('refuses what is older than the last known hole in it', () => {
    change('package-lock.json', ({ packages }) =>
      Object.assign(packages?.['node_modules/next'] ?? {}, { version: '16.3.2' }),
    );
    expect(check().stderr).toBe('package-lock.json: next 16.3.2 is older than 16.3.3\n');
  });

  it('refuses a decision to run something, one about nothing, and none where one is needed', () => {
    change('package.json', ({ allowScripts }) =>
      Object.assign(allowScripts ?? {}, { esbuild: true, zod: false }),
    );
    expect(check().stderr).toMatch(/allowScripts names zod[\s\S]*esbuild may run something/);
    change('package.json', ({ allowScripts }) => delete allowScripts?.['better-sqlite3']);
    expect(check().stderr).toContain('better-sqlite3 is built at installation and is not in allowScripts');
  });

  it.each([
    ['save-exact=true\n', '.npmrc: lacks strict-allow-scripts=true\n'],
    [
      'save-exact=true\nstrict-allow-scripts=true\nregistry=https://evil.example\n',
      '.npmrc: registry is not for here\n',
    ],
  ])('refuses the settings %j', (text, stderr) => {
    writeFileSync(join(copy, '.npmrc'), text);
    expect(check()).toEqual({ status: 1, stderr });
  });
});

describe('the bill of materials', () => {
  const lockText = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const sbom = makeSbom(lockText, own);

  it('names every locked package once, by its version and checksum', () => {
    const { packages } = JSON.parse(lockText) as {
      packages: Record<string, { name?: string; version: string }>;
    };
    const locked = new Set(
      Object.entries(packages)
        .filter(([path]) => path !== '')
        .map(([path, entry]) => `${entry.name ?? path.replace(/.*node_modules\//, '')}@${entry.version}`),
    );
    const told = sbom.components.map(({ name, version }) => `${name}@${version}`);
    expect(told.length).toBe(locked.size);
    expect(new Set(told)).toEqual(locked);
    for (const { hashes } of sbom.components) expect(hashes?.[0]?.content).toMatch(/^[0-9a-f]{128}$/);
  });

  it('marks what runs, and knows what needs what', () => {
    const scope = (name: string) => sbom.components.find((component) => component.name === name)?.scope;
    expect([scope('kysely'), scope('vitest'), scope('@img/sharp-linux-x64')]).toEqual([
      'required',
      'excluded',
      'optional',
    ]);
    const needs = (ref: string) => sbom.dependencies.find((one) => one.ref === ref)?.dependsOn ?? [];
    expect(needs(`pkg:npm/${own.name}@${own.version}`)).toContain(
      `pkg:npm/kysely@${own.dependencies.kysely}`,
    );
    const known = new Set(sbom.dependencies.map(({ ref }) => ref));
    for (const { dependsOn } of sbom.dependencies) for (const ref of dependsOn) expect(known).toContain(ref);
  });

  it('is the same text for the same lock, and says so by its number', () => {
    expect(makeSbom(lockText, own)).toEqual(sbom);
    expect(sbom.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(makeSbom(`${lockText} `, own).serialNumber).not.toBe(sbom.serialNumber);
  });
});
