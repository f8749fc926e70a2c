import { describe, expect, it } from 'vitest';
import { STORMS, weather } from '../../support/storms/storm.ts';

/** Two minutes; `node tests/support/storms/measure.ts` tries ten. */
const SHORT_ROUNDS = 8;
const WAIT_MS = 120_000;

describe('Two minutes in which every account refuses, with ten calls at once every 15 s,', () => {
  for (const storm of STORMS) {
    for (const accounts of [1, 4]) {
      it(
        `cost at most three upstream calls each, and 30 s after all is served again: ${storm.name}, ${accounts} accounts`,
        async () => {
          const { calls, upstreamCalls, most, wellAfterMs } = await weather(storm, accounts, SHORT_ROUNDS);
          expect(most).toBeLessThanOrEqual(3);
          expect(upstreamCalls).toBeLessThanOrEqual(3 * calls);
          expect(wellAfterMs).toBeLessThanOrEqual(30_000);
        },
        WAIT_MS,
      );
    }
  }
});
