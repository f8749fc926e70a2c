/** `cam edit NAME`: only what a flag names changes. */
import { reveal } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { type AccountFlags, accountSettings, addAccountOptions } from '../account-options.ts';
import type { CommandModule } from '../command.ts';
import { readSecretArgument } from '../secret-argument.ts';

interface EditFlags extends AccountFlags {
  readonly name?: string;
  readonly key?: string;
}

export const addEdit: CommandModule = (command, { terminal, flags, connect }) => {
  addAccountOptions(command.argument('<account>', 'its name, or the beginning of its id'))
    .option('--name <name>', 'a new name')
    .option('--key <key>', 'a new key, or - to pipe it in or be asked')
    .option('--no-allow-local', 'take back --allow-local')
    .action(async (ref: string, options: EditFlags) => {
      if (Object.keys(options).length === 0) {
        throw new CamError('invalid_request', 'Nothing to change was named.', {
          hint: '`cam edit --help` lists what can be.',
        });
      }
      // Where the requests of an account go decides who gets its key: that change needs both keys again.
      const moves = options.baseUrl !== undefined || options.allowLocal !== undefined;
      const key =
        options.key === undefined && !moves
          ? null
          : await readSecretArgument(terminal, options.key, 'Account key');
      const connection = await connect();
      const masterKey = moves ? await connection.masterKey() : null;
      const account = await connection.call(async (api) => {
        const { limits } = await api.accounts.get.query({ ref });
        return api.accounts.edit.mutate({
          ref,
          ...accountSettings(options, limits),
          ...(options.name === undefined ? {} : { name: options.name }),
          ...(key === null ? {} : { key: reveal(key) }),
          ...(masterKey === null ? {} : { masterKey: reveal(masterKey) }),
        });
      });
      if (flags().json) terminal.json(account);
      else terminal.out(`Changed ${account.name}.`);
    });
};
