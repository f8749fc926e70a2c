/**
 * What leaves for an account: the client's headers, sifted once, and its body with the only edits there are
 * (`include_usage`, encrypted reasoning left out). Each form of the body is made at most once per call.
 */
import type { AccountId } from '../../lib/base/id.ts';
import { hashContent } from '../../lib/calls/body-facts.ts';
import { addIncludeUsage, stripReasoning } from '../../lib/calls/edit-body.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { sealerOf } from '../../lib/routing/limit-group.ts';
import type { Candidate } from '../../lib/routing/plan.ts';
import type { ObjectOwners } from '../db/object-owners.ts';
import { shortHash } from '../short-hash.ts';
import type { Pool } from '../upstream/pool.ts';
import { sealerOfText } from './objects.ts';
import type { ParsedCall } from './parse.ts';
import type { SiftRequestHeaders } from './request-headers.ts';
import { TURN_STATE_HEADER, type TurnStates } from './turn-state.ts';
import type { GatewayRequest } from './values.ts';

/** As far as it decides what is sent. */
export type Goal = Pick<Candidate, 'accountId' | 'stripReasoning' | 'stripAll'>;

export interface Outgoing {
  headersFor(account: AccountId): readonly string[];
  body(goal: Goal): Uint8Array | AsyncIterable<Uint8Array> | null;
  /** Encrypted reasoning was really removed for this goal. */
  removes(goal: Goal): boolean;
  /** Nothing is left of it that could be removed. */
  removesAll(goal: Goal): boolean;
  /** The body can be sent again. */
  readonly replayable: boolean;
  /** We asked for a usage chunk that the client did not ask for. */
  readonly asksForUsage: boolean;
}

interface Stripped {
  readonly body: Uint8Array;
  readonly kept: boolean;
}

export interface OutgoingDeps {
  readonly sift: SiftRequestHeaders;
  readonly turnStates: TurnStates;
  readonly pool: Pick<Pool, 'upstream'>;
  readonly owners: Pick<ObjectOwners, 'get'>;
}

export function prepareOutgoing(
  request: GatewayRequest,
  parsed: ParsedCall,
  caller: Caller,
  deps: OutgoingDeps,
): Outgoing {
  const { sift, turnStates } = deps;
  const { call, raw } = parsed;
  const headers = sift(request.headers, { rawBody: raw });
  const turnState = request.headers[TURN_STATE_HEADER];
  const reportsUsage = call.endpoint.family === 'chat' || call.endpoint.family === 'completions';
  const asksForUsage = reportsUsage && call.stream && call.facts?.includeUsage === false;
  const whole = parsed.body && asksForUsage ? addIncludeUsage(parsed.body) : parsed.body;
  /** By the organisation that reads it; null for the body without any reasoning. */
  let stripped: Map<string | null, Stripped> | null = null;

  const strip = (bytes: Uint8Array, { accountId, stripAll }: Goal): Stripped => {
    const upstream = stripAll ? null : deps.pool.upstream(accountId);
    const reader = upstream && sealerOf(upstream);
    stripped ??= new Map();
    let found = stripped.get(reader);
    if (found === undefined) {
      let kept = false;
      const body = stripReasoning(bytes, (sealed) => {
        const sealer = reader && sealerOfText(caller, hashContent(bytes, shortHash, sealed), deps.owners);
        const readable = sealer !== null && sealer === reader;
        kept ||= readable;
        return readable;
      });
      found = { body, kept };
      stripped.set(reader, found);
    }
    return found;
  };

  return {
    headersFor(account) {
      if (turnState === undefined || !turnStates.mayGoTo(turnState, account)) return headers;
      return [...headers, TURN_STATE_HEADER, turnState];
    },
    body(goal) {
      if (raw) return parsed.stream ?? request.streamBody();
      if (!whole || whole.length === 0) return null;
      return goal.stripReasoning ? strip(whole, goal).body : whole;
    },
    removes: (goal) => goal.stripReasoning && !raw && whole !== null && strip(whole, goal).body !== whole,
    removesAll: (goal) => goal.stripReasoning && !raw && whole !== null && !strip(whole, goal).kept,
    replayable: !raw,
    asksForUsage,
  };
}
