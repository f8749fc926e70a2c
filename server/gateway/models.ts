/**
 * `GET /v1/models` and `GET /v1/models/{id}`, answered by us: the union over the accounts that this caller may
 * use, within their scopes and its own. An account whose models were never learned offers the names that its
 * scope spells out. No account is asked, so this works however they are.
 */
import { modelAllowed } from '../../lib/accounts/models-scope.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { CamError } from '../../lib/errors.ts';
import type { Upstream } from '../../lib/routing/upstream.ts';

export interface ListedModel {
  readonly id: string;
  /** Names of the accounts that serve it. */
  readonly accounts: readonly string[];
}

type Scope = Pick<Caller, 'accounts' | 'models'>;

export function listModels(upstreams: readonly Upstream[], scope: Scope): readonly ListedModel[] {
  const found = new Map<string, string[]>();
  for (const upstream of upstreams) {
    const { account } = upstream;
    if (!account.enabled || !upstream.intact) continue;
    if (scope.accounts !== null && !scope.accounts.includes(account.id)) continue;
    for (const id of modelsOf(upstream)) {
      if (!modelAllowed(account.models, id) || !modelAllowed(scope.models, id)) continue;
      const accounts = found.get(id);
      if (!accounts) found.set(id, [account.name]);
      else if (!accounts.includes(account.name)) accounts.push(account.name);
    }
  }
  return [...found].map(([id, accounts]) => ({ id, accounts })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function modelsOf({ account, facts }: Upstream): readonly string[] {
  const spelledOut = account.models.filter((pattern) => !pattern.startsWith('!') && !pattern.includes('*'));
  return facts.modelIds === null ? spelledOut : [...facts.modelIds, ...spelledOut];
}

/** The body in OpenAI's shape. @param path below `/v1`: `/models` or `/models/{id}` */
export function modelsAnswer(path: string, upstreams: readonly Upstream[], scope: Scope): unknown {
  const models = listModels(upstreams, scope);
  if (path === '/models') return { object: 'list', data: models.map(modelRow) };
  const id = decodeURIComponent(path.slice('/models/'.length));
  const model = models.find((one) => one.id === id);
  if (!model) {
    throw new CamError(
      'model_not_found',
      `The model "${id}" is not served by any account that this key may use.`,
      {
        param: 'model',
      },
    );
  }
  return modelRow(model);
}

function modelRow({ id }: ListedModel): object {
  return { id, object: 'model', created: 0, owned_by: 'codex-account-manager' };
}
