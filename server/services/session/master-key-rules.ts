/** What a master key must be when it is chosen. When it is tried, any text is tried. */
import { reveal, type Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { MASTER_KEY_CHARACTERS_MIN } from '../../master-key.ts';

export function assertMasterKeyChoice(masterKey: Secret): void {
  if ([...reveal(masterKey)].length >= MASTER_KEY_CHARACTERS_MIN) return;
  throw new CamError(
    'invalid_request',
    `A master key has at least ${MASTER_KEY_CHARACTERS_MIN} characters.`,
    {
      param: 'masterKey',
      hint: 'A few unrelated words make a good one.',
    },
  );
}
