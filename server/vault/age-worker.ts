/**
 * The thread that speaks the age format. A passphrase takes a second and a quarter of a gigabyte, which no event loop
 * should wait for; what a hostile file could ask for is bounded here and by the time that the caller waits.
 */
import { parentPort } from 'node:worker_threads';
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { answerQuestions } from '../lazy-worker.ts';
import type { AgeFault, AgeQuestion } from './age.ts';
import { passphraseIdentity, passphraseRecipient, TooHard } from './age-passphrase.ts';

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';
const VERSION_LINE = 'age-encryption.org/v1\n';

/** Told across the thread by its code; the package's own words stay here. */
class Fault extends Error {
  readonly code: AgeFault;
  constructor(code: AgeFault) {
    super(code);
    this.code = code;
  }
}

/** Exported so that it can be asked without a thread. */
export async function answer(question: AgeQuestion): Promise<Uint8Array> {
  return question.deed === 'encrypt' ? encrypt(question) : decrypt(question);
}

async function encrypt(question: Extract<AgeQuestion, { deed: 'encrypt' }>): Promise<Uint8Array> {
  const { plain, passphrase, recipients, workFactor } = question;
  const encrypter = new Encrypter();
  if (passphrase !== null) encrypter.addRecipient(passphraseRecipient(passphrase, workFactor));
  for (const recipient of recipients) orFault('bad_recipient', () => encrypter.addRecipient(recipient));
  try {
    return await encrypter.encrypt(plain);
  } finally {
    plain.fill(0);
  }
}

async function decrypt(question: Extract<AgeQuestion, { deed: 'decrypt' }>): Promise<Uint8Array> {
  const { file, passphrase, identity } = question;
  const bytes = binary(file);
  const forPassphrase = isForPassphrase(bytes);
  const decrypter = new Decrypter();
  if (forPassphrase) {
    if (passphrase === null) throw new Fault('needs_passphrase');
    decrypter.addIdentity(passphraseIdentity(passphrase));
  } else {
    if (identity === null) throw new Fault('needs_identity');
    orFault('bad_identity', () => decrypter.addIdentity(identity));
  }
  try {
    return await decrypter.decrypt(bytes);
  } catch (thrown) {
    throw new Fault(faultOf(thrown, forPassphrase));
  }
}

function binary(file: Uint8Array): Uint8Array {
  const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1');
  if (text.startsWith(VERSION_LINE)) return file;
  if (!text.trimStart().startsWith(ARMOR)) throw new Fault('not_age');
  const bytes = orFault('damaged', () => armor.decode(text));
  if (!Buffer.from(bytes).toString('latin1', 0, VERSION_LINE.length).startsWith(VERSION_LINE))
    throw new Fault('damaged');
  return bytes;
}

/** The first stanza says it: one for a passphrase stands alone. */
function isForPassphrase(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString(
    'latin1',
  );
  return start.startsWith(`${VERSION_LINE}-> scrypt `);
}

/** The package throws plain errors; the one that a user can act upon is told from damage by its words. */
function faultOf(thrown: unknown, forPassphrase: boolean): AgeFault {
  if (thrown instanceof TooHard) return 'too_hard';
  /* v8 ignore next -- @preserve: the package throws errors only */
  const words = thrown instanceof Error ? thrown.message : '';
  if (words.startsWith('no identity matched')) return forPassphrase ? 'wrong_passphrase' : 'not_for_us';
  return 'damaged';
}

function orFault<T>(code: AgeFault, work: () => T): T {
  try {
    return work();
  } catch {
    throw new Fault(code);
  }
}

/* v8 ignore next -- @preserve: only in the thread, where nobody counts branches */
if (parentPort) answerQuestions(parentPort, answer);
