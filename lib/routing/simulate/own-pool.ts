/** The user's own accounts for a simulation: scopes, priorities, weights, limits and where they lead; no key is in it. */

import type { Account } from '../../accounts/account.ts';
import { accountId } from '../../base/id.ts';
import type { AccountStateWord, AccountView } from '../../wire/account-views.ts';
import type { KnownPool } from './setup.ts';

export interface OwnAccounts {
  readonly pool: KnownPool;
  readonly organizations: number;
  /** Names of those that a human has to bring back first. */
  readonly leftOut: readonly string[];
}

/** In these an account takes no call, today or on any simulated day. */
const OUT: readonly AccountStateWord[] = ['disabled', 'paused', 'quarantined', 'credential_refused'];

/** Null when none could serve. */
export function ownAccounts(all: readonly AccountView[]): OwnAccounts | null {
  const usable = all.filter(({ state }) => !OUT.includes(state.word));
  if (usable.length === 0) return null;
  const placeOf = ({ organizationId, projectId, learned }: AccountView) => ({
    organization: learned.organization ?? organizationId,
    project: learned.project ?? projectId,
  });
  return {
    pool: {
      known: usable.map(toAccount),
      places: new Map(usable.map((view) => [accountId(view.id), placeOf(view)])),
    },
    organizations: new Set(usable.map((view) => placeOf(view).organization ?? view.id)).size,
    leftOut: all.filter((one) => !usable.includes(one)).map(({ name }) => name),
  };
}

function toAccount(view: AccountView): Account {
  const { name, provider, baseUrl, allowLocal, organizationId, projectId, models } = view;
  const { priority, weight, enabled, limits, priceMultiplier, createdAtMs } = view;
  return {
    id: accountId(view.id),
    name,
    provider,
    baseUrl,
    allowLocal,
    organizationId,
    projectId,
    models,
    priority,
    weight,
    enabled,
    limits,
    priceMultiplier,
    createdAtMs,
  };
}
