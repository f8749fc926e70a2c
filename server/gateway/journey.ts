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
  /** Taken while the call waited, for the plan's first candidate; null when it did not wait. */
  readonly lease: Lease | null;
  /** When the whole request was here: from then on the time is ours. */
  readonly readyMs: number;
  readonly seed: number;
}

/** Grows as the call travels; read when it has ended, however it ended. */
export interface Journey {
  attempts: Attempt[];
  reservation: Reservation;
  /** When the first dial was made; null while none was. */
  firstDialMs: number | null;
  lastCandidate: Candidate | null;
  /** Encrypted reasoning was removed from what the answer is about. */
  reasoningRemoved: boolean;
  /** That is news to the client, so it is said. */
  reasoningDropped: boolean;
  /** How long the call has been held since its last attempt, or since it came. */
  waitedMs: number;
}

export function startJourney({ reservation, plan }: Pick<CarryInput, 'reservation' | 'plan'>): Journey {
  return {
    attempts: [],
    reservation,
    firstDialMs: null,
    lastCandidate: null,
    reasoningRemoved: false,
    reasoningDropped: false,
    waitedMs: plan.waitedMs ?? 0,
  };
}

/** Our own part of the time before the first dial. */
export function overheadUs({ firstDialMs }: Journey, { readyMs }: CarryInput): number {
  return firstDialMs === null ? 0 : Math.max(0, Math.round((firstDialMs - readyMs) * 1_000));
}
