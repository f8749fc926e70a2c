/**
 * Made-up spending of people at work, in four families, to try forecasts on: a history, a moment inside a month, and what
 * the rest of that month came to in truth. Seeded.
 */
import { seededRandom } from '../../../lib/base/random.ts';
import { DAY_MS, HOUR_MS } from '../../../lib/base/time.ts';
import { type Forecast, forecast, type Slot } from '../../../lib/metering/forecast.ts';

export const FAMILIES = ['steady', 'weekday', 'bursty', 'regime change'] as const;
export type Family = (typeof FAMILIES)[number];

/** A Monday. */
const START_MS = Date.UTC(2026, 0, 5);

export const slotOf = (ms: number): Slot => ({
  day: Math.floor(ms / DAY_MS),
  weekday: (Math.floor((ms - START_MS) / DAY_MS) + 7_000) % 7,
  hour: Math.floor(ms / HOUR_MS) % 24,
});

/** When people work: little at night, two humps, an evening. */
const DAY_SHAPE = Array.from({ length: 24 }, (_, hour) =>
  hour < 7 ? 0.1 : hour < 9 ? 1 : hour < 12 ? 3 : hour < 14 ? 2 : hour < 18 ? 3.5 : hour < 22 ? 1 : 0.3,
);

export interface Trial {
  readonly input: Parameters<typeof forecast>[0];
  /** At the end of the month. */
  readonly truth: number;
}

const DOLLAR = 1_000_000_000;

export function trial(family: Family, seed: number): Trial {
  const random = seededRandom(seed * 4 + FAMILIES.indexOf(family));
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const historyDays = 7 + Math.floor(random() * 40);
  const monthDays = 30;
  const gone = 1 + Math.floor(random() * 27);
  const monthFrom = START_MS + Math.max(0, historyDays - gone) * DAY_MS;
  const nowMs = START_MS + historyDays * DAY_MS + Math.floor(random() * 24) * HOUR_MS + 1_200_000;
  const endMs = Math.max(monthFrom + monthDays * DAY_MS, nowMs + HOUR_MS);
  const level = DOLLAR * Math.exp(1 + normal());
  const changeDay = historyDays - 1 - Math.floor(random() * 20);
  const change = random() < 0.5 ? 0.3 + 0.4 * random() : 1.5 + 2 * random();

  const ofDay = (day: number): number => {
    const weekend = day % 7 >= 5;
    switch (family) {
      case 'steady':
        return level * Math.exp(0.25 * normal());
      case 'weekday':
        return level * (weekend ? 0.1 : 1) * Math.exp(0.3 * normal());
      case 'bursty':
        return (
          level * (random() < 0.15 ? 4 + 3 * random() : 1) * (weekend ? 0.4 : 1) * Math.exp(0.6 * normal())
        );
      case 'regime change':
        return level * (day >= changeDay ? change : 1) * (weekend ? 0.5 : 1) * Math.exp(0.3 * normal());
    }
  };
  const hours: number[] = [];
  const shape = DAY_SHAPE.reduce((sum, one) => sum + one, 0);
  for (let day = 0; START_MS + day * DAY_MS < endMs; day++) {
    const total = ofDay(day);
    const noisy = DAY_SHAPE.map((one) => one * Math.exp(0.8 * normal()));
    const all = noisy.reduce((sum, one) => sum + one, 0) || shape;
    for (const one of noisy) hours.push(Math.round((total * one) / all));
  }
  const nowAt = Math.floor((nowMs - START_MS) / HOUR_MS);
  const running = Math.round(((hours[nowAt] ?? 0) * (nowMs % HOUR_MS)) / HOUR_MS);
  const monthAt = (monthFrom - START_MS) / HOUR_MS;
  const add = (from: number, to: number): number => hours.slice(from, to).reduce((sum, one) => sum + one, 0);
  const used = add(monthAt, nowAt) + running;
  return {
    truth: add(monthAt, Math.ceil((endMs - START_MS) / HOUR_MS)),
    input: {
      hours: [...hours.slice(0, nowAt), running],
      fromMs: START_MS,
      nowMs,
      used,
      endMs,
      slotOf,
      limit: null,
      seed,
    },
  };
}

export interface Score {
  readonly trials: number;
  /** Of them, in how many the truth lay inside the band. */
  readonly held: number;
  /** The middle beside the truth, of what was still to come: the median of how far off, as a share. */
  readonly error: number;
  /** How wide the band is beside what was still to come, in the middle. */
  readonly width: number;
}

export function score(family: Family, fromSeed: number, toSeed: number): Score {
  const errors: number[] = [];
  const widths: number[] = [];
  let held = 0;
  for (let seed = fromSeed; seed < toSeed; seed++) {
    const { input, truth } = trial(family, seed);
    const found: Forecast | null = forecast(input);
    if (found === null) throw new Error(`no forecast for seed ${seed}`);
    if (found.low <= truth && truth <= found.high) held++;
    const rest = truth - input.used;
    errors.push(Math.abs(found.expected - truth) / rest);
    widths.push((found.high - found.low) / rest);
  }
  return { trials: toSeed - fromSeed, held, error: median(errors), width: median(widths) };
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
