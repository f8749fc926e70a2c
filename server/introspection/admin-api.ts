/**
 * Questions to an organisation's admin API, at the account's own provider and nowhere else: pages followed to their end,
 * refusals told apart from failures, failures asked again with growing waits (`retry-after` where it is told).
 */
import type { SealedAccount } from '../../lib/accounts/account.ts';
import type { Page } from '../../lib/introspection/read.ts';
import { readToldWait } from '../../lib/resilience/told-wait.ts';
import type { Dial, DialTimes } from '../upstream/dial.ts';
import { fetchWhole } from '../upstream/fetch-whole.ts';

/** `refused`: asking again does not help; the sentence says why. */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused' | 'failed'; readonly why: string };

export interface AdminAccount {
  readonly account: SealedAccount;
  /** Sealed; null: it is asked with the account's own key. */
  readonly adminKey: Uint8Array | null;
}

export interface AdminApi {
  get<T>(of: AdminAccount, path: string, query: Query, read: (json: unknown) => T): Promise<Answer<T>>;
  /** All pages, bounded in number. @param cursor the query's name for the next page */
  pages<T>(
    of: AdminAccount,
    path: string,
    query: Query,
    cursor: 'page' | 'after',
    read: (json: unknown) => Page<T>,
  ): Promise<Answer<readonly T[]>>;
}

export type Query = Readonly<Record<string, string | number | readonly string[]>>;

export interface AdminApiDeps {
  readonly dial: Dial;
  readonly nowMs: () => number;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const TIMES: DialTimes = { firstByteMs: 30_000, idleMs: 30_000, totalMs: 60_000 };
const TRIES_MAX = 4;
const WAIT_MS = 1_000;
const WAIT_MAX_MS = 60_000;
const PAGES_MAX = 100;

export function createAdminApi({ dial, nowMs, random, sleep }: AdminApiDeps): AdminApi {
  async function get<T>(
    { account, adminKey }: AdminAccount,
    path: string,
    query: Query,
    read: (json: unknown) => T,
  ): Promise<Answer<T>> {
    let why = '';
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const headers = ['accept', 'application/json', 'accept-encoding', 'identity'];
      const request = {
        account,
        ...(adminKey === null ? {} : { adminKey }),
        method: 'GET',
        path: path + queryText(query),
        headers,
        body: null,
      };
      const fetched = await fetchWhole(dial, { ...request, times: TIMES });
      if ('status' in fetched && fetched.status === 200) {
        const json = parsed(fetched.body);
        if (json !== undefined) return { kind: 'ok', value: read(json) };
        why = 'It answered something that is no JSON.';
      } else if ('status' in fetched && !isPassing(fetched.status)) {
        return { kind: 'refused', why: refusal(fetched.status, adminKey === null ? 'key' : 'admin key') };
      } else why = 'status' in fetched ? `It answered ${fetched.status}.` : `No answer (${fetched.code}).`;
      const told = 'status' in fetched ? (readToldWait(fetched.headers, '', nowMs())?.waitMs ?? null) : null;
      if (told !== null && told > WAIT_MAX_MS) break;
      const guessed = Math.min(WAIT_MS * 2 ** tries, WAIT_MAX_MS) * (0.5 + random() / 2);
      if (tries < TRIES_MAX - 1) await sleep(told ?? guessed);
    }
    return { kind: 'failed', why };
  }

  return {
    get,
    async pages(of, path, query, cursor, read) {
      const rows = [];
      let next: string | null = null;
      for (let page = 0; page < PAGES_MAX; page++) {
        const asked: Query = next === null ? query : { ...query, [cursor]: next };
        const answer: Answer<ReturnType<typeof read>> = await get(of, path, asked, read);
        if (answer.kind !== 'ok') return answer;
        rows.push(...answer.value.rows);
        // A provider that answers the same page for ever is not asked for ever.
        if (answer.value.next === null || answer.value.next === next) return { kind: 'ok', value: rows };
        next = answer.value.next;
      }
      return { kind: 'failed', why: `It has more than ${PAGES_MAX} pages.` };
    },
  };
}

function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'object') for (const one of value) params.append(`${name}[]`, one);
    else params.append(name, String(value));
  }
  return params.size === 0 ? '' : `?${params}`;
}

const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

function refusal(status: number, key: string): string {
  if (status === 401) return `The provider does not accept the ${key}.`;
  if (status === 403) return `The ${key} may not read this: it lacks a scope.`;
  if (status === 404) return 'The provider does not know this.';
  return `The provider refuses (${status}).`;
}

/** Undefined where it is no JSON. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
