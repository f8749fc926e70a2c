/**
 * Asking the provider about a stored account. What it tells is learned. A key that had been refused, and that this very
 * question had confirmed, may serve again when it is accepted now: that an operator asks is the word that it takes. An
 * account that the provider closed or that is not paid for can list models all the same, and stays as it is.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutAccount } from '../../../lib/audit/deeds.ts';
import { accountId } from '../../../lib/base/id.ts';
import { CamError } from '../../../lib/errors.ts';
import type { AccountCheckView } from '../../../lib/wire/account-views.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import type { CheckAccount } from '../../upstream/check-account.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { Vault } from '../../vault/vault.ts';
import { sealedAccountOf } from './account-row.ts';
import type { AccountStore } from './account-store.ts';
import { learnedFrom } from './add.ts';
import { findAccount } from './change-account.ts';
import { type HealthChangeDeps, healthChanged } from './health-changed.ts';

export interface TestAccountDeps extends HealthChangeDeps {
  readonly accounts: AccountStore;
  readonly vault: Pick<Vault, 'rowMacMatches' | 'opens'>;
  readonly pool: Pick<Pool, 'learnFacts' | 'holds' | 'acceptCredential'>;
  readonly checkAccount: CheckAccount;
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
  const works = check.verdict === 'accepted' || check.verdict === 'limited_scopes';
  // Meanwhile the account may have been given another key, of which this says nothing.
  if (works && deps.pool.holds(account) && deps.pool.acceptCredential(account.id))
    await healthChanged(deps, account.id, {
      ...aboutAccount(actor, row),
      deed: 'account.cleared',
      detail: { mark: 'key', model: null },
    });
  return check;
}
