/** What an import brings, read and judged row by row; nothing of it is compared with what is here yet. */
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { IMPORT_BYTES_MAX } from '../../../lib/moving/sizes.ts';
import { type IncomingAccount, readAccountList } from '../../../lib/wire/account-list.ts';
import {
  type ExportedClientKey,
  type ReadRow,
  readExportDocument,
} from '../../../lib/wire/export-document.ts';
import type { ImportSource } from '../../../lib/wire/moving-inputs.ts';
import type { AgeFiles } from '../../vault/age.ts';
import type { Vault } from '../../vault/vault.ts';

export interface Incoming {
  readonly source: 'export' | 'list';
  readonly madeBy: string | null;
  readonly madeAtMs: number | null;
  /** Of the vault that exported it. */
  readonly vaultId: string | null;
  readonly accounts: readonly ReadRow<IncomingAccount>[];
  readonly clientKeys: readonly ReadRow<ExportedClientKey>[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** A keyed digest of all of it: two files with the same one are the same file. */
  readonly digest: Uint8Array;
}

export interface ReadIncomingDeps {
  readonly age: Pick<AgeFiles, 'decrypt'>;
  readonly vault: Pick<Vault, 'accountKeyFingerprint'>;
}

/** Throws `import_unreadable`, `import_newer`, `import_not_opened`, `import_too_large`. */
export async function readIncoming(deps: ReadIncomingDeps, source: ImportSource): Promise<Incoming> {
  const text = source.kind === 'list' ? source.text : await decrypted(deps.age, source);
  const digest = deps.vault.accountKeyFingerprint(text);
  if (source.kind === 'list') {
    const accounts = readAccountList(source.format, reveal(text));
    return {
      source: 'list',
      madeBy: null,
      madeAtMs: null,
      vaultId: null,
      accounts,
      clientKeys: [],
      settings: {},
      digest,
    };
  }
  return { source: 'export', ...readExportDocument(reveal(text)), digest };
}

async function decrypted(
  age: Pick<AgeFiles, 'decrypt'>,
  { file, passphrase, identity }: Extract<ImportSource, { kind: 'export' }>,
): Promise<Secret> {
  // A copy with a buffer of its own, because the buffer itself moves to the other thread.
  const bytes = new Uint8Array(Buffer.from(file, 'base64'));
  if (bytes.length > IMPORT_BYTES_MAX) {
    throw new CamError('import_too_large', `No import is larger than ${IMPORT_BYTES_MAX / 1024} KiB.`, {
      hint: 'An export of a thousand accounts is smaller than that: is this the right file?',
    });
  }
  const plain = await age.decrypt(bytes, { passphrase, identity });
  const text = new Secret(Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString('utf8'));
  plain.fill(0);
  return text;
}
