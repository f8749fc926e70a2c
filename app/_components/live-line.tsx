'use client';
/** How fresh the page is, in one line beside its title. */
import { RefreshCw } from 'lucide-react';
import { formatSpan } from '../../lib/format.ts';
import { useLink, useTick } from '../_data/live.tsx';
import { useNow } from '../_data/now.ts';
import { Dot } from './state-pill.tsx';
import { clockTime } from './times.tsx';

export function LiveLine({ idle }: { idle?: string }) {
  const { phase, heardAtMs } = useLink();
  const tick = useTick();
  const nowMs = useNow();
  if (phase === 'offline') {
    return (
      <Line tone="bad" className="text-bad-text">
        {heardAtMs === null ? 'No answer from the server' : `Figures from ${clockTime(heardAtMs)}`}
      </Line>
    );
  }
  if (phase === 'stale' && heardAtMs !== null) {
    return (
      <p role="status" className="flex min-w-0 items-center gap-2 truncate text-12 text-warn-text">
        <RefreshCw size={13} aria-hidden="true" className="shrink-0" />
        Last update {formatSpan((nowMs ?? heardAtMs) - heardAtMs)} ago, reconnecting
      </p>
    );
  }
  if (tick === null) return <Line tone="idle">Connecting</Line>;
  if (idle) return <Line tone="warn">{idle}</Line>;
  if (tick.network === 'unreachable') return <Line tone="bad">This machine is offline</Line>;
  return (
    <Line tone="ok">
      Live · {tick.inFlight} in flight{tick.queued > 0 && ` · ${tick.queued} waiting`} ·{' '}
      {tick.callsPerSecond.toFixed(1)} req/s
    </Line>
  );
}

function Line(props: {
  tone: 'ok' | 'warn' | 'bad' | 'idle';
  className?: string;
  children: React.ReactNode;
}) {
  return (
    <p className={`flex min-w-0 items-center gap-2 text-12 ${props.className ?? 'text-fg-3'}`}>
      <Dot tone={props.tone} />
      <span className="truncate">{props.children}</span>
    </p>
  );
}
