/** A call that no account could take: nothing was reserved or dialled, so the ledger has no row of it. */
import type { ClientKeyId } from '../base/id.ts';
import type { Call } from '../calls/call.ts';
import type { ErrorCode } from '../errors.ts';
import type { RoutePlan } from './plan.ts';

export interface RefusedCall {
  readonly call: Call;
  readonly clientKeyId: ClientKeyId;
  readonly clientName: string;
  /** Without candidates; each account left out for its reason. */
  readonly plan: RoutePlan;
  readonly errorCode: ErrorCode;
  /** What the client was shown. */
  readonly status: number;
  readonly durationMs: number;
}
