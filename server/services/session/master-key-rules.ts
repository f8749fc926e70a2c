/**
 * What a master key must be when it is chosen. When it is tried, any text is tried. A guessable one is accepted
 * only from somebody who was told so and said yes.
 */
import type { KeyStrength } from '../../../lib/base/key-strength.ts';
import { reveal, type Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { MASTER_KEY_CHARACTERS_MIN } from '../../master-key.ts';
import type { KeyJudge } from '../../vault/key-judge.ts';

export interface AcceptKeyDeps {
  readonly keyJudge: Pick<KeyJudge, 'judge'>;
}

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

/** Throws `invalid_request` for one that is too short, `master_key_guessable` for one that nobody insisted on. */
export async function acceptMasterKey(
  { keyJudge }: AcceptKeyDeps,
  masterKey: Secret,
  acceptGuessable: boolean,
): Promise<KeyStrength> {
  assertMasterKeyChoice(masterKey);
  const { strength, why } = await keyJudge.judge(masterKey);
  if (strength === 'guessable' && !acceptGuessable) {
    throw new CamError('master_key_guessable', `This master key can be guessed: ${why}.`, {
      hint: 'Whoever gets a copy of the data folder will try keys like it first. Choose another, or say that you want this one.',
    });
  }
  return strength;
}
