/** A provider's own error answer, given to the client unchanged because it is the client's business. */
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { createMeter, type MeterReading } from '../../lib/metering/meter.ts';
import type { PeekedFailure } from '../upstream/peek.ts';
import type { Journey } from './journey.ts';
import { addOwnHeaders, type ResponseHeaderRule } from './response-headers.ts';
import type { ResponseSink } from './values.ts';

export function showUpstreams(
  answer: NonNullable<PeekedFailure['answer']>,
  journey: Journey,
  call: Call,
  caller: Caller,
  sink: ResponseSink,
  { headerRule, overheadUs }: { readonly headerRule: ResponseHeaderRule; readonly overheadUs: number },
): MeterReading {
  const candidate = journey.lastCandidate;
  const seeAccounts = caller.scopes.includes('see_accounts');
  const headers = addOwnHeaders(headerRule(answer.headers, seeAccounts), {
    requestId: call.requestId,
    accountId: candidate?.accountId ?? null,
    accountName: candidate?.name ?? null,
    attempts: journey.attempts.length,
    overheadUs,
    seeAccounts,
    reasoningDropped: journey.reasoningDropped,
  });
  headers.push(['content-length', String(answer.body.length)]);
  sink.head(answer.status, headers);
  sink.end(answer.body);
  const meter = createMeter(call.endpoint.family, { stream: false });
  meter.push(answer.body);
  return meter.end();
}
