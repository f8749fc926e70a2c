/** Every model that at least one account serves, within the accounts' scopes, and which accounts those are. */
import { modelAllowed } from '../../../lib/accounts/models-scope.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { ModelView } from '../services.ts';

export function listModels({ pool }: { readonly pool: Pick<Pool, 'snapshot'> }): ModelView[] {
  const accountsOf = new Map<string, Set<string>>();
  for (const upstream of pool.snapshot()) {
    if (!upstream.account.enabled || !upstream.intact) continue;
    for (const id of modelIds(upstream)) {
      const names = accountsOf.get(id) ?? new Set<string>();
      accountsOf.set(id, names.add(upstream.account.name));
    }
  }
  return [...accountsOf]
    .map(([id, names]) => ({ id, accounts: [...names] }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What the key can list, and what its scope spells out, both within the scope. */
function modelIds({ account, facts }: Upstream): string[] {
  const spelledOut = account.models.filter((pattern) => !pattern.startsWith('!') && !pattern.includes('*'));
  return [...(facts.modelIds ?? []), ...spelledOut].filter((id) => modelAllowed(account.models, id));
}
