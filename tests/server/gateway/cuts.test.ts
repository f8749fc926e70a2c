/**
 * "A broken upstream stream never ends cleanly at the client." Some hundred answers, cut anywhere; ten thousand with
 * `CAM_CUTS=10000`, which is the figure that `docs/routing.md` gives.
 */
import { expect, it } from 'vitest';
import { runCuts } from '../../support/cuts/run.ts';

const CUTS = Number(process.env.CAM_CUTS ?? 400);
const SEED = Number(process.env.CAM_CUTS_SEED ?? 20_261_125);
const MS_PER_CUT = 200;

it(
  `lets no client take a broken answer for a whole one, in ${CUTS} cuts anywhere`,
  async () => {
    const tally = await runCuts(SEED, 0, CUTS);
    if (process.env.CAM_CUTS !== undefined) process.stdout.write(`${JSON.stringify(tally, null, 2)}\n`);
    expect(tally.takenForWhole).toEqual([]);
    expect(tally.spoilt).toEqual([]);
    expect(tally.misrecorded).toEqual([]);
    expect(tally.cut).toBeGreaterThan(CUTS * 0.8);
    expect(tally.uncut).toBeGreaterThan(0);
  },
  60_000 + CUTS * MS_PER_CUT,
);
