/** `cam test NAME`: one `GET /models` with the account's own key. Exit 1 when the provider does not accept it. */
import { CamError } from '../../../lib/errors.ts';
import { sayCheck } from '../account-text.ts';
import type { CommandModule } from '../command.ts';

export const addTest: CommandModule = (command, { terminal, flags, connect }) => {
  command.argument('<account>', 'its name, or the beginning of its id').action(async (ref: string) => {
    const connection = await connect();
    const check = await connection.call((api) => api.accounts.test.mutate({ ref }));
    if (flags().json) terminal.json(check);
    else terminal.out(`${ref}: ${check.verdict.replace('_', ' ')}`);
    if (!check.ok) throw new CamError('account_check_failed', check.message);
    if (!flags().json) sayCheck(terminal, check);
  });
};
