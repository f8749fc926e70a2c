/** The master key for a command: from its sources, else from the person at the terminal. */
import { PASSPHRASE_BYTES, passphraseText, passphraseWords } from '../../lib/base/passphrase.ts';
import { reveal, Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { findMasterKey, MASTER_KEY_CHARACTERS_MIN } from '../master-key.ts';
import type { Terminal } from './terminal.ts';

export interface MasterKeys {
  /** The key in use. */
  current(): Promise<Secret>;
  /** The key that a new vault is to be made with; at a prompt it is asked for twice, or made. */
  fresh(): Promise<Secret>;
  /** Tells that a chosen key is guessable; throws the warning again unless a person wants it all the same. */
  insist(warning: CamError): Promise<void>;
}

/** @param flagFile the value of `--master-key-file` @param fromKeychain the key of the keychain, where it is in use */
export function createMasterKeys(
  terminal: Terminal,
  flagFile: string | undefined,
  fromKeychain: () => Promise<Secret | null> = async () => null,
): MasterKeys {
  let looked = false;
  let sourced: Secret | null = null;
  // Looked for once: reading CAM_MASTER_KEY takes it out of the environment.
  const fromSource = (): Secret | null => {
    if (looked) return sourced;
    looked = true;
    const uid = process.getuid?.() ?? null;
    sourced = findMasterKey({ env: terminal.env, flagFile, platform: process.platform, uid })?.key ?? null;
    return sourced;
  };
  return {
    current: async () =>
      fromSource() ??
      (await fromKeychain()) ??
      (terminal.canAsk ? terminal.askSecret('Master key') : nobodyToAsk()),
    fresh: async () => {
      const given = fromSource();
      if (given) return given;
      if (!terminal.canAsk) return nobodyToAsk();
      terminal.say('Nothing is set up here yet. Choose a master key: it encrypts the keys of your accounts.');
      return askForNewKey(terminal);
    },
    insist: (warning) => insistOnKey(terminal, warning, sourced !== null),
  };
}

/** At a prompt: typed twice, or an empty answer for a generated one, which is then shown once. */
export async function askForNewKey(terminal: Terminal): Promise<Secret> {
  terminal.say(
    `At least ${MASTER_KEY_CHARACTERS_MIN} characters. It cannot be recovered: keep it somewhere safe.`,
  );
  const first = await terminal.askSecret('New master key (empty: make one for me)');
  if (reveal(first) === '') return generateKey(terminal);
  const again = await terminal.askSecret('The same again');
  if (reveal(first) === reveal(again)) return first;
  throw new CamError('invalid_request', 'The two master keys differ. Nothing was changed.');
}

/** Six random words, shown on the terminal and nowhere else; it is used only once somebody has kept it. */
export async function generateKey(terminal: Terminal): Promise<Secret> {
  if (!terminal.canAsk) {
    throw new CamError('invalid_request', 'A generated key is shown once, and this is no terminal.', {
      hint: 'Name a file with --new-key-file instead.',
    });
  }
  const key = newKey();
  terminal.say('');
  terminal.say(`  ${reveal(key)}`);
  terminal.say('');
  terminal.say('Write it down now, hyphens included. It is not shown again, and there is no reset.');
  if (await terminal.askYesNo('Is it written down?')) return key;
  throw new CamError('invalid_request', 'Nothing was changed.');
}

export function newKey(): Secret {
  return new Secret(
    passphraseText(passphraseWords(crypto.getRandomValues(new Uint8Array(PASSPHRASE_BYTES)))),
  );
}

/** @param unattended it came from a file or the environment, or nobody wants to be asked: the warning has to do */
export async function insistOnKey(terminal: Terminal, warning: CamError, unattended: boolean): Promise<void> {
  terminal.say(`warning: ${warning.message}`);
  terminal.say('Whoever gets a copy of the data folder will try keys like this one first.');
  if (unattended) return;
  if (!terminal.canAsk || !(await terminal.askYesNo('Use it all the same?'))) throw warning;
}

function nobodyToAsk(): never {
  throw new CamError(
    'unauthenticated',
    'The master key is needed, and nobody can be asked: this is no terminal.',
    {
      hint: 'Set CAM_MASTER_KEY_FILE to a file of yours with mode 0600, or run `cam unlock` at a terminal first.',
    },
  );
}
