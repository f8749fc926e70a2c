/**
 * Where a call ended and nobody said what it used (the stream was cut, the client left, the provider is one that
 * never says, or what it says cannot be true), our own count stands in: marked as estimated, and a lower bound. Only such calls come here, and
 * their settlement waits for it.
 */
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { COUNTED_FAMILIES, countedUsage } from '../../lib/metering/count-call.ts';
import { tellsTokens } from '../../lib/metering/usage-shapes.ts';
import type { LastInput } from '../db/last-input.ts';
import type { Log } from '../log.ts';
import type { Completion } from './completion.ts';
import type { TokenCounter } from './token-counter.ts';

export interface FillInDeps {
  readonly tokenCounter: Pick<TokenCounter, 'count'>;
  readonly lastInput: LastInput;
  readonly log: Pick<Log, 'warn'>;
}

/** Answers with a count of tokens, and nobody charges for it. */
const COUNTS_ONLY = 'POST /responses/input_tokens';
const REFUSED_FROM_STATUS = 400;

export function lacksUsage(call: Call, { reading, shown, accountId, status }: Completion): boolean {
  if (reading === null || shown === null || accountId === null || tellsTokens(reading.usage)) return false;
  if (status !== null && status >= REFUSED_FROM_STATUS) return false;
  const { endpoint, facts } = call;
  // The answer to a background call comes at once; what it costs is known to nobody until it is fetched.
  if (endpoint.treatment !== 'inference' || endpoint.name === COUNTS_ONLY) return false;
  return COUNTED_FAMILIES.has(endpoint.family) && facts?.background !== true;
}

/** Never rejects: what cannot be counted stays unknown. */
export async function fillIn(
  completion: Completion,
  asked: { readonly call: Call; readonly caller: Caller; readonly body: Uint8Array | null },
  deps: FillInDeps,
): Promise<Completion> {
  const { reading, shown } = completion;
  const { call, caller, body } = asked;
  if (reading === null) return completion;
  const counted = await deps.tokenCounter.count({
    family: call.endpoint.family,
    stream: completion.streamed,
    asked: body,
    shown: Buffer.concat(shown ?? []),
    outputEvents: reading.outputEvents,
    bytes: reading.bytes,
  });
  if (counted === null) return completion;
  const before = counted.continuesElsewhere ? lastInputOf(call, caller, deps) : null;
  const usage = countedUsage(counted, before, reading.usage?.flagged ?? false);
  return { ...completion, reading: { ...reading, usage }, estimated: true };
}

function lastInputOf({ session, receivedAtMs }: Call, caller: Caller, deps: FillInDeps): number | null {
  if (!session) return null;
  try {
    return deps.lastInput(caller.clientKeyId, session.hash, receivedAtMs);
  } catch (error) {
    deps.log.warn({ error: String(error) }, 'the last input of a conversation could not be read');
    return null;
  }
}
