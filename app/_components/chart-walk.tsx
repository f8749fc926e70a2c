'use client';
/**
 * A chart whose periods can be walked through by keyboard, as a slider is: arrows to the next one, Home and End to the
 * ends, Enter to take one where that means something, Escape to leave. Whatever the pointer shows of a period is shown
 * and spoken this way, too.
 */
import type { KeyboardEvent, ReactNode } from 'react';

export interface ChartWalkProps {
  /** What the chart shows as a whole. */
  readonly label: string;
  readonly count: number;
  readonly pointed: number | null;
  readonly onPoint: (at: number | null) => void;
  /** Enter, on a period that was walked to. */
  readonly onPick?: (at: number) => void;
  /** One period in words. */
  readonly say: (at: number) => string;
  readonly className?: string;
  /** The drawing, hidden from those who are told it. */
  readonly children: ReactNode;
}

export function ChartWalk(props: ChartWalkProps) {
  const { label, count, pointed, onPoint, onPick, say, className = '', children } = props;
  const last = Math.max(0, count - 1);
  const at = Math.min(pointed ?? last, last);
  const walk = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && pointed !== null && onPick) {
      event.preventDefault();
      return onPick(at);
    }
    const to = placeAfter(event.key, at, last);
    if (to === undefined) return;
    event.preventDefault();
    onPoint(to);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={at}
      aria-valuetext={count === 0 ? 'nothing' : say(at)}
      onKeyDown={walk}
      onBlur={() => onPoint(null)}
      className={`rounded-inner ${className}`}
    >
      {children}
    </div>
  );
}

/** Undefined for keys that are not ours; null leaves. */
function placeAfter(key: string, at: number, last: number): number | null | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, at - 1);
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(last, at + 1);
    case 'PageDown':
      return Math.max(0, at - 10);
    case 'PageUp':
      return Math.min(last, at + 10);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}
