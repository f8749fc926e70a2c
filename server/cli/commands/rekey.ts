/**
 * `cam rekey`: another master key for the same vault. The one in use comes from where it always comes from; the new
 * one from a file, from a generator, or typed twice. Every sign-in ends with it.
 */
import { reveal, type Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { readMasterKeyFile } from '../../master-key.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { askForNewKey, generateKey, insistOnKey } from '../master-key.ts';
import { writeRecoverySheet } from '../recovery-sheet.ts';

interface RekeyFlags {
  readonly newKeyFile?: string;
  readonly generate?: boolean;
  readonly sheet?: string;
  readonly yes?: boolean;
}

export const addRekey: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .option('--new-key-file <file>', 'file of yours, mode 0600, that holds the new master key')
    .option('--generate', 'have one made: six words, shown once')
    .option('--sheet <file>', 'write a recovery sheet with the new key, to be printed and deleted')
    .option('--yes', 'do not ask before taking a key that is easy to guess')
    .action(async (options: RekeyFlags) => {
      const connection = await connect();
      const masterKey = await connection.masterKey();
      const newKey = await newKeyFrom(options, terminal);
      const change = (acceptGuessable: boolean) =>
        connection.call((api) =>
          api.vault.rekey.mutate({
            masterKey: reveal(masterKey),
            newMasterKey: reveal(newKey),
            acceptGuessable,
          }),
        );
      try {
        await change(false);
      } catch (thrown) {
        if (!(thrown instanceof CamError) || thrown.code !== 'master_key_guessable') throw thrown;
        await insistOnKey(terminal, thrown, options.yes === true);
        await change(true);
      }
      await connection.forget();
      if (options.sheet) writeRecoverySheet(options.sheet, newKey, new Date());
      if (flags().json) return terminal.json({ masterKey: 'changed' });
      terminal.out('The master key is changed. Every sign-in has ended; the old key opens nothing any more.');
      tellWhatToReplace(terminal, flags().masterKeyFile);
    });
};

async function newKeyFrom(options: RekeyFlags, terminal: CommandWorld['terminal']): Promise<Secret> {
  if (options.newKeyFile && options.generate) {
    throw new CamError('invalid_request', 'Either --new-key-file or --generate, not both.');
  }
  if (options.newKeyFile) return readMasterKeyFile(options.newKeyFile);
  if (options.generate) return generateKey(terminal);
  if (terminal.canAsk) return askForNewKey(terminal);
  throw new CamError('invalid_request', 'A new master key is needed, and nobody can be asked.', {
    hint: 'Name a file that holds it: --new-key-file FILE',
  });
}

/** A source that still gives the old key would stop the next start. */
function tellWhatToReplace(terminal: CommandWorld['terminal'], flagFile: string | undefined): void {
  const file = flagFile ?? terminal.env.CAM_MASTER_KEY_FILE;
  if (file) terminal.hint(`${file} still holds the old key: put the new one there before the next start`);
  terminal.hint('a recovery sheet with the old key is void, and so are copies of the key elsewhere');
}
