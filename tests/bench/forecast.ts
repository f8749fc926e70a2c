/**
 * How often the forecast's band holds: `node tests/bench/forecast.ts`. The method's constants were chosen on the first
 * hundred histories of each family; the second hundred were run once they stood. `--chosen` runs the first hundred only.
 */
import { FAMILIES, score } from '../support/forecast/histories.ts';

const HALF = 100;
const chosenOnly = process.argv.includes('--chosen');

console.log('family         histories  in the band  median error  band width');
for (const family of FAMILIES) {
  for (const [name, from] of [
    ['chosen on', 0],
    ['others', HALF],
  ] as const) {
    if (chosenOnly && from > 0) continue;
    const { trials, held, error, width } = score(family, from, from + HALF);
    const columns = [
      family.padEnd(13),
      name.padEnd(9),
      `${Math.round((100 * held) / trials)} %`.padStart(11),
      `${(100 * error).toFixed(0)} %`.padStart(12),
      `${(100 * width).toFixed(0)} %`.padStart(10),
    ];
    console.log(columns.join('  '));
  }
}
