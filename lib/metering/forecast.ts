/**
 * What a running window will have used when it ends, and when a limit will be reached, with a band that is meant to hold
 * four times out of five. Made for the spending of people at work: few data, nights and weekends, days that differ by a
 * factor. A pure function of the hours, the moment and a seed.
 *
 * The pattern: an average day by the hour, recent days counting more, times a factor for the weekday that is held back
 * towards 1 until there are weeks to tell from. The spread: how far days were from that pattern, drawn again for each day
 * to come (a bootstrap), with the level itself drawn too, because a few days do not tell it well. What today was so far
 * pulls the rest of today.
 *
 * The constants were chosen on the first hundred made-up histories of each family and then left alone;
 * `tests/bench/forecast.ts` shows how the band does on those and on a hundred others.
 */
import { seededRandom } from '../base/random.ts';
import { HOUR_MS } from '../base/time.ts';

/** Where an hour lies where the user lives. */
export interface Slot {
  /** Days since some day, counted on. */
  readonly day: number;
  /** 0 for Monday to 6 */
  readonly weekday: number;
  /** 0 to 23 */
  readonly hour: number;
}

export interface ForecastInput {
  /** Used in each hour, oldest first, one after the other without a gap; the last is the one that runs. */
  readonly hours: readonly number[];
  /** When the first of them began. */
  readonly fromMs: number;
  readonly nowMs: number;
  /** Used in the window so far, up to now. */
  readonly used: number;
  /** When the window ends. */
  readonly endMs: number;
  readonly slotOf: (ms: number) => Slot;
  /** What may be used in the window; null for no limit. */
  readonly limit: number | null;
  readonly seed: number;
}

export interface Forecast {
  /** At the end of the window: the middle, and a band that holds 80 % of the time. */
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  /** When the limit is reached on the middle path; null when that is not before the end. */
  readonly runsOutMs: number | null;
  /** The share of paths on which it is reached before the end: 0 to 1; null without a limit. */
  readonly runsOutChance: number | null;
  /** The earliest tenth of all paths reaches it by then; null when fewer than that do. */
  readonly runsOutEarliestMs: number | null;
  /** Whole days that it is based on. */
  readonly days: number;
}

/** Fewer whole days tell nothing: one busy morning would look like ruin. */
export const DAYS_MIN = 2;
/** After so many days a day counts half. */
const HALF_LIFE_DAYS = 7;
const SATURDAY = 5;
/** So many average days are added to workdays and weekends before they are believed to differ. */
const KIND_PRIOR = 0.15;
/** So many days of its kind are added to each weekday before it is believed to differ from them. */
const WEEKDAY_PRIOR = 1.5;
/** No day says that days can be larger than this many times what was expected of it. */
const RATIO_MAX = 20;
/** In spreads of single days: how far the level may move, and what few days (over the root of their number) hide of it. */
const LEVEL_SPREAD = 0.25;
const FEW_DAYS_SPREAD = 0.6;
/** How much today so far says of the rest of today, once all of it is over. */
const TODAY_WEIGHT = 0.5;
/** Days resemble their neighbours: so many of them count as if they did not. */
const INDEPENDENT = 0.5;
const PATHS = 400;
const LOW = 0.1;
const HIGH = 0.9;

/** Null when there are too few days. */
export function forecast(input: ForecastInput): Forecast | null {
  const history = wholeDays(input);
  if (history.length < DAYS_MIN) return null;
  const pattern = patternOf(history);
  const paths = simulate(input, history, pattern);
  const totals = paths.map(({ total }) => total).sort((a, b) => a - b);
  const at = (share: number): number => Math.round(quantile(totals, share));
  return {
    expected: at(0.5),
    low: at(LOW),
    high: at(HIGH),
    ...runOut(input, paths),
    days: history.length,
  };
}

interface Day {
  readonly weekday: number;
  /** By hour of the day; an hour that daylight saving took is 0, one that it gave is added. */
  readonly hours: readonly number[];
  readonly total: number;
  readonly weight: number;
}

interface Pattern {
  /** An average day by the hour. */
  readonly hours: readonly number[];
  readonly weekdays: readonly number[];
  /** How far each day of the history was from it: 1 is as expected. */
  readonly ratios: readonly { readonly ratio: number; readonly weight: number }[];
}

/** Days of which every hour is known, without today. */
function wholeDays({ hours, fromMs, nowMs, slotOf }: ForecastInput): readonly Day[] {
  const today = slotOf(nowMs).day;
  const first = slotOf(fromMs);
  const days = new Map<number, { weekday: number; hours: number[] }>();
  for (const [at, amount] of hours.entries()) {
    const slot = slotOf(fromMs + at * HOUR_MS);
    if (slot.day === today || (slot.day === first.day && first.hour > 0)) continue;
    const day = days.get(slot.day) ?? { weekday: slot.weekday, hours: new Array<number>(24).fill(0) };
    days.set(slot.day, day);
    day.hours[slot.hour] = (day.hours[slot.hour] ?? 0) + amount;
  }
  return [...days].map(([number, { weekday, hours: byHour }]) => ({
    weekday,
    hours: byHour,
    total: sum(byHour),
    weight: 0.5 ** ((today - number) / HALF_LIFE_DAYS),
  }));
}

function patternOf(days: readonly Day[]): Pattern {
  const weight = sum(days.map((day) => day.weight));
  const hours = Array.from(
    { length: 24 },
    (_, hour) => sum(days.map((day) => day.weight * (day.hours[hour] ?? 0))) / weight,
  );
  const weekdays = Array.from({ length: 7 }, (_, weekday) => weekdayFactor(days, weekday, sum(hours)));
  // Each day beside what the others would have let expect: a day says nothing about how well it is foreseen itself.
  const ratios = days.map((day) => {
    const others = days.filter((one) => one !== day);
    const mean = sum(others.map((one) => one.weight * one.total)) / sum(others.map((one) => one.weight));
    const expected = mean * weekdayFactor(others, day.weekday, mean);
    return { ratio: expected === 0 ? 1 : Math.min(day.total / expected, RATIO_MAX), weight: day.weight };
  });
  return { hours, weekdays, ratios };
}

/** How a weekday differs from the mean: held back towards its kind (workdays, weekend), and that towards 1. */
function weekdayFactor(days: readonly Day[], weekday: number, mean: number): number {
  if (mean === 0) return 1;
  const isWeekend = weekday >= SATURDAY;
  const kind = days.filter((day) => day.weekday >= SATURDAY === isWeekend);
  const ofKind = heldBack(kind, mean, KIND_PRIOR);
  return (
    heldBack(
      days.filter((day) => day.weekday === weekday),
      ofKind,
      WEEKDAY_PRIOR,
    ) / mean
  );
}

function heldBack(days: readonly Day[], towards: number, prior: number): number {
  const known = sum(days.map((day) => day.weight));
  return (sum(days.map((day) => day.weight * day.total)) + prior * towards) / (known + prior);
}

/** The hours from now to the end, by day: when each begins, and what the pattern expects of it. */
interface ComingDay {
  readonly hours: readonly { readonly ms: number; readonly expected: number }[];
  readonly expected: number;
  readonly today: boolean;
}

interface Path {
  readonly total: number;
  /** By coming day, what it comes to beside what the pattern expects. */
  readonly factors: readonly number[];
  readonly coming: readonly ComingDay[];
}

function simulate(input: ForecastInput, history: readonly Day[], pattern: Pattern): readonly Path[] {
  const random = seededRandom(input.seed);
  const coming = comingDays(input, pattern);
  const today = soFar(input, pattern);
  const draw = drawer(pattern.ratios, random);
  const independent = effective(history.map(({ weight }) => weight));
  const spread = spreadOf(pattern.ratios) * (LEVEL_SPREAD + FEW_DAYS_SPREAD / Math.sqrt(history.length));
  return Array.from({ length: PATHS }, () => {
    const level = drawLevel(draw, independent) * lognormal(spread, random);
    const factors = coming.map((day) => {
      const drawn = level * draw();
      return day.today ? drawn ** (1 - today.pull) * today.ratio ** today.pull : drawn;
    });
    const rest = sum(coming.map((day, at) => day.expected * (factors[at] ?? 1)));
    return { total: input.used + rest, factors, coming };
  });
}

/** How unlike the pattern today was so far, and how much of that its rest takes over. */
function soFar(
  { hours, fromMs, nowMs, slotOf }: ForecastInput,
  pattern: Pattern,
): { readonly ratio: number; readonly pull: number } {
  const { day, weekday } = slotOf(nowMs);
  let expected = 0;
  let used = 0;
  for (const [at, amount] of hours.entries()) {
    const ms = fromMs + at * HOUR_MS;
    const slot = slotOf(ms);
    if (slot.day !== day) continue;
    const gone = Math.min(1, (nowMs - ms) / HOUR_MS);
    expected += gone * expectedOf(pattern, slot);
    used += amount;
  }
  const whole = sum(pattern.hours) * (pattern.weekdays[weekday] ?? 1);
  if (expected <= 0 || whole <= 0 || used <= 0) return { ratio: 1, pull: 0 };
  return { ratio: used / expected, pull: TODAY_WEIGHT * Math.min(1, expected / whole) };
}

function comingDays({ nowMs, endMs, slotOf }: ForecastInput, pattern: Pattern): readonly ComingDay[] {
  const today = slotOf(nowMs).day;
  const byDay = new Map<number, { ms: number; expected: number }[]>();
  for (let ms = nowMs; ms < endMs; ) {
    const next = Math.min(endMs, (Math.floor(ms / HOUR_MS) + 1) * HOUR_MS);
    const slot = slotOf(ms);
    const list = byDay.get(slot.day) ?? [];
    byDay.set(slot.day, list);
    list.push({ ms, expected: (expectedOf(pattern, slot) * (next - ms)) / HOUR_MS });
    ms = next;
  }
  return [...byDay].map(([day, hours]) => ({
    hours,
    expected: sum(hours.map(({ expected }) => expected)),
    today: day === today,
  }));
}

function expectedOf({ hours, weekdays }: Pattern, { weekday, hour }: Slot): number {
  return (hours[hour] ?? 0) * (weekdays[weekday] ?? 1);
}

function runOut(
  { limit, used, nowMs }: ForecastInput,
  paths: readonly Path[],
): Pick<Forecast, 'runsOutMs' | 'runsOutChance' | 'runsOutEarliestMs'> {
  if (limit === null) return { runsOutMs: null, runsOutChance: null, runsOutEarliestMs: null };
  if (used >= limit) return { runsOutMs: nowMs, runsOutChance: 1, runsOutEarliestMs: nowMs };
  const moments = paths.map((path) => crossing(path, limit - used)).sort((a, b) => a - b);
  const reached = moments.filter((moment) => moment < Infinity).length;
  const at = (share: number): number | null => {
    const moment = moments[Math.floor(share * moments.length)] ?? Infinity;
    return moment < Infinity ? Math.round(moment) : null;
  };
  return {
    runsOutMs: at(0.5),
    runsOutChance: reached / moments.length,
    runsOutEarliestMs: at(LOW),
  };
}

/** When so much more is used; Infinity for not before the end. Inside an hour it is used evenly. */
function crossing({ coming, factors }: Path, left: number): number {
  let rest = left;
  for (const [at, day] of coming.entries()) {
    const factor = factors[at] ?? 1;
    if (day.expected * factor < rest) {
      rest -= day.expected * factor;
      continue;
    }
    for (const { ms, expected } of day.hours) {
      const amount = expected * factor;
      if (amount >= rest && amount > 0) return ms + (rest / amount) * HOUR_MS;
      rest -= amount;
    }
  }
  return Infinity;
}

/** Draws ratios of past days, recent ones more often. */
function drawer(ratios: Pattern['ratios'], random: () => number): () => number {
  const cumulated: number[] = [];
  let all = 0;
  for (const { weight } of ratios) {
    all += weight;
    cumulated.push(all);
  }
  return () => {
    const wanted = random() * all;
    const at = cumulated.findIndex((upTo) => wanted < upTo);
    return ratios[at === -1 ? ratios.length - 1 : at]?.ratio ?? 1;
  };
}

/** The level that another history of the same days would have shown. */
function drawLevel(draw: () => number, independent: number): number {
  const days = Math.max(1, Math.round(independent * INDEPENDENT));
  let all = 0;
  for (let day = 0; day < days; day++) all += draw();
  return all / days;
}

/** How far days are from what was expected of them, on the average. */
function spreadOf(ratios: Pattern['ratios']): number {
  const all = sum(ratios.map(({ weight }) => weight));
  const variance = sum(ratios.map(({ ratio, weight }) => weight * (ratio - 1) ** 2)) / all;
  return Math.min(1, Math.sqrt(variance));
}

/** How many equally weighted days say as much as these do. */
function effective(weights: readonly number[]): number {
  return sum(weights) ** 2 / sum(weights.map((weight) => weight ** 2));
}

/** Of mean 1. */
function lognormal(spread: number, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(spread * normal - spread ** 2 / 2);
}

function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

function sum(figures: readonly number[]): number {
  let all = 0;
  for (const figure of figures) all += figure;
  return all;
}
