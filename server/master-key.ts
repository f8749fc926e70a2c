/**
 * Where the master key may come from without a person typing it, in this order: the file named by
 * `--master-key-file`, a systemd credential, the file named by CAM_MASTER_KEY_FILE, CAM_MASTER_KEY itself, and
 * last, where somebody opted in, the keychain of the operating system.
 * The first one that is given is used. If it is unusable or wrong, that is an error: nothing falls through to
 * the next, because a typo must not silently open with another key.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../lib/base/secret.ts';
import { CamError } from '../lib/errors.ts';
import type { Keychain } from './keychain.ts';

export const MASTER_KEY_CHARACTERS_MIN = 12;
const FILE_BYTES_MAX = 4_096;
const CREDENTIAL = 'cam-master-key';

export type MasterKeySource =
  | 'flag_file'
  | 'systemd_credential'
  | 'environment_file'
  | 'environment'
  | 'keychain';

export interface FoundMasterKey {
  readonly source: MasterKeySource;
  readonly key: Secret;
}

export interface MasterKeyQuestion {
  /** `process.env` itself: CAM_MASTER_KEY is removed from it, so that no child process inherits it. */
  readonly env: Record<string, string | undefined>;
  readonly flagFile?: string | undefined;
  readonly platform: NodeJS.Platform;
  /** Our user id; null where there is none (Windows). */
  readonly uid: number | null;
}

/** Null when no source is given. Throws `master_key_unusable`. */
export function findMasterKey(question: MasterKeyQuestion): FoundMasterKey | null {
  const { env } = question;
  const fromEnvironment = env.CAM_MASTER_KEY;
  delete env.CAM_MASTER_KEY;

  if (question.flagFile) return fromFile(question.flagFile, 'flag_file', question);
  const credential = env.CREDENTIALS_DIRECTORY && join(env.CREDENTIALS_DIRECTORY, CREDENTIAL);
  if (credential && exists(credential)) return fromFile(credential, 'systemd_credential', question);
  if (env.CAM_MASTER_KEY_FILE) return fromFile(env.CAM_MASTER_KEY_FILE, 'environment_file', question);
  if (fromEnvironment) return found('environment', fromEnvironment, 'CAM_MASTER_KEY');
  return null;
}

/** A file that was named outright, e.g. with the next master key. Throws `master_key_unusable`. */
export function readMasterKeyFile(path: string): Secret {
  const question = { env: {}, platform: process.platform, uid: process.getuid?.() ?? null };
  return fromFile(path, 'flag_file', question).key;
}

/**
 * The keychain comes last and is never needed: without an answer the vault stays locked and `note` says why. It
 * makes no vault either, because its entry may be older than the data folder.
 */
export async function findInKeychain(
  keychain: Pick<Keychain, 'read'>,
  note: (text: string) => void,
): Promise<FoundMasterKey | null> {
  const answer = await keychain.read();
  if (answer.kind === 'found') return { source: 'keychain', key: answer.key };
  note(
    answer.kind === 'none'
      ? 'The keychain holds no master key for this data folder: `cam keychain on` puts it there.'
      : `The keychain could not be asked (${answer.why}); unlock by hand.`,
  );
  return null;
}

function exists(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    // A credential that is there but cannot be read must be reported, not passed over.
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
}

function fromFile(path: string, source: MasterKeySource, question: MasterKeyQuestion): FoundMasterKey {
  const text = readKeyFile(path, source, question);
  // One line ending, as editors and `echo` leave it; spaces may belong to the key.
  return found(source, text.replace(/\r?\n$/, ''), path);
}

function found(source: MasterKeySource, text: string, where: string): FoundMasterKey {
  if ([...text].length < MASTER_KEY_CHARACTERS_MIN) {
    throw new CamError(
      'master_key_unusable',
      `The master key in ${where} is shorter than ${MASTER_KEY_CHARACTERS_MIN} characters.`,
    );
  }
  return { source, key: new Secret(text) };
}

function readKeyFile(path: string, source: MasterKeySource, question: MasterKeyQuestion): string {
  let file: number;
  try {
    // A link could be re-pointed by others, and a pipe would make us wait for ever.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    const link = cause instanceof Error && 'code' in cause && cause.code === 'ELOOP';
    throw new CamError(
      'master_key_unusable',
      link
        ? `The master key file ${path} is a symbolic link.`
        : `The master key file ${path} cannot be read.`,
      { cause, hint: link ? 'Name the file itself.' : 'Check that it exists and belongs to this user.' },
    );
  }
  try {
    checkKeyFile(path, file, source, question);
    const bytes = Buffer.alloc(FILE_BYTES_MAX + 1);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    const text = bytes.toString('utf8', 0, length);
    bytes.fill(0);
    if (length > FILE_BYTES_MAX) {
      throw new CamError(
        'master_key_unusable',
        `The master key file ${path} is larger than ${FILE_BYTES_MAX} bytes.`,
      );
    }
    return text;
  } finally {
    closeSync(file);
  }
}

function checkKeyFile(
  path: string,
  file: number,
  source: MasterKeySource,
  question: MasterKeyQuestion,
): void {
  const facts = fstatSync(file);
  if (!facts.isFile()) {
    throw new CamError('master_key_unusable', `The master key file ${path} is not a regular file.`);
  }
  if (question.platform === 'win32') return;
  // systemd gives credentials to root's group (0440) in a folder that only this service can enter.
  const fromSystemd = source === 'systemd_credential';
  const ours = facts.uid === question.uid || (fromSystemd && facts.uid === 0);
  const forbidden = fromSystemd ? 0o027 : 0o077;
  if (!ours) {
    throw new CamError('master_key_unusable', `The master key file ${path} belongs to another user.`);
  }
  if ((facts.mode & forbidden) !== 0) {
    throw new CamError(
      'master_key_unusable',
      `Others on this computer can read the master key file ${path}.`,
      {
        hint: `Run: chmod 600 '${path.replaceAll("'", "'\\''")}'`,
      },
    );
  }
}
