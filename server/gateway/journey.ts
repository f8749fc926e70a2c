/** What travels with a call from the open ledger row on, and what is noted on the way. */
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Attempt } from '../../lib/routing/attempt.ts';
import type { Candidate, RoutePlan } from '../../lib/routing/plan.ts';
import type { Reservation } from '../db/ledger.ts';
import type { Lease } from '../upstream/pool.ts';
import type { Visit } from './doorkeeper.ts';
import type { ParsedCall } from './parse.ts';
import type { GatewayRequest, ResponseSink } from './values.ts';

export interface CarryInput {
  readonly request: GatewayRequest;
  readonly sink: ResponseSink;
  readonly visit: Visit;
  readonly caller: Caller;
  readonly parsed: ParsedCall;
  readonly plan: RoutePlan;
  readonly reservation: Reservation;
  /** What the call is expected to use. */
  readonly sizeTokens: number;
  /** Taken while the call waited, for the plan's first candidate; null when it did not wait. */
  readonly lease: Lease | null;
  /** When the whole request was here: from then on the time is ours, but for what it was held. */
  readonly readyMs: number;
  /** How long it waited for an account before its ledger row was opened. */
  readonly heldMs: number;
  readonly seed: number;
}

/** Grows as the call travels; read when it has ended, however it ended. */
export interface Journey {
  attempts: Attempt[];
  reservation: Reservation;
  readonly sizeTokens: number;
  /** When the first dial was made; null while none was. */
  firstDialMs: number | null;
  lastCandidate: Candidate | null;
  /** Encrypted reasoning was removed from what the answer is about. */
  reasoningRemoved: boolean;
  /** That is news to the client, so it is said. */
  reasoningDropped: boolean;
  /** How long the call has been held since its last attempt, or since it came. */
  waitedMs: number;
  /** How long it was held before its first dial, for an account or a ramp: no time of our own. */
  heldMs: number;
}

export function startJourney({
  reservation,
  plan,
  heldMs,
  sizeTokens,
}: Pick<CarryInput, 'reservation' | 'plan' | 'heldMs' | 'sizeTokens'>): Journey {
  return {
    attempts: [],
    reservation,
    sizeTokens,
    firstDialMs: null,
    lastCandidate: null,
    reasoningRemoved: false,
    reasoningDropped: false,
    waitedMs: plan.waitedMs ?? 0,
    heldMs,
  };
}

/** Our own work before the first dial; what the call waited for is told apart, with its attempts. */
export function overheadUs({ firstDialMs, heldMs }: Journey, { readyMs }: CarryInput): number {
  return firstDialMs === null ? 0 : Math.max(0, Math.round((firstDialMs - readyMs - heldMs) * 1_000));
}
