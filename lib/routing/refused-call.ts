/** A call that we refused before any account was asked: nothing was reserved or dialled, so the ledger has no row of it. */
import type { ClientKeyId, RequestId } from '../base/id.ts';
import type { SessionKey } from '../calls/call.ts';
import type { ErrorCode } from '../errors.ts';
import type { RoutePlan } from './plan.ts';

export interface RefusedCall {
  readonly id: RequestId;
  readonly startedAtMs: number;
  readonly endpoint: string;
  /** This and what follows is unknown where the call ended before it was read. */
  readonly model: string | null;
  readonly stream: boolean;
  readonly session: SessionKey | null;
  readonly requestBytes: number;
  readonly userAgent: string | null;
  readonly clientKeyId: ClientKeyId;
  readonly clientName: string;
  /** Null where no account came into question: the client key's own rules or limits ended it, or the body did. */
  readonly plan: RoutePlan | null;
  readonly errorCode: ErrorCode;
  /** What the client was told. */
  readonly message: string;
  readonly status: number;
  readonly durationMs: number;
}
