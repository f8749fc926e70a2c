/** What kind of file is to be imported, told by its content, and what is needed to open it. */
import { extname } from 'node:path';
import { reveal } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { IMPORT_BYTES_MAX } from '../../lib/moving/sizes.ts';
import { readWhole } from './binary-file.ts';
import { knownPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';

export interface OpeningFlags {
  readonly identity?: string;
  readonly passphraseStdin?: boolean;
}

export type GivenSource =
  | {
      readonly kind: 'export';
      readonly file: string;
      readonly passphrase?: string;
      readonly identity?: string;
    }
  | { readonly kind: 'list'; readonly format: 'csv' | 'json'; readonly text: string };

const AGE = /^\s*(age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----)/;
const IDENTITY_BYTES_MAX = 64 * 1024;

export async function readSource(
  terminal: Terminal,
  path: string,
  flags: OpeningFlags,
): Promise<GivenSource> {
  const bytes = await readWhole(path, IMPORT_BYTES_MAX);
  if (bytes.length === 0) throw new CamError('import_unreadable', `${path} is empty.`);
  if (AGE.test(bytes.toString('latin1', 0, 100))) {
    const file = bytes.toString('base64');
    if (flags.identity !== undefined)
      return { kind: 'export', file, identity: await identityIn(flags.identity) };
    if (!isForPassphrase(bytes)) {
      throw new CamError('import_not_opened', 'The file is encrypted to a public key of age.', {
        hint: 'Name the file with the secret key that belongs to it: --identity FILE.',
      });
    }
    const passphrase = await knownPassphrase(terminal, flags.passphraseStdin === true);
    return { kind: 'export', file, passphrase: reveal(passphrase) };
  }
  const text = bytes.toString('utf8');
  const format = /^\ufeff?\s*[[{]/.test(text) ? 'json' : 'csv';
  if (format === 'csv' && !['.csv', '.tsv', '.txt', ''].includes(extname(path).toLowerCase())) {
    throw new CamError(
      'import_unreadable',
      `${path} is neither an export nor a list of accounts as CSV or JSON.`,
      {
        hint: 'An export is a file of age; a list of accounts ends in .csv or .json.',
      },
    );
  }
  return { kind: 'list', format, text };
}

/** Armoured files are looked into by the server; here it only decides what is asked for. */
function isForPassphrase(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, 4_096);
  if (!text.trimStart().startsWith('-----')) return /^age-encryption\.org\/v1\n-> scrypt /.test(text);
  const start = text.trimStart().split(/\r?\n/).slice(1, 4).join('');
  return Buffer.from(start, 'base64').toString('latin1').includes('\n-> scrypt ');
}

/** A file as age-keygen writes it: comments, and the secret key on a line of its own. */
async function identityIn(path: string): Promise<string> {
  const text = (await readWhole(path, IDENTITY_BYTES_MAX)).toString('utf8');
  const line = text.split(/\r?\n/).find((one) => one.trim().startsWith('AGE-SECRET-KEY-'));
  if (line !== undefined) return line.trim();
  throw new CamError('invalid_request', `There is no secret key of age in ${path}.`, {
    hint: 'It is a line that begins with AGE-SECRET-KEY-1, as age-keygen writes it.',
  });
}
