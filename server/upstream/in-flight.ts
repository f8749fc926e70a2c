/**
 * The calls under way, for people to watch: what each is doing now and a short tail of those that ended.
 */
import type { AccountId, ClientKeyId, RequestId } from '../../lib/base/id.ts';
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
  list(): readonly CallUnderWay[];
  /** Calls that ended after the given moment (monotonic counter from `mark`), newest first, bounded. */
  endedSince(mark: number): { readonly mark: number; readonly ended: readonly EndedCall[] };
  /** Calls begun per second over the last minute. */
  perSecond(): number;
}
