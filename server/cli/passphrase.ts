/** The passphrase of an export: asked for (twice for a new one), or the first line of what is piped in. */
import { type StrengthView, tooShort } from '../../lib/base/key-strength.ts';
import { reveal, Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { PASSPHRASE_LENGTH_MIN } from '../../lib/moving/sizes.ts';
import type { Terminal } from './terminal.ts';

export async function newPassphrase(terminal: Terminal, piped: boolean): Promise<Secret> {
  const passphrase = piped ? await pipedPassphrase(terminal) : await askedTwice(terminal);
  if (tooShort(reveal(passphrase)) !== null)
    throw new CamError('invalid_request', `A passphrase has at least ${PASSPHRASE_LENGTH_MIN} characters.`);
  return passphrase;
}

export function warnOfGuessing(terminal: Terminal, { strength, why }: StrengthView): void {
  if (strength === 'guessable')
    terminal.say(`Warning: somebody who has the file could guess this passphrase (${why}).`);
}

export function knownPassphrase(terminal: Terminal, piped: boolean): Promise<Secret> {
  return piped ? pipedPassphrase(terminal) : terminal.askSecret('Passphrase of the file');
}

async function askedTwice(terminal: Terminal): Promise<Secret> {
  if (!terminal.canAsk) {
    throw new CamError(
      'invalid_request',
      'A passphrase is needed, and nobody can be asked: this is no terminal.',
      {
        hint: 'Pipe it in with --passphrase-stdin, or name a public key of age with --recipient.',
      },
    );
  }
  const first = await terminal.askSecret('Passphrase for the file (not the master key)');
  const again = await terminal.askSecret('The same again');
  if (reveal(first) === reveal(again)) return first;
  throw new CamError('invalid_request', 'The two passphrases differ. Nothing was exported.');
}

async function pipedPassphrase(terminal: Terminal): Promise<Secret> {
  const text = (await terminal.readStdin()).split(/\r?\n/, 1)[0] ?? '';
  if (text === '') throw new CamError('invalid_request', 'No passphrase was piped in.');
  return new Secret(text);
}
