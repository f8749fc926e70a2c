'use client';
/**
 * Amounts over time, by whom. Hues are identity; the period that is still open is hatched in the
 * bar's own colour. Bars are blocks of the document, so that they stay crisp at any width; the whole is spoken
 * as one sentence, and pointing at a period, or walking to it by keyboard, puts its figures into the legend.
 */
import type { ReactNode } from 'react';
import { hueClass } from './account-mark.tsx';
import { axisOf } from './chart-axis.ts';
import { ChartWalk } from './chart-walk.tsx';

export interface BarPart {
  readonly id: string;
  /** Null for what belongs to nobody in particular. */
  readonly hue: number | null;
  readonly value: number;
}

export interface Bar {
  readonly atMs: number;
  readonly parts: readonly BarPart[];
}

export interface StackedBarsProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** The last bar's period is still open. */
  readonly running: boolean;
  /** @param step between two lines of the axis, which says how many digits tell them apart */
  readonly format: (value: number, step: number) => string;
  /** Null leaves the place under a bar empty. */
  readonly tick: (bar: Bar, at: number) => string | null;
  readonly pointed: number | null;
  readonly onPoint: (at: number | null) => void;
  /** One period and its parts in words. */
  readonly say: (bar: Bar) => string;
  /** Smallest round top of the axis, so that an empty chart has one. */
  readonly least: number;
}

/** So many bars need all the room there is. */
const MANY = 60;

const sum = (bar: Bar): number => bar.parts.reduce((total, { value }) => total + value, 0);

export function StackedBars(props: StackedBarsProps) {
  const { bars, format } = props;
  const gap = bars.length > MANY ? 'gap-0 sm:gap-px' : 'gap-[3px] sm:gap-1';
  const axis = axisOf(Math.max(...bars.map(sum), props.least));
  const share = (value: number) => `${(value / axis.top) * 100}%`;
  return (
    <ChartWalk
      label={props.label}
      count={bars.length}
      pointed={props.pointed}
      onPoint={props.onPoint}
      say={(at) => (bars[at] === undefined ? '' : props.say(bars[at]))}
      className="grid h-full grid-cols-[auto_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_24px] gap-x-2 text-11 text-fg-3"
    >
      <div aria-hidden="true" className="relative grid text-right whitespace-nowrap">
        <span className="invisible col-start-1 row-start-1 h-0">{format(axis.top, axis.step)}</span>
        {axis.steps.map((value) => (
          <span key={value} className="absolute right-0 translate-y-1/2" style={{ bottom: share(value) }}>
            {format(value, axis.step)}
          </span>
        ))}
      </div>
      <div aria-hidden="true" className="relative min-w-0">
        {axis.steps.map((value) => (
          <span
            key={value}
            className={`absolute inset-x-0 border-t ${value === 0 ? 'border-line-2' : 'border-dashed'}`}
            style={{ bottom: share(value) }}
          />
        ))}
        <div className={`absolute inset-0 flex px-1 ${gap}`}>
          {bars.map((bar, at) => (
            <Column
              key={bar.atMs}
              bar={bar}
              share={share}
              open={props.running && at === bars.length - 1}
              dim={props.pointed !== null && props.pointed !== at}
              onPoint={(on) => props.onPoint(on ? at : null)}
            />
          ))}
        </div>
      </div>
      <div aria-hidden="true" className={`col-start-2 flex px-1 ${gap}`}>
        {bars.map((bar, at) => (
          <Under key={bar.atMs}>{props.tick(bar, at)}</Under>
        ))}
      </div>
    </ChartWalk>
  );
}

function Column(props: {
  bar: Bar;
  share: (value: number) => string;
  open: boolean;
  dim: boolean;
  onPoint: (on: boolean) => void;
}) {
  const parts = props.bar.parts.filter(({ value }) => value > 0);
  return (
    <div
      className={`flex h-full min-w-0 flex-1 flex-col-reverse transition-opacity ${props.dim ? 'opacity-55' : ''}`}
      onPointerEnter={() => props.onPoint(true)}
      onPointerLeave={() => props.onPoint(false)}
    >
      {parts.map((part, at) => (
        <span
          key={part.id}
          className={`${part.hue === null ? 'hue-none' : hueClass(part.hue)} ${props.open ? 'bar-open' : 'bg-hue'} block min-h-px shrink-0 border-surface not-first:border-b ${at === parts.length - 1 ? 'rounded-t-[3px]' : ''}`}
          style={{ height: props.share(part.value) }}
        />
      ))}
    </div>
  );
}

function Under({ children }: { children: ReactNode }) {
  return (
    <span className="relative min-w-0 flex-1">
      <span className="absolute top-1.5 left-1/2 -translate-x-1/2 whitespace-nowrap last:text-fg-2">
        {children}
      </span>
    </span>
  );
}
