/**
 * Is this key good? The one function that asks: `GET {base}/models`, which costs nothing and needs no credit.
 * Used before an account is added, when an operator tests one, and to confirm a refusal before a credential is
 * disabled. An inference is never made for this. What comes back is told without bodies or keys.
 */
import type { SealedAccount } from '../../lib/accounts/account.ts';
import type { Clock } from '../../lib/base/time.ts';
import { readHeaderLimits } from '../../lib/resilience/header-limits.ts';
import type { HeaderLimit } from '../../lib/routing/upstream.ts';
import type { Dial, DialTimes } from './dial.ts';
import type { TransportFailure } from './dial-failure.ts';
import { type Fetched, fetchWhole } from './fetch-whole.ts';

export interface AccountCheck {
  readonly ok: boolean;
  readonly verdict: 'accepted' | 'limited_scopes' | 'refused' | 'unreachable';
  readonly message: string;
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly organization: string | null;
  readonly project: string | null;
  readonly modelIds: readonly string[] | null;
  readonly headerLimits: Readonly<Record<string, HeaderLimit>>;
}

export type CheckAccount = (account: SealedAccount, signal?: AbortSignal) => Promise<AccountCheck>;

const TIMES: DialTimes = { firstByteMs: 10_000, idleMs: 10_000, totalMs: 15_000 };
const MODEL_IDS_MAX = 5_000;
const MODEL_ID_LENGTH_MAX = 200;

export function createCheckAccount({
  dial,
  clock,
}: {
  readonly dial: Dial;
  readonly clock: Clock;
}): CheckAccount {
  return async (account, signal) => {
    const startedMs = clock.monotonicMs();
    const fetched = await fetchModels(dial, account, signal);
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    if (!('status' in fetched)) return { ...UNREACHABLE, message: unreachable(fetched, account), durationMs };
    const modelIds = fetched.status === 200 ? readModelIds(fetched.body) : null;
    return {
      ...verdictOf(fetched.status, modelIds),
      status: fetched.status,
      durationMs,
      organization: fetched.headers['openai-organization'] ?? null,
      project: fetched.headers['openai-project'] ?? null,
      modelIds,
      headerLimits: readHeaderLimits(fetched.headers, clock.nowMs()) ?? {},
    };
  };
}

const UNREACHABLE: Omit<AccountCheck, 'message' | 'durationMs'> = {
  ok: false,
  verdict: 'unreachable',
  status: null,
  organization: null,
  project: null,
  modelIds: null,
  headerLimits: {},
};

function fetchModels(
  dial: Dial,
  account: SealedAccount,
  signal: AbortSignal | undefined,
): Promise<Fetched | TransportFailure> {
  const headers = ['accept', 'application/json', 'accept-encoding', 'identity'];
  return fetchWhole(
    dial,
    { account, method: 'GET', path: '/models', headers, body: null, times: TIMES },
    signal,
  );
}

function verdictOf(
  status: number,
  modelIds: readonly string[] | null,
): Pick<AccountCheck, 'ok' | 'verdict' | 'message'> {
  if (status === 200) {
    const models = modelIds === null ? '' : ` It can list ${modelIds.length} models.`;
    return { ok: true, verdict: 'accepted', message: `The provider accepts this key.${models}` };
  }
  if (status === 401)
    return { ok: false, verdict: 'refused', message: 'The provider refuses this key (401).' };
  if (status === 429) {
    return {
      ok: true,
      verdict: 'accepted',
      message: 'The provider knows this key but limits it right now (429).',
    };
  }
  if (status === 403 || status === 404) {
    const message = `The provider knows the key but does not list models for it (${status}). Calls may still work.`;
    return { ok: true, verdict: 'limited_scopes', message };
  }
  return {
    ok: false,
    verdict: 'unreachable',
    message: `The provider answered ${status}: it cannot tell right now.`,
  };
}

function unreachable(failure: TransportFailure, account: SealedAccount): string {
  const where = URL.canParse(account.baseUrl) ? new URL(account.baseUrl).host : 'the provider';
  return `No answer from ${where} (${failure.code}).`;
}

function readModelIds(body: Buffer): readonly string[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  const data: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'data') : null;
  if (!Array.isArray(data)) return null;
  const ids: string[] = [];
  for (const row of data.slice(0, MODEL_IDS_MAX)) {
    const id: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 'id') : null;
    if (typeof id === 'string' && id.length > 0 && id.length <= MODEL_ID_LENGTH_MAX) ids.push(id);
  }
  return ids;
}
