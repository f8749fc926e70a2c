import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Crowd,
  DISTINCT,
  FAILING_MAX,
  openCrowd,
  pass,
  STEPS_MS,
} from '../../support/storms/passage.ts';

/** A silent attempt takes a second in truth: of those there are fewer. */
const IN_SILENCE = { failing: 4, stepsMs: new Array<number>(10).fill(40_000) };
const OTHERWISE = { failing: FAILING_MAX, stepsMs: STEPS_MS };
const WAIT_MS = 240_000;

let crowd: Crowd;
beforeAll(async () => {
  crowd = await openCrowd();
});
afterAll(() => crowd[Symbol.asyncDispose]());

describe('With nine accounts failing and a tenth that is well', () => {
  for (const row of DISTINCT) {
    it(
      `each is called five times at most until it is out, and for three hours after that no client notices: ${row.upstream}`,
      async () => {
        const { failing, stepsMs } = row.class === 'silence' ? IN_SILENCE : OTHERWISE;
        const passage = await pass(crowd, row, failing, stepsMs);
        expect(passage.callsEach).toBeLessThanOrEqual(5);
        expect(passage.attemptsMost).toBeLessThanOrEqual(3);
        expect(passage.seenAfter).toBe(0);
        // Four calls at worst find three new ones each; without any of this it would be five for every three accounts.
        expect(passage.seen).toBeLessThanOrEqual(4);
      },
      WAIT_MS,
    );
  }

  it('every class of failure that says something lasting about an account is among them', () => {
    expect(new Set(DISTINCT.map((row) => row.class))).toEqual(
      new Set(['rate_limit', 'quota', 'credential', 'scope', 'silence', 'proxy', 'overload', 'connect']),
    );
  });
});
