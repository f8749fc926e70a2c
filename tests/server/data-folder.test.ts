/** Where things are kept on each platform, and that others cannot read them. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CamError } from '../../lib/errors.ts';
import { type Folders, findFolders, prepareFolders } from '../../server/data-folder.ts';

const ask = (platform: NodeJS.Platform, env: Record<string, string>, flag?: string): Folders =>
  findFolders({ env, platform, home: '/home/ann', workingFolder: '/somewhere', flag });

describe('the folders', () => {
  test('are one folder when CAM_HOME says so, and --home wins over it', () => {
    expect(ask('linux', { CAM_HOME: '/cam' })).toEqual({ config: '/cam', data: '/cam', logs: '/cam/logs' });
    expect(ask('linux', { CAM_HOME: '/cam' }, 'here').data).toBe('/somewhere/here');
  });

  test('follow XDG on Linux, with its rule that relative paths are ignored', () => {
    expect(ask('linux', {})).toEqual({
      config: '/home/ann/.config/codex-account-manager',
      data: '/home/ann/.local/share/codex-account-manager',
      logs: '/home/ann/.local/state/codex-account-manager',
    });
    expect(ask('linux', { XDG_DATA_HOME: '/data' }).data).toBe('/data/codex-account-manager');
    expect(ask('linux', { XDG_DATA_HOME: 'data' }).data).toBe('/home/ann/.local/share/codex-account-manager');
  });

  test('are the usual ones on macOS and Windows', () => {
    expect(ask('darwin', {})).toEqual({
      config: '/home/ann/Library/Application Support/codex-account-manager',
      data: '/home/ann/Library/Application Support/codex-account-manager',
      logs: '/home/ann/Library/Logs/codex-account-manager',
    });
    const windows = ask('win32', { APPDATA: 'C:\\R', LOCALAPPDATA: 'C:\\L' });
    expect(windows).toEqual({
      config: 'C:\\R\\codex-account-manager',
      data: 'C:\\L\\codex-account-manager\\data',
      logs: 'C:\\L\\codex-account-manager\\logs',
    });
  });
});

describe('preparing them', () => {
  let base: string;
  const masks: number[] = [];
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'cam-folder-'));
    masks.length = 0;
  });
  afterEach(() => rmSync(base, { recursive: true }));

  const uid = process.getuid?.() ?? null;
  const prepare = (folders: Folders, ourUid = uid): void =>
    prepareFolders(folders, { platform: 'linux', uid: ourUid, umask: (mask) => void masks.push(mask) });
  const whole = (): Folders => ({
    config: join(base, 'cam'),
    data: join(base, 'cam'),
    logs: join(base, 'cam', 'logs'),
  });
  const refusal = (act: () => void): CamError => {
    try {
      act();
    } catch (error) {
      return error as CamError;
    }
    throw new Error('it was accepted');
  };

  test('makes what is missing for our eyes only, under a umask that keeps it so', () => {
    prepare(whole());
    expect(statSync(whole().data).mode & 0o777).toBe(0o700);
    expect(statSync(whole().logs).mode & 0o777).toBe(0o700);
    expect(masks).toEqual([0o077]);
    prepare(whole());
  });

  test('refuses a folder that others can read, and names the command that mends it', () => {
    prepare(whole());
    chmodSync(whole().data, 0o750);
    const error = refusal(() => prepare(whole()));
    expect(error.code).toBe('data_folder_open');
    expect(error.hint).toBe(`Run: chmod u=rwX,go= ${whole().data}`);
  });

  test('refuses a file in it that others can read', () => {
    prepare(whole());
    const path = join(whole().data, "it's a database.db");
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    expect(refusal(() => prepare(whole())).hint).toBe(`Run: chmod u=rw,go= '${path.replace("'", "'\\''")}'`);
  });

  test('refuses what belongs to somebody else', () => {
    mkdirSync(whole().data, { mode: 0o700 });
    const error = refusal(() => prepare(whole(), (uid ?? 0) + 1));
    expect(error.message).toContain('another user');
  });

  test('lets others read the configuration, which holds no secret, but not write it', () => {
    const apart = { ...whole(), config: join(base, 'config') };
    mkdirSync(apart.config);
    chmodSync(apart.config, 0o755);
    prepare(apart);
    chmodSync(apart.config, 0o775);
    expect(refusal(() => prepare(apart)).code).toBe('data_folder_open');
  });

  test('says so when it cannot make a folder', () => {
    writeFileSync(join(base, 'file'), '');
    const inside = join(base, 'file', 'cam');
    expect(refusal(() => prepare({ config: inside, data: inside, logs: inside })).hint).toContain('CAM_HOME');
  });
});
