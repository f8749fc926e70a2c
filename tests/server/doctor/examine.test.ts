/** What `doctor` sees of the machine and the files: each trouble is made for real and each command is run. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Driver from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../lib/base/time.ts';
import { defaultConfig } from '../../../lib/config.ts';
import type { CheckName, Finding } from '../../../lib/doctor/finding.ts';
import { stampOf } from '../../../server/backup-files.ts';
import { openDatabase } from '../../../server/db/open-database.ts';
import { checkPrices } from '../../../server/doctor/age.ts';
import { checkClock, checkPragmas } from '../../../server/doctor/database.ts';
import { examine } from '../../../server/doctor/examine.ts';
import type { Surroundings } from '../../../server/doctor/surroundings.ts';
import { checkVersions } from '../../../server/doctor/versions.ts';
import { notePort } from '../../../server/ports-file.ts';

const NOW_MS = Date.parse('2026-12-01T12:00:00Z');
const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0 };

let outer: string;
let data: string;
let around: Surroundings;

beforeEach(async () => {
  outer = mkdtempSync(join(tmpdir(), 'cam-doctor-'));
  data = join(outer, 'data');
  mkdirSync(join(data, 'backups'), { recursive: true, mode: 0o700 });
  chmodSync(data, 0o700);
  chmodSync(join(data, 'backups'), 0o700);
  (await openDatabase({ file: join(data, 'cam.db'), version: '0.0.0', clock })).close();
  chmodSync(join(data, 'cam.db'), 0o600);
  copyOfAge(0);
  around = {
    folders: { data, config: data, logs: join(data, 'logs') },
    config: defaultConfig(),
    clock,
    env: {},
    platform: process.platform,
    uid: process.getuid?.() ?? null,
    home: outer,
    serverPid: null,
  };
});
afterEach(() => rmSync(outer, { recursive: true }));

function copyOfAge(ms: number): void {
  writeFileSync(join(data, copyAt(NOW_MS - ms)), '', { mode: 0o600 });
}

function copyAt(atMs: number): string {
  return `backups/cam-before-0002-${stampOf(atMs)}.db`;
}

function change(file: string, work: (handle: Driver.Database) => void): void {
  const handle = new Driver(file);
  handle.pragma('foreign_keys = OFF');
  work(handle);
  handle.close();
}

/** Takes an index out of the schema and leaves it in the file, so that it misses what is written meanwhile. */
function aside(file: string, name: string) {
  let entry: unknown;
  const editing = (work: (handle: Driver.Database) => void) =>
    change(file, (handle) => {
      handle.unsafeMode().pragma('writable_schema = ON');
      work(handle);
    });
  editing((handle) => {
    entry = handle.prepare('SELECT * FROM sqlite_master WHERE name = ?').get(name);
    handle.prepare('DELETE FROM sqlite_master WHERE name = ?').run(name);
  });
  return {
    back: () =>
      editing((handle) => {
        handle
          .prepare('INSERT INTO sqlite_master VALUES (@type, @name, @tbl_name, @rootpage, @sql)')
          .run(entry);
      }),
  };
}

async function of(check: CheckName, more: Partial<Surroundings> = {}): Promise<Finding[]> {
  const { findings } = await examine({ ...around, ...more });
  return findings.filter((finding) => finding.check === check);
}

describe('the examination', () => {
  it('finds nothing to mend where all is well, and says what it looked at', async () => {
    const { findings, unchecked } = await examine(around);
    expect(findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
    expect(new Set(findings.map(({ check }) => check))).toEqual(
      new Set([
        'permissions',
        'environment',
        'disk',
        'clock',
        'database',
        'network',
        'port',
        'versions',
        'prices',
        'backups',
      ]),
    );
    expect(unchecked).toEqual([]);
  });

  it.skipIf(process.platform === 'win32').each([
    ['a folder', '', 0o755],
    ['the database', 'cam.db', 0o644],
    ['a copy', copyAt(NOW_MS), 0o640],
  ])('names %s that others can reach, and the command it gives mends that', async (_, path, mode) => {
    chmodSync(join(data, path), mode);
    const [found, ...more] = await of('permissions');
    expect(found).toMatchObject({ severity: 'bad', what: expect.stringContaining(join(data, path)) });
    expect(more).toEqual([]);
    execFileSync('sh', ['-c', found?.mend ?? 'false']);
    expect(await of('permissions')).toMatchObject([{ severity: 'ok' }]);
  });

  it('says that the master key is in the environment of this terminal, and tells none of it', async () => {
    const found = await of('environment', { env: { CAM_MASTER_KEY: 'canary of a master key' } });
    expect(found).toMatchObject([{ severity: 'warn', what: expect.stringContaining('this terminal') }]);
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  it.runIf(process.platform === 'linux')('says so of the server, which took it out for itself', async () => {
    const script = "process.stdout.write('up');setInterval(()=>{},1000)";
    const child = spawn(process.execPath, ['-e', script], {
      env: { NODE_ENV: 'test', CAM_MASTER_KEY: 'canary' },
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const found = await of('environment', { serverPid: child.pid ?? null });
    child.kill();
    expect(found).toMatchObject([{ what: expect.stringContaining(`process ${child.pid}`) }]);
  });

  it('warns of an address that other computers reach, and notes further names', async () => {
    const config = defaultConfig();
    const open = { ...config, server: { ...config.server, host: '0.0.0.0', expose: true } };
    expect(await of('network', { config: open })).toMatchObject([{ severity: 'warn' }]);
    const named = { ...config, server: { ...config.server, allowed_hosts: ['box.local'] } };
    expect(await of('network', { config: named })).toMatchObject([{ severity: 'note' }]);
  });

  it('finds a client that knocks at a port that was ours', async () => {
    notePort(data, 8080, NOW_MS - DAY_MS);
    notePort(data, 8090, NOW_MS);
    mkdirSync(join(outer, '.codex'));
    const file = join(outer, '.codex', 'config.toml');
    writeFileSync(file, 'base_url = "http://127.0.0.1:8080/v1"\nother = "http://127.0.0.1:11434/v1"\n');
    const config = defaultConfig();
    const moved = { ...config, server: { ...config.server, port: 8090 } };
    expect(await of('port', { config: moved })).toMatchObject([
      { severity: 'bad', what: `${file} sends calls to port 8080, and this server is on port 8090.` },
    ]);
    expect(await of('port')).toMatchObject([{ severity: 'ok' }]);
  });

  it('says which part of the database is damaged, and changes nothing', async () => {
    const file = join(data, 'cam.db');
    const bytes = readFileSync(file);
    // Past the first page, so that it still opens.
    bytes.fill(0xa5, 3 * 4096, 6 * 4096);
    writeFileSync(file, bytes);
    expect((await of('database'))[0]).toMatchObject({ severity: 'bad' });
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('says what SQLite’s own check and the foreign keys find in a database that opens well', async () => {
    const file = join(data, 'cam.db');
    const index = aside(file, 'events_at');
    change(file, (handle) => {
      handle.exec("INSERT INTO events (at_ms, kind, data) VALUES (1, 'x', '{}')");
      handle.exec("INSERT INTO account_facts (account_id) VALUES ('nobody')");
    });
    index.back();
    expect((await of('database')).map(({ severity, what }) => `${severity} ${what}`)).toEqual([
      'bad The database is damaged: wrong # of entries in index events_at',
      'bad 1 row belongs to what is not there.',
    ]);
  });

  it('names a file that is no database', async () => {
    writeFileSync(join(data, 'cam.db'), 'this is no database at all, but long enough to be looked at');
    expect(await of('database')).toMatchObject([
      { severity: 'bad', what: expect.stringContaining('cam.db') },
    ]);
  });

  it('looks at what there is before anything was set up', async () => {
    rmSync(join(data, 'cam.db'));
    const { findings, unchecked } = await examine(around);
    expect(unchecked).toMatchObject([{ check: 'database' }]);
    expect(findings.some(({ severity }) => severity === 'bad')).toBe(false);
  });

  it('warns when the newest copy is old, and when there is none', async () => {
    rmSync(join(data, copyAt(NOW_MS)));
    copyOfAge(15 * DAY_MS);
    expect(await of('backups')).toMatchObject([
      { severity: 'warn', what: expect.stringContaining('15 days') },
    ]);
    rmSync(join(data, 'backups'), { recursive: true });
    expect(await of('backups')).toMatchObject([{ severity: 'warn', mend: 'cam backup' }]);
  });
});

describe('a check', () => {
  it('warns of a row from the future and not of one from this moment', () => {
    const at = (newestAtMs: number) =>
      checkClock(NOW_MS, { newestAtMs, newestIn: 'the ledger' }, 0)[0]?.severity;
    expect([at(NOW_MS), at(NOW_MS + 299_000), at(NOW_MS + 301_000)]).toEqual(['ok', 'ok', 'warn']);
  });

  it('knows a clock that stands before the program was made', () => {
    expect(checkClock(NOW_MS, { newestAtMs: null, newestIn: null }, NOW_MS + 1)).toMatchObject([
      { severity: 'bad' },
    ]);
  });

  it('names each protection that SQLite does not give', () => {
    const all = {
      foreignKeys: true,
      trustedSchema: false,
      secureDelete: true,
      cellSizeCheck: true,
      synchronous: 2,
    };
    expect(checkPragmas(all)).toMatchObject([{ severity: 'ok' }]);
    expect(checkPragmas({ ...all, trustedSchema: true, synchronous: 0 })[0]?.what).toContain(
      'trusted_schema, synchronous',
    );
  });

  it('names what is older than the last known hole in it', () => {
    const well = { node: '24.13.0', sqlite: '3.50.2', packages: { next: '16.3.3', undici: '8.0.0' } };
    expect(checkVersions(well, NOW_MS)).toMatchObject([{ severity: 'ok' }]);
    const old = { node: '22.21.0', sqlite: '3.50.1', packages: { next: '16.3.2' } };
    expect(checkVersions(old, NOW_MS).map(({ what }) => what.split(' ')[0])).toEqual([
      'Node.js',
      'SQLite',
      'next',
    ]);
    expect(checkVersions(well, NOW_MS + 365 * DAY_MS)).toMatchObject([{ severity: 'note' }]);
  });

  it('warns of prices that are two months old', () => {
    expect(checkPrices(NOW_MS - 59 * DAY_MS, NOW_MS)).toMatchObject([{ severity: 'ok' }]);
    expect(checkPrices(NOW_MS - 60 * DAY_MS, NOW_MS)).toMatchObject([{ severity: 'warn' }]);
  });
});
