/** A key for a command: given outright, piped in (`-`), or typed at a prompt that does not echo. */
import { Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import type { Terminal } from './terminal.ts';

export async function readSecretArgument(
  terminal: Terminal,
  given: string | undefined,
  what: string,
): Promise<Secret> {
  if (given === undefined || (given === '-' && terminal.canAsk)) {
    if (!terminal.canAsk) {
      throw new CamError('invalid_request', `${what} is needed.`, {
        hint: 'Pipe it in and write - in its place.',
      });
    }
    return terminal.askSecret(what);
  }
  if (given === '-') {
    const text = (await terminal.readStdin()).trim();
    if (text === '')
      throw new CamError('invalid_request', `Nothing was piped in, but ${what.toLowerCase()} is needed.`);
    return new Secret(text);
  }
  terminal.hint('a key in an argument can be read in the shell history and by other programs; - is safer');
  return new Secret(given);
}
