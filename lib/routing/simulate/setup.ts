/** What a simulation is given: how many accounts there are, at how many organisations, and with which limits. */
import type { Account } from '../../accounts/account.ts';
import { type AccountId, accountId, uuidV7 } from '../../base/id.ts';
import { seededRandom } from '../../base/random.ts';
import type { LimitSet } from '../../metering/limit.ts';
import type { Seat } from './world.ts';

export interface SimulatedPool {
  readonly accounts: number;
  /** Accounts are dealt to them in turn; those of one organisation share its limits and its prompt caches. */
  readonly organizations: number;
  /** Limits of our own, the same for every account. */
  readonly limits: LimitSet;
}

/** Accounts that there are, in place of made-up ones: their scopes, priorities, weights and limits. */
export interface KnownPool {
  readonly known: readonly Account[];
  /** Where each leads, as far as it is known: accounts of one organisation and project share limits and caches. */
  readonly places: ReadonlyMap<
    AccountId,
    { readonly organization: string | null; readonly project: string | null }
  >;
}

/** An account whose organisation or project is not known shares with nobody. */
export function seatKnown({ known, places }: KnownPool): readonly Seated[] {
  return known.map((account, at): Seated => {
    const { organization = null, project = null } = places.get(account.id) ?? {};
    return {
      account,
      seat: {
        number: at + 1,
        organization: organization ?? account.name,
        project: project ?? `${account.name}'s`,
      },
    };
  });
}

export interface Seated {
  readonly account: Account;
  readonly seat: Seat;
}

const ID_RANDOM_BYTES = 10;
const PRIORITY_STEP = 10;

/** The first account has the lowest priority number. Ids come from the seed, because `sticky` goes by them. */
export function seatAccounts(
  { accounts, organizations, limits }: SimulatedPool,
  startsAtMs: number,
  seed: number,
): readonly Seated[] {
  const random = seededRandom(seed);
  return Array.from({ length: accounts }, (_, at): Seated => {
    const organization = `org-${(at % organizations) + 1}`;
    const bytes = Uint8Array.from({ length: ID_RANDOM_BYTES }, () => Math.floor(random() * 256));
    const id = accountId(uuidV7(startsAtMs, bytes));
    return {
      account: accountNamed(id, at + 1, limits, startsAtMs),
      seat: { number: at + 1, organization, project: `${organization}-main` },
    };
  });
}

function accountNamed(id: AccountId, number: number, limits: LimitSet, createdAtMs: number): Account {
  return {
    id,
    name: `account ${number}`,
    provider: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    allowLocal: false,
    organizationId: null,
    projectId: null,
    models: [],
    priority: number * PRIORITY_STEP,
    weight: 1,
    enabled: true,
    limits,
    priceMultiplier: 1,
    createdAtMs,
  };
}
