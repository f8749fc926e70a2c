/** Asking the provider about a stored account. What it tells is learned; nothing is switched by it. */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutAccount } from '../../../lib/audit/deeds.ts';
import { accountId } from '../../../lib/base/id.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { AccountCheckView } from '../../../lib/wire/account-views.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import type { CheckAccount } from '../../upstream/check-account.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Changes } from '../live/changes.ts';
import { sealedAccountOf } from './account-row.ts';
import type { AccountStore } from './account-store.ts';
import { learnedFrom } from './add.ts';
import { findAccount } from './change-account.ts';

export interface TestAccountDeps {
  readonly accounts: AccountStore;
  readonly vault: Pick<Vault, 'rowMacMatches'>;
  readonly pool: Pick<Pool, 'learnFacts'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly checkAccount: CheckAccount;
  readonly audit: Pick<AuditLog, 'record'>;
}

export async function testAccount(
  deps: TestAccountDeps,
  { ref }: RefInput,
  actor: Actor,
): Promise<AccountCheckView> {
  const row = await findAccount(deps.accounts, ref);
  const account = sealedAccountOf(deps.vault, row);
  if (!account.intact) {
    throw new CamError('conflict', `${row.name} is quarantined and is not dialled.`, {
      hint: 'Remove it and add it again.',
    });
  }
  const check = await deps.checkAccount(account);
  await deps.audit.record({
    ...aboutAccount(actor, row),
    deed: 'account.tested',
    detail: { verdict: check.verdict },
  });
  if (check.status !== null) {
    const known = (await deps.accounts.facts()).get(row.id);
    const learned = learnedFrom(check, deps.clock.nowMs());
    // A key without the right to list models has not lost the models it listed before.
    const facts = {
      organization: learned.organization ?? known?.organization ?? null,
      project: learned.project ?? known?.project ?? null,
      modelIds: learned.modelIds ?? known?.modelIds ?? null,
      checkedAtMs: learned.checkedAtMs,
    };
    await deps.accounts.saveFacts(row.id, facts);
    deps.pool.learnFacts(accountId(row.id), facts);
    deps.changes.made();
  }
  return check;
}
