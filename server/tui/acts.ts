/** What can be done from the screen: each answers with one sentence for the foot of it, and throws what went wrong. */
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { formatCountOf } from '../../lib/format.ts';
import type { AccountView } from '../../lib/wire/account-views.ts';
import type { AdminClient } from '../cli/client.ts';

/** As the API takes it. The limits that this form does not show stay. */
export interface AccountInput {
  readonly name: string;
  /** Null keeps the one there is. */
  readonly key: Secret | null;
  /** Null for OpenAI's own. */
  readonly baseUrl: string | null;
  readonly allowLocal: boolean;
  readonly organizationId: string | null;
  readonly projectId: string | null;
  readonly models: string[];
  readonly priority: number;
  readonly weight: number;
  readonly limits: AccountView['limits'];
}

export type Ask = <T>(use: (api: AdminClient) => Promise<T>) => Promise<T>;

export interface Act {
  add(input: AccountInput): Promise<string>;
  edit(ref: string, input: AccountInput): Promise<string>;
  toggle(account: AccountView): Promise<string>;
  test(account: AccountView): Promise<string>;
  refresh(account: AccountView): Promise<string>;
  remove(account: AccountView): Promise<string>;
  lock(): Promise<string>;
}

export function createActs(ask: Ask): Act {
  return {
    add: async ({ key, baseUrl, allowLocal, ...rest }) => {
      const where = baseUrl === null ? {} : { baseUrl, allowLocal };
      const { account, check } = await ask((api) =>
        api.accounts.add.mutate({ ...rest, ...where, key: key === null ? '' : reveal(key) }),
      );
      return `Added ${account.name}. ${check.message}`;
    },
    edit: async (ref, { key, baseUrl: _stays, allowLocal: _too, ...rest }) => {
      const { name } = await ask((api) =>
        api.accounts.edit.mutate({ ref, ...rest, ...(key === null ? {} : { key: reveal(key) }) }),
      );
      return `Changed ${name}. It holds from the next call.`;
    },
    toggle: async ({ id, name, enabled }) => {
      if (enabled) {
        await ask((api) => api.accounts.disable.mutate({ ref: id }));
        return `${name} is disabled: new calls go elsewhere.`;
      }
      await ask((api) => api.accounts.enable.mutate({ ref: id }));
      return `${name} serves again.`;
    },
    test: async ({ id, name }) => {
      const check = await ask((api) => api.accounts.test.mutate({ ref: id }));
      return `${name}: ${check.message}`;
    },
    refresh: async ({ id, name }) => {
      const list = await ask((api) => api.providers.refresh.mutate({ ref: id }));
      const mine = list.accounts.find((one) => one.id === id);
      const failed = mine?.sources.filter(({ error }) => error !== null).length ?? 0;
      return failed === 0
        ? `${name}: the provider was asked.`
        : `${name}: ${formatCountOf(failed, 'source')} did not answer; cam refresh says which.`;
    },
    remove: async ({ id, name }) => {
      await ask((api) => api.accounts.remove.mutate({ ref: id }));
      return `${name} and its key are removed.`;
    },
    lock: async () => {
      await ask((api) => api.session.lock.mutate({}));
      return 'Locked.';
    },
  };
}
