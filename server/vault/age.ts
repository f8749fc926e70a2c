/**
 * Files in the age format (age-encryption.org/v1), which the stock `age` tool reads and writes: what an export is
 * encrypted as. The work is done in a thread of its own; what goes wrong there becomes an error with a remedy here.
 */
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { createLazyWorker, WorkerFailure } from '../lazy-worker.ts';

export type AgeQuestion =
  | {
      readonly deed: 'encrypt';
      readonly plain: Uint8Array;
      readonly passphrase: string | null;
      readonly recipients: readonly string[];
      readonly workFactor: number;
    }
  | {
      readonly deed: 'decrypt';
      readonly file: Uint8Array;
      readonly passphrase: string | null;
      readonly identity: string | null;
    };

export type AgeFault =
  | 'not_age'
  | 'damaged'
  | 'needs_passphrase'
  | 'wrong_passphrase'
  | 'needs_identity'
  | 'not_for_us'
  | 'too_hard'
  | 'bad_recipient'
  | 'bad_identity';

export interface AgeFiles {
  /** `plain` is handed over and wiped. Either a passphrase or recipients. Throws `invalid_request`, `kdf_busy`. */
  encrypt(
    plain: Uint8Array<ArrayBuffer>,
    to: { readonly passphrase: Secret } | { readonly recipients: readonly string[] },
  ): Promise<Uint8Array>;
  /** The plain bytes, which the caller wipes. Throws `import_unreadable`, `import_not_opened`, `kdf_busy`. */
  decrypt(
    file: Uint8Array<ArrayBuffer>,
    using: { readonly passphrase?: Secret | undefined; readonly identity?: Secret | undefined },
  ): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Each may take a gigabyte for a moment, if a file asks for that much. */
const PENDING_MAX = 2;
const IDLE_MS = 30_000;
const ANSWER_MS = 50_000;

/** What the stock tool takes: a second and 256 MiB for every guess. */
const WORK_FACTOR = 18;

export function createAgeFiles({
  workFactor = WORK_FACTOR,
}: {
  readonly workFactor?: number;
} = {}): AgeFiles {
  /* v8 ignore next -- @preserve: `.js` is the built program */
  const file = import.meta.url.endsWith('.ts') ? './age-worker.ts' : './age-worker.js';
  const worker = createLazyWorker<AgeQuestion, Uint8Array>({
    url: new URL(file, import.meta.url),
    name: 'age',
    idleMs: IDLE_MS,
    answerMs: ANSWER_MS,
  });
  const ask = async (question: AgeQuestion, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => {
    if (worker.pending() >= PENDING_MAX) {
      throw new CamError('kdf_busy', 'Another export or import is being worked on. Try again in a moment.', {
        retryAfterMs: 2_000,
      });
    }
    try {
      return await worker.ask(question, [bytes.buffer]);
    } catch (cause) {
      throw explained(cause);
    }
  };
  return {
    encrypt: (plain, to) =>
      ask(
        {
          deed: 'encrypt',
          plain,
          passphrase: 'passphrase' in to ? reveal(to.passphrase) : null,
          recipients: 'recipients' in to ? to.recipients : [],
          workFactor,
        },
        plain,
      ),
    decrypt: (sealed, { passphrase, identity }) =>
      ask(
        {
          deed: 'decrypt',
          file: sealed,
          passphrase: passphrase ? reveal(passphrase) : null,
          identity: identity ? reveal(identity) : null,
        },
        sealed,
      ),
    close: () => worker.close(),
  };
}

type Told = readonly [message: string, hint: string];

const UNREADABLE: Partial<Record<AgeFault, Told>> = {
  not_age: [
    'The file is no export: it is not in the age format.',
    'An export begins with age-encryption.org/v1 or -----BEGIN AGE ENCRYPTED FILE-----.',
  ],
  damaged: [
    'The file is damaged: it was cut short or changed on its way.',
    'Copy it again, or make the export again.',
  ],
  too_hard: [
    'The file asks for more memory than an import may take (more than 1 GiB).',
    'Decrypt it with `age -d` and encrypt it again with `age -p`.',
  ],
};

const NOT_OPENED: Partial<Record<AgeFault, Told>> = {
  needs_passphrase: ['The file is encrypted with a passphrase.', 'Give the passphrase it was exported with.'],
  wrong_passphrase: [
    'That is not the passphrase of this file.',
    'It is the one that was chosen for the export, not the master key.',
  ],
  needs_identity: [
    'The file is encrypted to a public key of age.',
    'Give the secret key that belongs to it: `--identity FILE` with a line AGE-SECRET-KEY-1….',
  ],
  not_for_us: [
    'The file is encrypted to somebody else: this secret key does not open it.',
    'Use the secret key of one of its recipients, or export to your own.',
  ],
};

function explained(cause: unknown): CamError {
  /* v8 ignore next -- @preserve: otherwise only where the thread itself dies of an error */
  const code = cause instanceof WorkerFailure ? (cause.code as AgeFault | null) : null;
  if (code === 'bad_recipient') {
    return new CamError('invalid_request', 'A recipient is not a public key of age: a character is wrong.', {
      param: 'recipients',
      hint: '`age-keygen -y FILE` prints the public key of a secret one.',
    });
  }
  if (code === 'bad_identity') {
    return new CamError('invalid_request', 'That is not a secret key of age: a character is wrong.', {
      param: 'identity',
      hint: 'It is the line that begins with AGE-SECRET-KEY-1.',
    });
  }
  const unreadable = code === null ? undefined : UNREADABLE[code];
  if (unreadable) return new CamError('import_unreadable', unreadable[0], { cause, hint: unreadable[1] });
  const notOpened = code === null ? undefined : NOT_OPENED[code];
  if (notOpened) return new CamError('import_not_opened', notOpened[0], { cause, hint: notOpened[1] });
  return new CamError('internal', 'The file could not be worked on: its thread failed.', { cause });
}
