/**
 * Prints the figures that `docs/routing.md` has of failing accounts, storms and the hold-back, as tables. Run by
 * hand: `node tests/support/storms/measure.ts [crowd|storms|hold-back]`. Nothing is called but the emulator.
 */
import { measureFirstToken } from './first-token.ts';
import { DISTINCT, FAILING_MAX, openCrowd, pass } from './passage.ts';
import { STORMS, weather } from './storm.ts';

const SAMPLES = 1_000;
/** A silent attempt takes a second in truth. */
const FAILING_IN_SILENCE = 4;
const ACCOUNTS = [1, 4];

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const row = (...cells: readonly (string | number)[]): void => print(`| ${cells.join(' | ')} |`);
const head = (...cells: readonly string[]): void => {
  row(...cells);
  row(...cells.map(() => '---'));
};

async function crowd(): Promise<void> {
  head(
    'every account but the last',
    'failing',
    'seen by clients',
    'calls each',
    'seen after',
    'upstream/call after',
  );
  await using one = await openCrowd();
  for (const what of DISTINCT) {
    const failing = what.class === 'silence' ? FAILING_IN_SILENCE : FAILING_MAX;
    const { seen, callsEach, seenAfter, after, attemptsAfter } = await pass(one, what, failing);
    row(what.upstream, failing, seen, callsEach, `${seenAfter} of ${after}`, attemptsAfter.toFixed(2));
  }
}

async function storms(): Promise<void> {
  head('every account', 'accounts', 'client calls', 'upstream calls', 'per call', 'most', 'well after');
  for (const storm of STORMS) {
    for (const accounts of ACCOUNTS) {
      const { calls, upstreamCalls, most, wellAfterMs } = await weather(storm, accounts);
      const perCall = (upstreamCalls / calls).toFixed(2);
      row(storm.name, accounts, calls, upstreamCalls, perCall, most, `${(wellAfterMs / 1_000).toFixed(1)} s`);
    }
  }
}

async function holdBack(): Promise<void> {
  const { held, passed } = await measureFirstToken(SAMPLES);
  head('first piece of output, upstream to client', 'undisturbed', 'median');
  row('held back until it came', `${held.undisturbedUs} µs`, `${held.medianUs} µs`);
  row('shown from the first byte on', `${passed.undisturbedUs} µs`, `${passed.medianUs} µs`);
}

const PARTS = { crowd, storms, 'hold-back': holdBack } as const;

const [wanted] = process.argv.slice(2);
for (const [name, measure] of Object.entries(PARTS))
  if (wanted === undefined || wanted === name) await measure();
