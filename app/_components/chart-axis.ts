/** A round axis: its top and four to six steps that people can read. */
export interface Axis {
  readonly top: number;
  readonly step: number;
  readonly steps: readonly number[];
}

const ROUND = [1, 2, 2.5, 5, 10] as const;
const STEPS_WANTED = 5;

/** @param highest the largest value to be shown; 0 gives an axis of one step */
export function axisOf(highest: number): Axis {
  if (!(highest > 0)) return { top: 1, step: 1, steps: [0] };
  const rough = highest / STEPS_WANTED;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (ROUND.find((round) => round * power >= rough * 0.999) ?? 10) * power;
  // Room above the highest bar, so that it never stands against the frame.
  const count = Math.max(1, Math.ceil((highest * 1.04) / step));
  return { top: step * count, step, steps: Array.from({ length: count + 1 }, (_, at) => at * step) };
}
