/** The recovery sheet as text: one page to print, for a drawer and not for a disk. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';

export function recoverySheet(key: Secret, madeOn: Date): string {
  const line = '─'.repeat(66);
  return [
    'Codex Account Manager: recovery sheet',
    `Made on ${madeOn.toISOString().slice(0, 10)}`,
    '',
    line,
    'Master key',
    '',
    `    ${reveal(key)}`,
    '',
    line,
    'To open the vault',
    '  1. Start the program: npm start',
    '  2. Open the address it prints, followed by /admin',
    '  3. Type the key above, hyphens included, and choose Unlock',
    '',
    'There is no reset. Without this key the account keys stay sealed.',
    'Print this page, keep it away from the computer, and delete the file.',
    '',
  ].join('\n');
}

/** Never over something that is there. */
export function writeRecoverySheet(file: string, key: Secret, madeOn: Date): void {
  let sheet: number;
  try {
    sheet = openSync(file, 'wx', 0o600);
  } catch (cause) {
    throw new CamError('invalid_request', `The recovery sheet could not be written to ${file}.`, {
      cause,
      hint: 'The master key is changed all the same. Name a file that does not exist yet.',
    });
  }
  try {
    writeSync(sheet, recoverySheet(key, madeOn));
  } finally {
    closeSync(sheet);
  }
}
