/**
 * One emulated account key: where it belongs, what it may use, how it is scripted to behave, and what it has
 * received. Everything it remembers is bounded.
 */
import type { Clock } from '../../lib/base/time.ts';
import type { Fault, Script } from './faults.ts';
import { faultFor, HEALTHY, scripts } from './faults.ts';
import type { Organisation } from './organisations.ts';

export interface KeySettings {
  readonly key: string;
  readonly organization?: string;
  readonly project?: string;
  /** Empty or absent: every model. */
  readonly models?: readonly string[];
  readonly script?: Script;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

/** A call as it arrived. Changes while it is served: `status`, `aborted` and `finished` are filled in. */
export interface ReceivedCall {
  readonly n: number;
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly model: string | null;
  readonly fault: Fault['kind'];
  status: number | null;
  /** The client left before the answer had been sent. */
  aborted: boolean;
  abortedAtMs: number | null;
  /** The answer was sent as far as the fault allowed. */
  finished: boolean;
}

export interface EmulatedKey {
  readonly key: string;
  readonly organisation: Organisation;
  readonly project: string;
  readonly models: readonly string[];
  readonly received: readonly ReceivedCall[];
  script(next: Script): void;
  /** The fault for this call; counts it if the script is about such calls. */
  take(call: { readonly method: string; readonly model: string | null }): Fault;
  record(call: Omit<ReceivedCall, 'n' | 'status' | 'aborted' | 'abortedAtMs' | 'finished'>): ReceivedCall;
  /** A recorded call is over, however it ended. */
  ended(call: ReceivedCall): void;
  /** Resolves when no call of this key is under way. */
  idle(): Promise<void>;
  forget(): void;
  rateHeaders(tokens: number): Readonly<Record<string, string>>;
}

const CALLS_KEPT = 2_000;
const BODY_BYTES_KEPT = 67_108_864;

export function createEmulatedKey(
  settings: KeySettings,
  organisation: Organisation,
  clock: Clock,
): EmulatedKey {
  const received: ReceivedCall[] = [];
  let keptBytes = 0;
  let seen = 0;
  let current: Script = settings.script ?? scripts.healthy;
  let counted = 0;
  const rates = createRates(settings, clock);
  const open = new Set<ReceivedCall>();
  let waiting: (() => void)[] = [];

  const drop = () => {
    while (received.length > CALLS_KEPT || keptBytes > BODY_BYTES_KEPT) {
      keptBytes -= received.shift()?.body.length ?? 0;
    }
  };

  return {
    key: settings.key,
    organisation,
    project: settings.project ?? 'proj_default',
    models: settings.models ?? [],
    received,
    script(next) {
      current = next;
      counted = 0;
    },
    take({ method, model }) {
      if (method === 'GET' && current.on !== 'all') return HEALTHY;
      if (current.models !== undefined && !current.models.includes(model ?? '')) return HEALTHY;
      return faultFor(current, counted++);
    },
    record(call) {
      const entry = { ...call, n: ++seen, status: null, aborted: false, abortedAtMs: null, finished: false };
      received.push(entry);
      keptBytes += call.body.length;
      open.add(entry);
      drop();
      return entry;
    },
    ended(call) {
      open.delete(call);
      if (open.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    idle: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    forget() {
      received.length = 0;
      keptBytes = 0;
      seen = 0;
      counted = 0;
    },
    rateHeaders: rates,
  };
}

/** Budgets per calendar minute, told as OpenAI tells them. */
function createRates(settings: KeySettings, clock: Clock) {
  const requestsMax = settings.requestsPerMinute ?? 5_000;
  const tokensMax = settings.tokensPerMinute ?? 2_000_000;
  let minute = -1;
  let requests = 0;
  let tokensUsed = 0;
  return (tokens: number) => {
    const now = clock.nowMs();
    if (Math.floor(now / 60_000) !== minute) {
      minute = Math.floor(now / 60_000);
      requests = 0;
      tokensUsed = 0;
    }
    requests++;
    tokensUsed += tokens;
    const reset = `${Math.ceil((60_000 - (now % 60_000)) / 1000)}s`;
    return {
      'x-ratelimit-limit-requests': String(requestsMax),
      'x-ratelimit-remaining-requests': String(Math.max(0, requestsMax - requests)),
      'x-ratelimit-reset-requests': reset,
      'x-ratelimit-limit-tokens': String(tokensMax),
      'x-ratelimit-remaining-tokens': String(Math.max(0, tokensMax - tokensUsed)),
      'x-ratelimit-reset-tokens': reset,
    };
  };
}
