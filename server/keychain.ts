/**
 * The operating system's keychain as a source of the master key: macOS Keychain, Windows Credential Manager, the
 * Secret Service of a Linux desktop. The only home of its package, which is loaded when somebody opted in.
 * Reading never throws: a machine without a keychain, a locked one, one that does not answer, all mean "not here".
 */
import { reveal, Secret } from '../lib/base/secret.ts';
import { CamError } from '../lib/errors.ts';

export type KeychainAnswer =
  | { readonly kind: 'found'; readonly key: Secret }
  | { readonly kind: 'none' }
  /** The keychain itself could not be asked. */
  | { readonly kind: 'unavailable'; readonly why: string };

export interface Keychain {
  read(): Promise<KeychainAnswer>;
  /** Throws `keychain_unavailable`. */
  write(masterKey: Secret): Promise<void>;
  /** Throws `keychain_unavailable`. */
  remove(): Promise<void>;
}

/** One entry of the keychain, as its package gives it. */
export interface KeychainEntry {
  getPassword(signal?: AbortSignal): Promise<string | null | undefined>;
  setPassword(password: string, signal?: AbortSignal): Promise<void>;
  deletePassword(signal?: AbortSignal): Promise<unknown>;
}

const SERVICE = 'codex-account-manager';
/** A locked keychain asks its owner; who is not there does not answer. */
const ANSWER_MS = 15_000;

/** @param dataFolder names the entry, so that two vaults of one user keep two keys */
export function createKeychain(
  dataFolder: string,
  openEntry: (service: string, name: string) => Promise<KeychainEntry> = systemEntry,
  answerMs = ANSWER_MS,
): Keychain {
  const ask = <T>(what: (entry: KeychainEntry, signal: AbortSignal) => Promise<T>): Promise<T> => {
    const signal = AbortSignal.timeout(answerMs);
    const patience = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('it did not answer in time')), { once: true });
    });
    const work = openEntry(SERVICE, dataFolder).then((entry) => what(entry, signal));
    // Whichever loses is of no interest any more.
    work.catch(() => {});
    patience.catch(() => {});
    return Promise.race([work, patience]);
  };
  return {
    async read() {
      try {
        const text = await ask((entry, signal) => entry.getPassword(signal));
        return text ? { kind: 'found', key: new Secret(text) } : { kind: 'none' };
      } catch (thrown) {
        return { kind: 'unavailable', why: inWords(thrown) };
      }
    },
    write: (masterKey) => orThrow(ask((entry, signal) => entry.setPassword(reveal(masterKey), signal))),
    remove: () => orThrow(ask((entry, signal) => entry.deletePassword(signal))),
  };
}

/** Never the kernel's keyring, which the package would fall back to on Linux: it is empty after a restart. */
async function systemEntry(service: string, name: string): Promise<KeychainEntry> {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  return new AsyncEntry(service, name, { linux: { store: 'secret-service' } });
}

async function orThrow(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    throw new CamError('keychain_unavailable', `The keychain could not be used: ${inWords(thrown)}.`, {
      cause: thrown,
      hint: 'A master key file (CAM_MASTER_KEY_FILE) works without one.',
    });
  }
}

function inWords(thrown: unknown): string {
  return thrown instanceof Error
    ? thrown.message.split('\n', 1)[0]?.slice(0, 200) || thrown.name
    : 'no reason given';
}
