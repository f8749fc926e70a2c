/**
 * Many accounts that fail in one way, and behind them one that is well: what clients and providers notice of it,
 * over real sockets, until all of them are known to be out and for three hours after. The test holds the bounds,
 * and `docs/routing.md` has the figures.
 */
import type { AccountId } from '../../../lib/base/id.ts';
import { scripts } from '../../../server/demo/faults.ts';
import { type Answer, send } from '../../server/demo/client.ts';
import { FAULT_MATRIX } from '../fault-matrix/rows.ts';
import type { MatrixRow } from '../fault-matrix/words.ts';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../gateway-rig.ts';

export interface Passage {
  /** Client calls that failed before all failing accounts were out. */
  readonly seen: number;
  /** Calls that one failing account got until then, at most. */
  readonly callsEach: number;
  /** Client calls after that, and how many of them failed. */
  readonly after: number;
  readonly seenAfter: number;
  /** Upstream calls for each client call, at most and (after that) on average. */
  readonly attemptsMost: number;
  readonly attemptsAfter: number;
}

/** Rows whose trouble leaves something behind, so that it is not met again with every call. */
const LASTING: readonly MatrixRow[] = FAULT_MATRIX.filter(
  ({ client, account }) => client === 'served' && account !== 'untouched',
);

/** One row for each thing that can become of an account, by each class that does it. */
export const DISTINCT: readonly MatrixRow[] = LASTING.filter(
  (row, n) => LASTING.findIndex((one) => one.class === row.class && one.account === row.account) === n,
);

export const FAILING_MAX = 9;
const nameOf = (n: number): string => `account-${n}`;
const NAMES = Array.from({ length: FAILING_MAX + 1 }, (_, n) => nameOf(n));
const CALLS_MAX = 100;
/** Ten minutes in steps in which rests and cooldowns end together, then three hours for what is asked once an hour. */
export const STEPS_MS = [...new Array<number>(30).fill(20_000), ...new Array<number>(9).fill(1_200_000)];

export interface Crowd extends AsyncDisposable {
  readonly rig: Rig;
  /** Dials of calls (not of questions of our own), by the account's name. */
  readonly dials: Map<string, number>;
}

export async function openCrowd(): Promise<Crowd> {
  const dials = new Map<string, number>();
  const rig = await openRig({
    wrapDial: (dial) => (request, events) => {
      const { name } = request.account;
      if (request.path !== '/models') dials.set(name, (dials.get(name) ?? 0) + 1);
      return dial(request, events);
    },
    accounts: NAMES.map((name) => ({ name })),
    env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
    resolve: (_hostname, done) => done(null, [{ address: '93.184.216.34', family: 4 }]),
    config: (config) => ({ ...config, upstream: { ...config.upstream, first_byte_ms: 100, idle_ms: 100 } }),
  });
  return { rig, dials, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

export async function pass(
  { rig, dials }: Crowd,
  row: MatrixRow,
  failing: number,
  stepsMs: readonly number[] = STEPS_MS,
): Promise<Passage> {
  const well = arrange(rig, row, failing);
  dials.clear();
  let seen = 0;
  let callsEach = 0;
  let attemptsMost = 0;
  const ask = async (): Promise<{ failed: boolean; attempts: number; first: boolean }> => {
    const answer = await call(rig, row);
    const attempts = Number(answer.headers['x-cam-attempts']);
    attemptsMost = Math.max(attemptsMost, attempts);
    const failed = answer.status !== 200 || !answer.whole || answer.headers['x-cam-account'] !== well;
    return { failed, attempts, first: !failed && attempts === 1 };
  };
  for (let n = 0; ; n++) {
    if (n === CALLS_MAX) throw new Error(`${row.upstream}: not out after ${CALLS_MAX} calls`);
    const { failed, first } = await ask();
    if (first) break;
    if (failed) seen++;
  }
  for (const name of NAMES.slice(0, failing)) callsEach = Math.max(callsEach, dials.get(name) ?? 0);
  let seenAfter = 0;
  let attemptsAfter = 0;
  for (const stepMs of stepsMs) {
    rig.clock.advance(stepMs);
    const { failed, attempts } = await ask();
    if (failed) seenAfter++;
    attemptsAfter += attempts;
  }
  const after = stepsMs.length;
  return { seen, callsEach, after, seenAfter, attemptsMost, attemptsAfter: attemptsAfter / after };
}

/** Nothing is remembered of before. The one that is well comes last. */
function arrange(rig: Rig, { happens }: MatrixRow, failing: number): AccountId {
  for (const [n, name] of NAMES.entries()) {
    const fails = n < failing;
    const account = rig.account(name);
    const elsewhere = fails && 'baseUrl' in happens ? { baseUrl: happens.baseUrl } : {};
    const facts = { organization: null, project: null, modelIds: null, checkedAtMs: null };
    const enabled = n <= failing;
    rig.room.pool.put(account.id, { account: { ...account, ...elsewhere, enabled }, facts, health: null });
    rig.room.pool.clearMarks(account.id);
    const script = fails && 'fault' in happens ? scripts.always(happens.fault) : scripts.healthy;
    const on = 'always' in happens && happens.always ? 'all' : 'inference';
    rig.emulator.script(`sk-emulated-${name}`, { ...script, on });
    rig.emulator.key(`sk-emulated-${name}`).forget();
  }
  return rig.account(nameOf(failing)).id;
}

function call(rig: Rig, { on }: MatrixRow): Promise<Answer> {
  const [surface] = on;
  const path = surface === 'responses' ? '/v1/responses' : '/v1/chat/completions';
  const body = surface === 'responses' ? responses({ stream: true }) : chat({ stream: surface === 'chat' });
  return send({ url: rig.url, key: CLIENT_KEY, path, body });
}
