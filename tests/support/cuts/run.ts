/**
 * Cuts answers at random places and looks at what a client saw. Everything is drawn from one seed: a case is known by
 * its seed and number, and can be played again.
 */
import { seededRandom } from '../../../lib/base/random.ts';
import { CLIENT_KEY, openRig, type SettledRow } from '../gateway-rig.ts';
import { anyAnswer, type Draw, pick, type WholeAnswer } from './answers.ts';
import { askOver, type Seen } from './client.ts';
import { openRawUpstream, type Play } from './upstream.ts';

type Framing = 'chunked' | 'length' | 'close';
type Ending = 'fin' | 'reset' | 'clean' | 'whole';

export interface Cut {
  readonly answer: WholeAnswer;
  readonly framing: Framing;
  /** clean: shortened, and then framed as if it were whole · whole: not cut at all. */
  readonly ending: Ending;
  readonly play: Play;
  readonly version: '1.0' | '1.1';
}

export interface CutTally {
  readonly cut: number;
  readonly uncut: number;
  /** Ended cleanly though the answer was not whole: what must never be. */
  readonly takenForWhole: readonly string[];
  /** Not cut, and yet not given whole. */
  readonly spoilt: readonly string[];
  /** What the ledger says of it is not what the client saw. */
  readonly misrecorded: readonly string[];
  readonly outcomes: Readonly<Record<string, number>>;
}

const AT_ONCE = 8;
const SLICES_MAX = 5;

export function makeCut(seed: number, number: number): Cut {
  const draw = seededRandom(seed * 1_000_003 + number);
  for (let i = 0; i < 3; i++) draw();
  const answer = anyAnswer(draw);
  const framing = pick<Framing>(draw, ['chunked', 'chunked', 'length', 'close']);
  const ending = draw() < 0.1 ? 'whole' : pick<Ending>(draw, ['fin', 'reset', 'clean']);
  const wire = wireOf(draw, answer, framing, ending);
  const stays = framing !== 'close' && (ending === 'clean' || ending === 'whole');
  const play: Play = {
    slices: slicesOf(draw, wire),
    ending: stays ? 'stay' : ending === 'reset' ? 'reset' : 'fin',
  };
  return { answer, framing, ending, play, version: draw() < 0.1 ? '1.0' : '1.1' };
}

function wireOf(draw: Draw, answer: WholeAnswer, framing: Framing, ending: Ending): Buffer {
  const { bytes, contentType, encoding } = answer;
  const body = ending === 'clean' ? bytes.subarray(0, Math.floor(draw() * bytes.length)) : bytes;
  const head = ['HTTP/1.1 200 OK', `content-type: ${contentType}`];
  if (encoding !== null) head.push(`content-encoding: ${encoding}`);
  if (framing === 'length') head.push(`content-length: ${body.length}`);
  if (framing === 'chunked') head.push('transfer-encoding: chunked');
  if (framing === 'close') head.push('connection: close');
  const opening = Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
  const whole = Buffer.concat([opening, ...(framing === 'chunked' ? chunked(draw, body) : [body])]);
  if (ending === 'clean' || ending === 'whole') return whole;
  // Mostly inside the body: cuts inside the head are all alike.
  const from = draw() < 0.05 ? 0 : opening.length;
  return whole.subarray(0, from + Math.floor(draw() * (whole.length - from)));
}

function chunked(draw: Draw, body: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, 1 + Math.floor(draw() * Math.max(600, body.length / 4)));
    parts.push(Buffer.from(`${size.toString(16)}\r\n`), body.subarray(at, at + size), Buffer.from('\r\n'));
    at += size;
  }
  parts.push(Buffer.from('0\r\n\r\n'));
  return parts;
}

function slicesOf(draw: Draw, wire: Buffer): readonly Buffer[] {
  const count = 1 + Math.floor(draw() * SLICES_MAX);
  const places = Array.from({ length: count - 1 }, () => Math.floor(draw() * wire.length)).sort(
    (a, b) => a - b,
  );
  const edges = [0, ...places, wire.length];
  return edges
    .slice(1)
    .map((to, at) => wire.subarray(edges[at] ?? 0, to))
    .filter(({ length }) => length > 0);
}

export async function runCuts(seed: number, from: number, count: number): Promise<CutTally> {
  await using upstream = await openRawUpstream((number) => makeCut(seed, number ?? 0).play);
  await using rig = await openRig({
    accounts: [{ name: 'raw', baseUrl: upstream.baseUrl }],
    // Every call of thousands fails at one account, which has to go on being asked.
    config: (config) => ({
      ...config,
      routing: { ...config.routing, attempts_max: 1 },
      breaker: { ...config.breaker, failures: count * 10 },
    }),
  });
  const port = Number(new URL(rig.url).port);
  const seen = new Map<number, Seen>();
  let next = from;
  const work = async (): Promise<void> => {
    for (let number = next++; number < from + count; number = next++) {
      const { answer, version } = makeCut(seed, number);
      const body = JSON.stringify({ ...answer.request, user: `case-${number}` });
      seen.set(number, await askOver({ port, path: answer.path, key: CLIENT_KEY, body, version }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return tally(seed, seen, await rig.rows());
}

function tally(seed: number, seen: ReadonlyMap<number, Seen>, rows: readonly SettledRow[]): CutTally {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const takenForWhole: string[] = [];
  const spoilt: string[] = [];
  const misrecorded: string[] = [];
  const outcomes: Record<string, number> = {};
  let uncut = 0;
  for (const [number, one] of seen) {
    const cut = makeCut(seed, number);
    const { answer, framing, ending, version } = cut;
    const what = `seed ${seed} case ${number}: ${answer.name}, ${framing}, ${ending}, HTTP/${version}`;
    const row = byId.get(one.requestId ?? '');
    if (ending === 'whole') uncut++;
    const shownWhole = one.clean && one.status === 200;
    const has = one.body.length >= answer.wholeFrom && isPrefix(one.body, answer);
    if (shownWhole && !has) takenForWhole.push(`${what}: ${one.body.length} of ${answer.wholeFrom} bytes`);
    if (ending === 'whole' && !(shownWhole && one.body.equals(answer.shown))) spoilt.push(what);
    const wrong = row === undefined ? 'no row' : recordedWrongly(row, one, answer);
    if (wrong !== null) misrecorded.push(`${what}: ${wrong}`);
    const outcome = `${row?.outcome ?? 'no row'}${row?.estimated === 1 ? ', estimated' : ''}`;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return { cut: seen.size - uncut, uncut, takenForWhole, spoilt, misrecorded, outcomes };
}

function isPrefix(body: Buffer, { shown, wholeFrom }: WholeAnswer): boolean {
  return body.subarray(0, wholeFrom).equals(shown.subarray(0, wholeFrom));
}

/** What is wrong with a row, beside what its client saw; null when nothing is. */
function recordedWrongly(row: SettledRow, seen: Seen, answer: WholeAnswer): string | null {
  const expected = seen.status !== 200 ? 'failed' : seen.clean ? 'delivered' : 'interrupted';
  if (row.outcome !== expected) return `${row.outcome} instead of ${expected}`;
  if (row.status !== seen.status) return `status ${row.status} instead of ${seen.status}`;
  if ((row.error_code === null) !== (expected === 'delivered')) return `error ${row.error_code}`;
  // Of a compressed answer nothing is read.
  if (expected === 'failed' || answer.encoding !== null) return null;
  if (row.input_tokens === null || row.output_tokens === null) return 'nobody knows what it used';
  if (row.estimated === 0 && row.total_tokens !== 19) return `${row.total_tokens} tokens without an estimate`;
  return null;
}
