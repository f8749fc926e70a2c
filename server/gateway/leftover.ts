/**
 * What becomes of a call that was given up while a provider had its request: the provider may charge for it, so the
 * account is named and what it was sent, with what had come of an answer by then, is counted as an estimate. A
 * request that never left costs nothing, and that is known.
 */
import type { Call } from '../../lib/calls/call.ts';
import { createMeter } from '../../lib/metering/meter.ts';
import type { Attempt } from '../../lib/routing/attempt.ts';
import { shortHash } from '../short-hash.ts';
import type { PeekedNothing } from '../upstream/peek.ts';
import type { Pool } from '../upstream/pool.ts';
import type { Completion } from './completion.ts';

/** How far an attempt had come; see `Attempt.left`. */
export function leftAt({ sent, status }: PeekedNothing): NonNullable<Attempt['left']> {
  if (!sent) return 'unsent';
  return status === null ? 'unanswered' : 'unshown';
}

const REFUSED_FROM_STATUS = 400;

/** @param left what the attempt under way had come to; null when none was */
export function chargedFor(
  completion: Completion,
  left: PeekedNothing | null,
  call: Call,
  pool: Pick<Pool, 'upstream'>,
): Completion {
  const last = completion.attempts.at(-1);
  // Nobody charges for a refusal, and of none that had begun anything more was to come.
  if (left === null || !left.sent || last === undefined || (left.status ?? 0) >= REFUSED_FROM_STATUS)
    return completion;
  const eventStream = left.headers['content-type']?.startsWith('text/event-stream') ?? false;
  const meter = createMeter(call.endpoint.family, { stream: eventStream, hash: shortHash });
  for (const chunk of left.held) meter.push(chunk);
  return {
    ...completion,
    accountId: last.accountId,
    priceMultiplier: pool.upstream(last.accountId)?.account.priceMultiplier ?? 1,
    reading: meter.end(),
    streamed: eventStream,
    shown: left.headers['content-encoding'] === undefined ? left.held : [],
  };
}
