/**
 * What calls came to since the start, for `/metrics`. Counted where a call is recorded, so that these sums and the
 * ledger's are the same; on the hot path, so it only adds to numbers that are there already. Bounded: models past a
 * number share one name, and everything else is from a closed list or as many as there are accounts and client keys.
 */
import type { ClientKeyId } from '../../lib/base/id.ts';
import { NANO_PER_DOLLAR } from '../../lib/base/money.ts';
import type { ErrorCode } from '../../lib/errors.ts';
import type { SettledRecord } from '../../lib/metering/ledger.ts';
import type { Usage } from '../../lib/metering/usage.ts';
import type { Family, Sample } from '../../lib/metrics/exposition.ts';
import { Histogram } from '../../lib/metrics/histogram.ts';
import type { Attempt } from '../../lib/routing/attempt.ts';

export interface CallMetrics {
  ended(call: MeasuredCall, settled: SettledRecord, attempts: readonly Attempt[]): void;
  /** Before any account was asked, and so not in the ledger. */
  refused(code: ErrorCode): void;
  families(): readonly Family[];
}

export interface MeasuredCall {
  readonly clientKeyId: ClientKeyId;
  readonly model: string | null;
}

/** As Prometheus' users do: seconds. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const OVERHEAD_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25];
const MODELS_MAX = 64;
const OTHER = 'other';
const NONE = 'none';

const TOKEN_KINDS = {
  input: 'inputTokens',
  cached: 'cachedTokens',
  cache_write: 'cacheWriteTokens',
  output: 'outputTokens',
  reasoning: 'reasoningTokens',
} as const satisfies Record<string, keyof Usage>;

export function createCallMetrics(): CallMetrics {
  const calls = createCounter('account', 'client', 'outcome');
  const refusals = createCounter('code');
  const attemptCounts = createCounter('account', 'result');
  const moves = createCounter('account');
  const tokens = createCounter('account', 'model', 'kind');
  const costs = createCounter('account', 'model');
  const clientCosts = createCounter('client');
  const unknownCosts = createCounter('account', 'model');
  const firstToken = createHistograms(SECONDS);
  const durations = createHistograms(SECONDS);
  const overhead = new Histogram(OVERHEAD_SECONDS);
  const models = new Set<string>();

  function nameOfModel(model: string | null): string {
    if (model === null) return NONE;
    if (models.has(model)) return model;
    if (models.size >= MODELS_MAX) return OTHER;
    models.add(model);
    return model;
  }

  function spent(client: string, account: string, model: string, { usage, cost }: SettledRecord): void {
    if (usage !== null) {
      for (const kind in TOKEN_KINDS) {
        const amount = usage[TOKEN_KINDS[kind as keyof typeof TOKEN_KINDS]];
        if (amount !== null) tokens.add(amount, account, model, kind);
      }
    }
    if (cost === null) unknownCosts.add(1, account, model);
    else {
      costs.add(cost / NANO_PER_DOLLAR, account, model);
      clientCosts.add(cost / NANO_PER_DOLLAR, client);
    }
  }

  return {
    ended(call, settled, attempts) {
      const account = settled.accountId ?? NONE;
      const model = nameOfModel(settled.servedModel ?? call.model);
      calls.add(1, account, call.clientKeyId, settled.outcome);
      spent(call.clientKeyId, account, model, settled);
      for (const { accountId, failure } of attempts)
        attemptCounts.add(1, accountId, failure?.class ?? 'answered');
      const first = attempts[0]?.accountId;
      if (settled.accountId !== null && first !== undefined && first !== settled.accountId)
        moves.add(1, first);
      if (settled.firstTokenMs !== null) firstToken.of(account).observe(settled.firstTokenMs / 1_000);
      durations.of(account).observe(settled.durationMs / 1_000);
      if (settled.overheadUs !== null) overhead.observe(settled.overheadUs / 1e6);
    },
    refused: (code) => refusals.add(1, code),
    families: () => [
      counter(
        'cam_calls_total',
        'Calls that ended, by the account that served them and their outcome.',
        calls,
      ),
      counter(
        'cam_refused_calls_total',
        'Calls refused before any account was asked, by our error code.',
        refusals,
      ),
      counter('cam_attempts_total', 'Upstream attempts, by what came of them.', attemptCounts),
      counter('cam_moved_calls_total', 'Calls that another account served than the one first asked.', moves),
      counter('cam_tokens_total', 'Tokens as reported; cached and cache_write are parts of input.', tokens),
      counter('cam_cost_dollars_total', 'Cost of calls whose price is known.', costs),
      counter('cam_client_cost_dollars_total', 'The same, by client key.', clientCosts),
      counter('cam_unknown_cost_calls_total', 'Calls whose cost is not known and in no sum.', unknownCosts),
      {
        name: 'cam_first_token_seconds',
        help: 'Time to the first token.',
        type: 'histogram',
        samples: firstToken.samples(),
      },
      {
        name: 'cam_call_seconds',
        help: 'Time to the end of the answer.',
        type: 'histogram',
        samples: durations.samples(),
      },
      {
        name: 'cam_overhead_seconds',
        help: 'Our own work before the first dial.',
        type: 'histogram',
        samples: overhead.samples({}),
      },
    ],
  };
}

function counter(name: string, help: string, counts: { samples(): Sample[] }): Family {
  return { name, help, type: 'counter', samples: counts.samples() };
}

/** Sums by the values of these labels. */
function createCounter<const Names extends readonly string[]>(...names: Names) {
  const sums = new Map<string, { readonly labels: Record<string, string>; value: number }>();
  return {
    add(amount: number, ...values: { [K in keyof Names]: string }): void {
      const key = values.join('\n');
      const known = sums.get(key);
      if (known !== undefined) known.value += amount;
      else {
        const labels = Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
        sums.set(key, { labels, value: amount });
      }
    },
    samples: (): Sample[] => [...sums.values()].map(({ labels, value }) => ({ labels, value })),
  };
}

function createHistograms(bounds: readonly number[]) {
  const byAccount = new Map<string, Histogram>();
  return {
    of(account: string): Histogram {
      let histogram = byAccount.get(account);
      if (histogram === undefined) {
        histogram = new Histogram(bounds);
        byAccount.set(account, histogram);
      }
      return histogram;
    },
    samples: (): Sample[] => [...byAccount].flatMap(([account, histogram]) => histogram.samples({ account })),
  };
}
