/**
 * What relays still serve of the old billing pages, with the account's own key. Never asked of OpenAI, which answers them
 * to nobody but its own web pages.
 */
import type { SealedAccount } from '../../../lib/accounts/account.ts';
import { DAY_MS } from '../../../lib/base/time.ts';
import {
  type ProviderBilling,
  readBillingUsage,
  readCreditGrants,
  readSubscription,
} from '../../../lib/introspection/read.ts';
import type { AdminApi, Answer } from '../../introspection/admin-api.ts';
import { type NoteDeps, note } from './note.ts';

export interface BillingDeps extends NoteDeps {
  readonly adminApi: Pick<AdminApi, 'get'>;
}

export function isOpenAi(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return hostname === 'openai.com' || hostname.endsWith('.openai.com');
}

export async function refreshBilling(deps: BillingDeps, account: SealedAccount): Promise<void> {
  const of = { account, adminKey: null };
  const ask = (page: string, read: (json: unknown) => number | null, query = {}) =>
    deps.adminApi.get(of, `/dashboard/billing/${page}`, query, read);
  const today = new Date(deps.clock.nowMs());
  const answers = [
    await ask('subscription', readSubscription),
    await ask('usage', readBillingUsage, {
      start_date: day(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1)),
      end_date: day(today.getTime() + DAY_MS),
    }),
    await ask('credit_grants', readCreditGrants),
  ] as const;
  await note(deps, account.id, 'billing', together(answers));
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

type Told = Answer<number | null>;

/** One page that answers is an answer: no relay serves all of them. */
function together([limit, used, left]: readonly [Told, Told, Told]): Answer<ProviderBilling> {
  const all = [limit, used, left];
  const told = all.some((answer) => answer.kind === 'ok' && answer.value !== null);
  if (!told) return all.find(hasFailed) ?? NOTHING;
  const value = (answer: Told): number | null => (answer.kind === 'ok' ? answer.value : null);
  return { kind: 'ok', value: { limit: value(limit), usedThisMonth: value(used), left: value(left) } };
}

const hasFailed = (answer: Told): answer is Exclude<Told, { kind: 'ok' }> => answer.kind === 'failed';
const NOTHING: Answer<never> = { kind: 'refused', why: 'It tells nothing of what it bills.' };
