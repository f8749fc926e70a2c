/**
 * What leaves for an account: the client's headers, sifted once, and its body with the only edits there are
 * (`include_usage`, encrypted reasoning left out). Each form of the body is made at most once per call.
 */
import type { AccountId } from '../../lib/base/id.ts';
import { addIncludeUsage, stripReasoning } from '../../lib/calls/edit-body.ts';
import type { ParsedCall } from './parse.ts';
import type { SiftRequestHeaders } from './request-headers.ts';
import { TURN_STATE_HEADER, type TurnStates } from './turn-state.ts';
import type { GatewayRequest } from './values.ts';

export interface Outgoing {
  headersFor(account: AccountId): readonly string[];
  body(stripped: boolean): Uint8Array | AsyncIterable<Uint8Array> | null;
  /** The body can be sent again. */
  readonly replayable: boolean;
  /** We asked for a usage chunk that the client did not ask for. */
  readonly asksForUsage: boolean;
}

export function prepareOutgoing(
  request: GatewayRequest,
  parsed: ParsedCall,
  { sift, turnStates }: { readonly sift: SiftRequestHeaders; readonly turnStates: TurnStates },
): Outgoing {
  const { call, raw } = parsed;
  const headers = sift(request.headers, { rawBody: raw });
  const turnState = request.headers[TURN_STATE_HEADER];
  const reportsUsage = call.endpoint.family === 'chat' || call.endpoint.family === 'completions';
  const asksForUsage = reportsUsage && call.stream && call.facts?.includeUsage === false;
  const whole = parsed.body && asksForUsage ? addIncludeUsage(parsed.body) : parsed.body;
  let stripped: Uint8Array | null = null;
  return {
    headersFor(account) {
      if (turnState === undefined || !turnStates.mayGoTo(turnState, account)) return headers;
      return [...headers, TURN_STATE_HEADER, turnState];
    },
    body(withoutReasoning) {
      if (raw) return parsed.stream ?? request.streamBody();
      if (!whole || whole.length === 0) return null;
      if (!withoutReasoning) return whole;
      stripped ??= stripReasoning(whole);
      return stripped;
    },
    replayable: !raw,
    asksForUsage,
  };
}
