/**
 * A storm: for minutes every account refuses, and clients keep asking. What one call costs the providers, and
 * how long after its end (or after the last wait that a provider asked for) everybody is served again.
 */
import { type Fault, faults, scripts } from '../../../server/demo/faults.ts';
import { chat, openRig, type Rig } from '../gateway-rig.ts';

export interface StormKind {
  readonly name: string;
  readonly fault: Fault;
  /** What the provider asks to wait. */
  readonly toldMs: number;
}

export const STORMS: readonly StormKind[] = [
  { name: '429, told 20 s', fault: faults.rateLimit(20), toldMs: 20_000 },
  { name: '429, told 10 min', fault: faults.rateLimit(600), toldMs: 600_000 },
  { name: '429, not told how long', fault: faults.rateLimit(), toldMs: 0 },
  { name: '500', fault: faults.serverError(), toldMs: 0 },
  { name: '503, overloaded', fault: faults.overloaded(), toldMs: 0 },
  { name: 'overload inside 200', fault: faults.overloadInside('error'), toldMs: 0 },
  { name: 'reset connections', fault: { kind: 'reset' }, toldMs: 0 },
];

export interface Weathered {
  readonly calls: number;
  readonly upstreamCalls: number;
  /** Upstream calls of the call that cost most. */
  readonly most: number;
  /** From the storm's end, or the last told wait if that is later, until every call is served. */
  readonly wellAfterMs: number;
}

/** Of fifteen seconds each: ten minutes. */
export const ROUNDS = 40;
const ROUND_MS = 15_000;
const AT_ONCE = 10;
const STEP_MS = 1_000;
const GIVES_UP_MS = 120_000;

export async function weather(
  { fault, toldMs }: StormKind,
  accounts: number,
  rounds = ROUNDS,
): Promise<Weathered> {
  const names = Array.from({ length: accounts }, (_, n) => `account-${n}`);
  await using rig = await openRig({ accounts: names.map((name) => ({ name })) });
  const script = (next: Fault) => {
    for (const name of names) rig.emulator.script(`sk-emulated-${name}`, scripts.always(next));
  };
  script(fault);
  let lastRefusalMs = 0;
  let most = 0;
  for (let round = 0; round < rounds; round++) {
    const before = received(rig, names);
    const attempts = await atOnce(rig);
    most = Math.max(most, ...attempts.map((one) => one.attempts));
    if (received(rig, names) > before) lastRefusalMs = rig.clock.monotonicMs();
    rig.clock.advance(ROUND_MS);
  }
  const upstreamCalls = received(rig, names);
  script({ kind: 'healthy' });
  const endMs = rig.clock.monotonicMs();
  const fromMs = Math.max(endMs, lastRefusalMs + toldMs);
  rig.clock.advance(fromMs - endMs);
  while (rig.clock.monotonicMs() - fromMs < GIVES_UP_MS) {
    const served = await atOnce(rig);
    if (served.every(({ status }) => status === 200)) break;
    rig.clock.advance(STEP_MS);
  }
  const wellAfterMs = Math.round(rig.clock.monotonicMs() - fromMs);
  return { calls: rounds * AT_ONCE, upstreamCalls, most, wellAfterMs };
}

function atOnce(rig: Rig): Promise<readonly { readonly status: number; readonly attempts: number }[]> {
  return Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const answer = await rig.post('/v1/chat/completions', chat());
      await answer.text();
      return { status: answer.status, attempts: Number(answer.headers.get('x-cam-attempts') ?? 0) };
    }),
  );
}

function received(rig: Rig, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + rig.received(name), 0);
}
