'use client';
/** The last line of the set-up: waiting for the first call, then what came in. */
import { Check, CircleAlert } from 'lucide-react';
import { formatCallCost, formatCallTokens, formatDuration } from '../../../lib/format.ts';
import { useFirstCall } from '../../_components/first-call.tsx';
import { outcomeOf } from '../../_components/request-words.ts';
import { Dot } from '../../_components/state-pill.tsx';
import { Elapsed } from '../../_components/times.tsx';

export function WaitingLine({ clientKeyId, name }: { clientKeyId: string; name: string }) {
  const { calls, sinceMs } = useFirstCall(clientKeyId);
  const call = calls.find(({ outcome }) => outcome === 'delivered') ?? calls[0];
  const good = call?.outcome === 'delivered';
  const bad = call !== undefined && call.outcome !== null && !good;
  return (
    <div role="status" className="flex items-center gap-3 rounded-b-card border-t bg-raised/60 p-4">
      <span
        className={`grid size-8 shrink-0 place-items-center rounded-control border ${good ? 'bg-ok-soft text-ok-text' : bad ? 'bg-bad-soft text-bad-text' : 'bg-surface'}`}
      >
        {good ? (
          <Check size={16} />
        ) : bad ? (
          <CircleAlert size={16} />
        ) : (
          <Dot tone="busy" pulse className="size-2!" />
        )}
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {good
            ? 'Connected'
            : bad
              ? outcomeOf(call).label
              : call
                ? 'A call is coming in'
                : `Waiting for ${name}’s first call`}
        </p>
        <p className="text-12 text-pretty text-fg-3">
          {good
            ? `${call.model ?? 'A call'} through ${call.accountName ?? 'an account'} · ${formatCallTokens(call)} tokens · ${formatDuration(call.durationMs)} · ${formatCallCost(call)}`
            : bad
              ? `It reached us and failed${call.errorCode ? ` (${call.errorCode})` : ''}. Requests says why. Still listening.`
              : 'Turns green by itself. It is a real call and costs what that client’s first prompt costs.'}
        </p>
      </div>
      {!call && (
        <span className="text-12 text-fg-3" aria-hidden="true">
          <Elapsed sinceMs={sinceMs} />
        </span>
      )}
    </div>
  );
}
