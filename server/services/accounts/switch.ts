/** Enabling and disabling: holds from the next dial; calls under way finish. */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutAccount } from '../../../lib/audit/deeds.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import { bit } from './account-row.ts';
import type { ChangeAccountDeps } from './account-store.ts';
import { changeAccount, findAccount } from './change-account.ts';

export async function switchAccount(
  deps: ChangeAccountDeps,
  { ref }: RefInput,
  on: boolean,
  actor: Actor,
): Promise<AccountView> {
  const row = await findAccount(deps.accounts, ref);
  return changeAccount(
    deps,
    row,
    { enabled: bit(on) },
    // Enabling what is enabled already asks for another try of a refused key.
    {
      entry: () => ({
        ...aboutAccount(actor, row),
        deed: on ? 'account.enabled' : 'account.disabled',
        detail: {},
      }),
      fresh: on && row.enabled === 1,
    },
  );
}
