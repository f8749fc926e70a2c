/** Copies the database in a thread of its own, and gives back what the copy holds of the vault, to be tried with the key. */
import { createLazyWorker } from '../lazy-worker.ts';
import type { AccountRow, ClientKeyRow } from './schema.ts';
import type { StoredVaultHeader } from './vault-header.ts';

export interface CopyQuestion {
  readonly file: string;
  readonly target: string;
}

/** Tombstones and revoked keys too. */
export interface CopiedRows {
  readonly header: StoredVaultHeader | null;
  readonly accounts: readonly AccountRow[];
  readonly clientKeys: readonly ClientKeyRow[];
}

export interface Copier {
  /** A whole and checked copy at `target`, or a rejection; what is there then is no copy. */
  copyTo(target: string): Promise<CopiedRows>;
  close(): Promise<void>;
}

const IDLE_MS = 1_000;
/** A copy of a gigabyte takes seconds; a disk that hangs must not hang us. */
const ANSWER_MS = 30 * 60_000;

export function createCopier(file: string): Copier {
  const script = import.meta.url.endsWith('.ts') ? './backup-worker.ts' : './backup-worker.js';
  const worker = createLazyWorker<CopyQuestion, CopiedRows>({
    url: new URL(script, import.meta.url),
    name: 'backup',
    idleMs: IDLE_MS,
    answerMs: ANSWER_MS,
  });
  return { copyTo: (target) => worker.ask({ file, target }), close: () => worker.close() };
}
