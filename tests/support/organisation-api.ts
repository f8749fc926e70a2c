/** An organisation's admin API on 127.0.0.1: pages, missing scopes, limits and failures, as a test wants them. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const ADMIN_KEY = 'sk-admin-0123456789abcdefghijklmnop';
export const PROJECT_KEY = 'sk-proj-0123456789abcdefghij-wxyz';
const DAY_S = 86_400;

export interface DayOfUse {
  readonly daysAgo: number;
  readonly model: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly dollars: number;
}

export interface OrganisationApi extends AsyncDisposable {
  readonly baseUrl: string;
  /** Paths with queries, in the order in which they were asked, of the admin key. */
  readonly asked: string[];
  /** Answers these statuses first, for paths that hold the text; a wait goes with 429. */
  fail(pathPart: string, ...statuses: readonly number[]): void;
  readonly strangers: string[];
  /** Questions about billing: whose key, and the path. */
  readonly bills: string[];
}

/** @param nowMs the end of the newest day */
export async function openOrganisation(use: readonly DayOfUse[], nowMs: number): Promise<OrganisationApi> {
  const failures: { readonly part: string; readonly statuses: number[] }[] = [];
  const asked: string[] = [];
  const strangers: string[] = [];
  const bills: string[] = [];
  const todayS = Math.floor(nowMs / 1_000 / DAY_S) * DAY_S;

  function answer(url: URL): unknown {
    const path = url.pathname.replace('/v1', '');
    if (path === '/models') return { object: 'list', data: [{ id: 'gpt-5' }] };
    if (path === '/organization/usage/completions') return paged(url, (row) => usage(row));
    if (path === '/organization/usage/images') return pictures();
    if (path.startsWith('/organization/usage/')) return { object: 'page', data: [], has_more: false };
    if (path === '/dashboard/billing/subscription')
      return { object: 'billing_subscription', hard_limit_usd: 120, has_payment_method: true };
    if (path === '/dashboard/billing/usage') return { object: 'list', total_usage: 1_234 };
    if (path === '/organization/costs') return paged(url, (row) => cost(row));
    if (path === '/organization/projects/proj_one/api_keys') return keys(url);
    if (path === '/organization/projects/proj_one/rate_limits')
      return {
        data: [{ id: 'rl', model: 'gpt-5', max_requests_per_1_minute: 500, max_tokens_per_1_minute: 30_000 }],
        has_more: false,
      };
    if (path === '/organization/projects/proj_one/spend_limit')
      return {
        threshold_amount: 100,
        currency: 'USD',
        interval: 'month',
        enforcement: { status: 'enforcing' },
      };
    return null;
  }

  /** One bucket a page. */
  function paged(url: URL, result: (row: DayOfUse) => object): unknown {
    const at = Number(url.searchParams.get('page') ?? 0);
    const row = use[at];
    const more = at + 1 < use.length;
    const start = todayS - (row?.daysAgo ?? 0) * DAY_S;
    return {
      object: 'page',
      data:
        row === undefined
          ? []
          : [{ object: 'bucket', start_time: start, end_time: start + DAY_S, results: [result(row)] }],
      has_more: more,
      next_page: more ? String(at + 1) : null,
    };
  }

  const usage = (row: DayOfUse): object => ({
    object: 'organization.usage.completions.result',
    model: row.model,
    num_model_requests: row.requests,
    input_tokens: row.inputTokens,
    input_cached_tokens: 0,
    output_tokens: row.outputTokens,
  });
  /** Told by requests, without tokens. */
  const pictures = (): object => ({
    object: 'page',
    data: [
      {
        object: 'bucket',
        start_time: todayS - 2 * DAY_S,
        end_time: todayS - DAY_S,
        results: [
          { object: 'organization.usage.images.result', model: 'dall-e-3', images: 4, num_model_requests: 3 },
        ],
      },
    ],
    has_more: false,
  });
  const cost = (row: DayOfUse): object => ({
    object: 'organization.costs.result',
    amount: { value: row.dollars, currency: 'usd' },
    line_item: `${row.model}, input_tokens`,
  });

  function keys(url: URL): unknown {
    const first = url.searchParams.get('after') === null;
    return first
      ? {
          data: [{ id: 'key_other', redacted_value: 'sk-proj-*****abcd' }],
          has_more: true,
          last_id: 'key_other',
        }
      : {
          data: [{ id: 'key_ours', redacted_value: 'sk-proj-*****wxyz' }],
          has_more: false,
          last_id: 'key_ours',
        };
  }

  function statusFor(req: IncomingMessage, url: URL): number {
    const bearer = req.headers.authorization ?? '';
    const billing = url.pathname.includes('/dashboard/billing/');
    if (billing)
      bills.push(
        `${bearer === `Bearer ${PROJECT_KEY}` ? 'own key' : 'another'} ${url.pathname}${url.search}`,
      );
    if (bearer !== `Bearer ${ADMIN_KEY}` && url.pathname !== '/v1/models' && !billing) {
      strangers.push(bearer);
      return 403;
    }
    const failing = failures.find(({ part, statuses }) => url.href.includes(part) && statuses.length > 0);
    return failing?.statuses.shift() ?? 200;
  }

  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://127.0.0.1');
    const status = statusFor(req, url);
    if (url.pathname.startsWith('/v1/organization/')) asked.push(url.pathname + url.search);
    const body =
      status === 200 ? answer(url) : { error: { message: 'no', type: 'x', param: null, code: null } };
    res.writeHead(body === null ? 404 : status, {
      'content-type': 'application/json',
      'openai-project': 'proj_one',
      'openai-organization': 'org-one',
      ...(status === 429 ? { 'retry-after': '7' } : {}),
    });
    res.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    strangers,
    bills,
    fail: (part, ...statuses) => void failures.push({ part, statuses: [...statuses] }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
