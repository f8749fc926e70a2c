/** A state is a dot and a word, never a colour alone. */
import type { ReactNode } from 'react';

export type Tone = 'ok' | 'warn' | 'bad' | 'idle' | 'busy';

const PILL: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok-text',
  warn: 'bg-warn-soft text-warn-text',
  bad: 'bg-bad-soft text-bad-text',
  idle: 'bg-raised text-fg-2',
  busy: 'bg-acc-soft text-acc-text',
};
const DOT: Record<Tone, string> = {
  ok: 'bg-ok',
  warn: 'bg-warn',
  bad: 'bg-bad',
  idle: 'bg-fg-3',
  busy: 'bg-acc',
};

export function Dot({
  tone,
  pulse = false,
  className = '',
}: {
  tone: Tone;
  pulse?: boolean;
  className?: string;
}) {
  return (
    <span
      aria-hidden="true"
      className={`inline-block size-1.5 shrink-0 rounded-full ${DOT[tone]} ${pulse ? 'animate-pulse-dot' : ''} ${className}`}
    />
  );
}

export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex h-5 items-center gap-1.5 rounded-full px-2 text-11 font-medium whitespace-nowrap ${PILL[tone]}`}
    >
      <Dot tone={tone} />
      {children}
    </span>
  );
}
