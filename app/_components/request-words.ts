/** What became of a call, in words that a person uses. Quiet when all is well, so that the eye stops on the rest. */
import type { RequestRowView } from '../../lib/wire/views.ts';
import type { Tone } from './state-pill.tsx';

export interface OutcomeWords {
  readonly label: string;
  readonly tone: Tone;
  /** Nothing to look at: shown in the second grey. */
  readonly quiet: boolean;
}

export const hasMoved = (call: RequestRowView): boolean =>
  call.attempts > 1 && call.accountId !== null && call.accountId !== call.firstAccountId;

export function outcomeOf(call: RequestRowView): OutcomeWords {
  const status = call.status === null ? '' : ` ${call.status}`;
  switch (call.outcome) {
    case null:
      return { label: call.stream ? 'Streaming' : 'Running', tone: 'busy', quiet: false };
    case 'delivered':
      if (call.status !== null && call.status >= 400)
        return { label: `Not valid${status}`, tone: 'idle', quiet: false };
      if (hasMoved(call)) return { label: 'Moved, delivered', tone: 'warn', quiet: false };
      return { label: 'Delivered', tone: 'ok', quiet: true };
    case 'refused':
      return { label: `Refused${status}`, tone: 'bad', quiet: false };
    case 'failed':
      return { label: `Failed${status}`, tone: 'bad', quiet: false };
    case 'interrupted':
      return { label: 'Cut off', tone: 'bad', quiet: false };
    case 'cancelled':
      return { label: 'Client left', tone: 'idle', quiet: false };
  }
}
