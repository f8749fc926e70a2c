/** `cam export [FILE]`: everything that is needed elsewhere, as one encrypted file. Without FILE as text on stdout. */
import { reveal } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { formatCountOf } from '../../../lib/format.ts';
import type { ExportView } from '../../../lib/wire/moving-views.ts';
import { writeNew } from '../binary-file.ts';
import type { CommandModule } from '../command.ts';
import { newPassphrase, warnOfGuessing } from '../passphrase.ts';

interface ExportFlags {
  readonly recipient: readonly string[];
  readonly passphraseStdin?: boolean;
}

export const addExport: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .argument('[file]', 'where to write it; without it, as text on stdout')
    .option(
      '--recipient <age1…>',
      'public key of age to encrypt to instead of a passphrase; may stand several times',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option('--passphrase-stdin', 'take the passphrase from stdin instead of asking')
    .action(async (file: string | undefined, options: ExportFlags) => {
      if (options.recipient.length > 0 && options.passphraseStdin)
        throw new CamError(
          'invalid_request',
          'Either a passphrase or recipients: age knows no file with both.',
        );
      const to: { readonly recipients?: string[]; readonly passphrase?: string } =
        options.recipient.length > 0
          ? { recipients: [...options.recipient] }
          : { passphrase: reveal(await newPassphrase(terminal, options.passphraseStdin === true)) };
      const connection = await connect();
      const { passphrase } = to;
      if (passphrase !== undefined) {
        const judged = await connection.call((api) => api.vault.judge.mutate({ masterKey: passphrase }));
        warnOfGuessing(terminal, judged);
      }
      const masterKey = reveal(await connection.masterKey());
      const made = await connection.call((api) => api.moving.export.mutate({ ...to, masterKey }));
      const bytes = Buffer.from(made.file, 'base64');
      if (file !== undefined) await writeNew(file, bytes);
      else terminal.out(armored(bytes));
      for (const { name, why } of made.leftOut) terminal.say(`Left out: ${name}. ${why}`);
      if (file === undefined) return;
      if (flags().json) terminal.json({ ...made, file });
      else terminal.out(`Exported ${contents(made)} to ${file}.`);
      terminal.hint(
        `\`cam import ${file}\` brings it back; \`age -d ${file}\` shows what is in it, keys and all`,
      );
    });
};

function contents({ accounts, clientKeys, settings }: ExportView): string {
  return `${formatCountOf(accounts, 'account')} with all keys, ${formatCountOf(clientKeys, 'client key')} without values, ${formatCountOf(settings, 'setting')}`;
}

const LINE = 64;

/** age's text form: base64 in lines of 64. */
function armored(bytes: Buffer): string {
  const text = bytes.toString('base64');
  const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return ['-----BEGIN AGE ENCRYPTED FILE-----', ...lines, '-----END AGE ENCRYPTED FILE-----'].join('\n');
}
