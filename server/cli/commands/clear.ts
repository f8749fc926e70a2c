/** `cam clear NAME [--model MODEL | --mark KEY]`: forgets what was learned about an account, so that the next call may try it. */
import { CamError } from '../../../lib/errors.ts';
import { markKey } from '../../../lib/routing/mark-key.ts';
import type { Mark } from '../../../lib/routing/upstream.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import { argumentText } from '../account-text.ts';
import type { CommandModule } from '../command.ts';
import { printable } from '../terminal.ts';

export const addClear: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .argument('<account>', 'its name, or the beginning of its id')
    .option('--mark <key>', 'one mark only, as `cam show` names it: model:gpt-5.5, endpoint:images')
    .option('--model <model>', 'everything about this model only: its cooldown, breakers and mark')
    .action(async (ref: string, { mark: key, model }: { mark?: string; model?: string }) => {
      if (key !== undefined && model !== undefined)
        throw new CamError('invalid_request', 'One mark or one model, not both.', {
          hint: 'Leave out --mark or --model.',
        });
      const connection = await connect();
      let cleared = model ?? null;
      const account = await connection.call(async (api) => {
        if (model !== undefined) return api.accounts.clear.mutate({ ref, model });
        if (key === undefined) return api.accounts.clear.mutate({ ref });
        const known = await api.accounts.get.query({ ref });
        const { kind, subject } = wanted(known, key);
        cleared = markKey({ kind, subject });
        return api.accounts.clear.mutate({ ref: known.id, mark: { kind, subject } });
      });
      if (flags().json) return terminal.json(account);
      terminal.out(printable(`Cleared ${cleared ?? 'what was learned'} of ${account.name}.`));
      if (account.state.word === 'paused')
        terminal.hint(`it is still paused: cam resume ${argumentText(account.name)}`);
      else terminal.say('The next call may try it again.');
    });
};

/** By its whole key, or by the model or endpoint alone. */
function wanted({ name, marks }: AccountView, key: string): Mark {
  const mark = marks.find((one) => markKey(one) === key) ?? marks.find(({ subject }) => subject === key);
  if (mark) return mark;
  throw new CamError('not_found', `${name} has no mark ${key}.`, {
    hint: marks.length === 0 ? 'It has none at all.' : `It has ${marks.map(markKey).join(', ')}.`,
  });
}
