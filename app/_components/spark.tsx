'use client';
/** A calm line under a figure. It has no axis, so its figure carries the meaning and it is spoken as one sentence. */
import { useId } from 'react';

export type SparkTone = 'calm' | 'money' | 'bad';
const STROKE: Record<SparkTone, string> = { calm: 'text-fg-3', money: 'text-acc', bad: 'text-bad' };
const HEIGHT = 30;
const WIDTH = 100;
const TOP = 4;

export interface SparkProps {
  readonly label: string;
  /** Null is a gap: nothing was measured, and no line goes through it. */
  readonly points: readonly (number | null)[];
  readonly tone?: SparkTone;
}

export function Spark({ label, points, tone = 'calm' }: SparkProps) {
  const id = useId();
  const runs = runsOf(points);
  const last = runs.at(-1)?.at(-1);
  const ends = last !== undefined && last.at === points.length - 1;
  return (
    <div role="img" aria-label={label} className={`relative h-[30px] ${STROKE[tone]}`}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block size-full overflow-visible"
        aria-hidden="true"
      >
        <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="currentColor" stopOpacity="0.16" />
          <stop offset="1" stopColor="currentColor" stopOpacity="0" />
        </linearGradient>
        {runs.map((run) => (
          <g key={run[0]?.at}>
            <path d={area(run)} fill={`url(#${id})`} />
            <path
              d={line(run)}
              fill="none"
              stroke="currentColor"
              strokeWidth="1.5"
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
            />
          </g>
        ))}
      </svg>
      {ends && (
        <svg viewBox="0 0 6 30" className="absolute top-0 -right-[3px] h-[30px] w-1.5" aria-hidden="true">
          <circle cx="3" cy={last.y} r="3" fill="currentColor" />
        </svg>
      )}
    </div>
  );
}

interface Point {
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

function runsOf(points: readonly (number | null)[]): Point[][] {
  const known = points.filter((point): point is number => point !== null);
  const high = Math.max(...known, 0);
  const low = Math.min(...known, high);
  const span = high - low || 1;
  const runs: Point[][] = [];
  points.forEach((value, at) => {
    if (value === null) return;
    const point = {
      at,
      x: points.length > 1 ? (at / (points.length - 1)) * WIDTH : WIDTH,
      y: HEIGHT - 3 - ((value - low) / span) * (HEIGHT - TOP - 6),
    };
    const run = runs.at(-1);
    if (run && run.at(-1)?.at === at - 1) run.push(point);
    else runs.push([point]);
  });
  return runs;
}

const line = (run: readonly Point[]): string =>
  run.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`).join('');

function area(run: readonly Point[]): string {
  const first = run[0];
  const last = run.at(-1);
  if (!first || !last) return '';
  return `${line(run)}L${last.x.toFixed(2)} ${HEIGHT}L${first.x.toFixed(2)} ${HEIGHT}Z`;
}
