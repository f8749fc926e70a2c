/**
 * The calls under way, for people to watch: what each is doing now and a short tail of those that ended.
 */
import type { AccountId, ClientKeyId, RequestId } from '../../lib/base/id.ts';
import { type Clock, SECOND_MS } from '../../lib/base/time.ts';
import type { SettledRecord } from '../../lib/metering/ledger.ts';

export interface CallUnderWay {
  readonly id: RequestId;
  readonly startedAtMs: number;
  readonly endpoint: string;
  readonly model: string | null;
  readonly stream: boolean;
  readonly clientKeyId: ClientKeyId;
  readonly clientName: string;
  readonly firstAccountId: AccountId;
  readonly accountId: AccountId;
  readonly attempts: number;
  readonly firstTokenMs: number | null;
  /** Output events seen so far, a rough count of tokens while it streams. */
  readonly outputEvents: number;
}

export interface EndedCall {
  readonly call: CallUnderWay;
  readonly settled: SettledRecord;
}

export interface InFlight {
  begin(call: CallUnderWay): void;
  /** Merges what changed; unknown ids are ignored. */
  update(id: RequestId, change: Partial<Omit<CallUnderWay, 'id'>>): void;
  end(id: RequestId, settled: SettledRecord): void;
  readonly size: number;
  /** Calls that wait for an account, with those that are not under way yet. */
  readonly queued: number;
  setQueued(calls: number): void;
  list(): readonly CallUnderWay[];
  /** Calls that ended after the given moment (monotonic counter from `mark`), newest first, bounded. */
  endedSince(mark: number): { readonly mark: number; readonly ended: readonly EndedCall[] };
  /** Calls begun per second over the last minute. */
  perSecond(): number;
}

const ENDED_KEPT = 200;
const RATE_SECONDS = 60;

export function createInFlight({ clock }: { readonly clock: Clock }): InFlight {
  const calls = new Map<RequestId, CallUnderWay>();
  const ended: EndedCall[] = [];
  let endedEver = 0;
  let queued = 0;
  const begun = secondsCounter(clock);
  return {
    begin(call) {
      calls.set(call.id, { ...call });
      begun.count();
    },
    update(id, change) {
      const call = calls.get(id);
      if (call) Object.assign(call, change);
    },
    end(id, settled) {
      const call = calls.get(id);
      if (!call) return;
      calls.delete(id);
      ended.push({ call, settled });
      endedEver++;
      if (ended.length > ENDED_KEPT * 2) ended.splice(0, ended.length - ENDED_KEPT);
    },
    get size() {
      return calls.size;
    },
    get queued() {
      return queued;
    },
    setQueued(calls) {
      queued = calls;
    },
    // Copies: the records themselves go on changing.
    list: () => Array.from(calls.values(), (call) => ({ ...call })),
    endedSince(mark) {
      const count = Math.min(Math.max(0, endedEver - mark), ENDED_KEPT, ended.length);
      return { mark: endedEver, ended: ended.slice(ended.length - count).reverse() };
    },
    perSecond: () => begun.perSecond(),
  };
}

/** Counts per whole second in a ring, so that a rate needs neither timers nor a growing list. */
function secondsCounter(clock: Clock): { count(): void; perSecond(): number } {
  const counts = new Array<number>(RATE_SECONDS).fill(0);
  let lastSecond = Math.floor(clock.monotonicMs() / SECOND_MS);
  function advance(): number {
    const second = Math.floor(clock.monotonicMs() / SECOND_MS);
    for (let s = Math.max(lastSecond + 1, second - RATE_SECONDS + 1); s <= second; s++)
      counts[s % RATE_SECONDS] = 0;
    lastSecond = second;
    return second % RATE_SECONDS;
  }
  return {
    count() {
      const slot = advance();
      counts[slot] = (counts[slot] ?? 0) + 1;
    },
    perSecond() {
      advance();
      return counts.reduce((sum, count) => sum + count, 0) / RATE_SECONDS;
    },
  };
}
