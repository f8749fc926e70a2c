/** Where the master key comes from, and what a key file must be. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reveal } from '../../lib/base/secret.ts';
import type { CamError } from '../../lib/errors.ts';
import { findMasterKey } from '../../server/master-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cam-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const uid = process.getuid?.() ?? null;
function keyFile(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
function find(
  env: Record<string, string | undefined>,
  flagFile?: string,
): { source: string; text: string } | null {
  const found = findMasterKey({ env, flagFile, platform: 'linux', uid });
  return found && { source: found.source, text: reveal(found.key) };
}
function refusal(env: Record<string, string | undefined>, ourUid = uid): CamError {
  try {
    findMasterKey({ env, platform: 'linux', uid: ourUid });
  } catch (error) {
    return error as CamError;
  }
  throw new Error('it was accepted');
}

describe('the source', () => {
  test('is the first that is given: flag file, systemd credential, file, variable', () => {
    mkdirSync(join(folder, 'credentials'));
    const env: Record<string, string | undefined> = {
      CREDENTIALS_DIRECTORY: join(folder, 'credentials'),
      CAM_MASTER_KEY_FILE: keyFile('environment', 'from-the-environment-file\n'),
    };
    const credential = keyFile('credentials/cam-master-key', 'from-the-credential', 0o440);
    const flag = keyFile('flag', 'from-the-flag-file');
    const withVariable = (): typeof env => ({ ...env, CAM_MASTER_KEY: 'from-the-variable' });

    expect(find(withVariable(), flag)).toEqual({ source: 'flag_file', text: 'from-the-flag-file' });
    expect(find(withVariable())).toEqual({ source: 'systemd_credential', text: 'from-the-credential' });
    rmSync(credential);
    expect(find(withVariable())).toEqual({ source: 'environment_file', text: 'from-the-environment-file' });
    expect(find({ CAM_MASTER_KEY: 'from-the-variable' })).toEqual({
      source: 'environment',
      text: 'from-the-variable',
    });
    expect(find({})).toBeNull();
  });

  test('takes the variable out of the environment even when it is not used', () => {
    const env = { CAM_MASTER_KEY: 'from-the-variable' };
    find(env, keyFile('flag', 'from-the-flag-file'));
    expect(env).toEqual({});
  });

  test('that is given but unusable stops, and the next one is not tried', () => {
    const env = { CAM_MASTER_KEY_FILE: join(folder, 'missing'), CAM_MASTER_KEY: 'from-the-variable' };
    const error = refusal(env);
    expect(error.code).toBe('master_key_unusable');
    expect(error.kind.exit).toBe(4);
  });
});

describe('a key', () => {
  test('loses one line ending and keeps its spaces', () => {
    expect(find({ CAM_MASTER_KEY_FILE: keyFile('k', '  spaces stay  \r\n') })?.text).toBe('  spaces stay  ');
    expect(find({ CAM_MASTER_KEY_FILE: keyFile('k', 'two line ends\n\n') })?.text).toBe('two line ends\n');
  });

  test('has at least twelve characters, and the complaint does not repeat it', () => {
    expect(find({ CAM_MASTER_KEY: 'twelve-chars' })?.text).toBe('twelve-chars');
    const error = refusal({ CAM_MASTER_KEY: 'eleven-char' });
    expect(error.message).toContain('12 characters');
    expect(JSON.stringify(error) + error.message).not.toContain('eleven-char');
    expect(refusal({ CAM_MASTER_KEY_FILE: keyFile('k', '\n') }).code).toBe('master_key_unusable');
  });
});

describe('a key file is refused', () => {
  const good = 'a-good-master-key';
  test.each([0o640, 0o604, 0o660])('when others can reach it (mode %o)', (mode) => {
    const error = refusal({ CAM_MASTER_KEY_FILE: keyFile('k', good, mode) });
    expect(error.hint).toContain('chmod 600');
  });
  test('when it is a link, a folder or a pipe', () => {
    const target = keyFile('target', good);
    symlinkSync(target, join(folder, 'link'));
    expect(refusal({ CAM_MASTER_KEY_FILE: join(folder, 'link') }).message).toContain('symbolic link');
    expect(refusal({ CAM_MASTER_KEY_FILE: folder }).message).toContain('regular file');
    execFileSync('sh', ['-c', 'mkfifo -m 600 "$0"', join(folder, 'pipe')]);
    expect(refusal({ CAM_MASTER_KEY_FILE: join(folder, 'pipe') }).message).toContain('regular file');
  });
  test('when it belongs to somebody else', () => {
    const path = keyFile('k', good);
    expect(refusal({ CAM_MASTER_KEY_FILE: path }, (uid ?? 0) + 1).message).toContain('another user');
  });
  test('when it is unreasonably large', () => {
    expect(refusal({ CAM_MASTER_KEY_FILE: keyFile('k', 'x'.repeat(5_000)) }).message).toContain('larger');
  });
});
