/** The master key for a command: from its sources, else from the person at the terminal. */
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { findMasterKey, MASTER_KEY_CHARACTERS_MIN } from '../master-key.ts';
import type { Terminal } from './terminal.ts';

export interface MasterKeys {
  /** The key in use. */
  current(): Promise<Secret>;
  /** The key that a new vault is to be made with; at a prompt it is asked for twice. */
  fresh(): Promise<Secret>;
}

/** @param flagFile the value of `--master-key-file` */
export function createMasterKeys(terminal: Terminal, flagFile: string | undefined): MasterKeys {
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
  const askTwice = async (): Promise<Secret> => {
    terminal.say('Nothing is set up here yet. Choose a master key: it encrypts the keys of your accounts.');
    terminal.say(
      `At least ${MASTER_KEY_CHARACTERS_MIN} characters. It cannot be recovered: keep it somewhere safe.`,
    );
    const first = await terminal.askSecret('New master key');
    const again = await terminal.askSecret('The same again');
    if (reveal(first) === reveal(again)) return first;
    throw new CamError('invalid_request', 'The two master keys differ. Nothing was changed.');
  };
  return {
    current: async () => fromSource() ?? (terminal.canAsk ? terminal.askSecret('Master key') : nobodyToAsk()),
    fresh: async () => fromSource() ?? (terminal.canAsk ? askTwice() : nobodyToAsk()),
  };
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
