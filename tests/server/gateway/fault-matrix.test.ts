import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import { scripts } from '../../../server/demo/faults.ts';
import { FAULT_MATRIX } from '../../support/fault-matrix/rows.ts';
import { LEDGER, type MatrixRow, type Surface } from '../../support/fault-matrix/words.ts';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { type Answer, send } from '../demo/client.ts';

const NAMES = ['one', 'two', 'three'] as const;
const MODEL = 'gpt-5';
const CALLS = {
  JSON: { path: '/v1/chat/completions', body: chat() },
  chat: {
    path: '/v1/chat/completions',
    body: chat({ stream: true, stream_options: { include_usage: true } }),
  },
  responses: { path: '/v1/responses', body: responses({ stream: true }) },
} as const satisfies Record<Surface, { path: string; body: object }>;

let rig: Rig;

beforeAll(async () => {
  rig = await openRig({
    accounts: NAMES.map((name) => ({ name })),
    env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
    resolve: (_hostname, done) => done(null, [{ address: '93.184.216.34', family: 4 }]),
    config: (config) => ({
      ...config,
      upstream: { ...config.upstream, first_byte_ms: 150, idle_ms: 150 },
      breaker: { ...config.breaker, failures: 1_000 },
    }),
  });
});
afterAll(() => rig[Symbol.asyncDispose]());

/** The given accounts fail as the row says, the others are well, and nothing is remembered of before. */
function arrange({ happens }: MatrixRow, failing: readonly string[]): void {
  for (const name of NAMES) {
    const fails = failing.includes(name);
    const account = rig.account(name);
    const elsewhere = fails && 'baseUrl' in happens ? { baseUrl: happens.baseUrl } : {};
    const facts = { organization: null, project: null, modelIds: null, checkedAtMs: null };
    rig.room.pool.put(account.id, { account: { ...account, ...elsewhere }, facts, health: null });
    rig.room.pool.clearMarks(account.id);
    const script = fails && 'fault' in happens ? scripts.always(happens.fault) : scripts.healthy;
    rig.emulator.script(`sk-emulated-${name}`, {
      ...script,
      on: 'always' in happens && happens.always ? 'all' : 'inference',
    });
    rig.emulator.key(`sk-emulated-${name}`).forget();
  }
}

const ask = (surface: Surface): Promise<Answer> => send({ url: rig.url, key: CLIENT_KEY, ...CALLS[surface] });

function stateOf(name: string): Upstream {
  const found = rig.room.pool.upstream(rig.account(name).id);
  if (!found) throw new Error(`no account ${name}`);
  return found;
}

const hours = (untilMs: number | undefined): number =>
  Math.round(((untilMs ?? 0) - rig.clock.nowMs()) / 3_600_000);
const counted = ({ breakers }: Upstream, key: string): boolean => {
  const breaker = breakers[key];
  return breaker?.state === 'closed' && breaker.failuresAtMs.length === 1;
};

const BECOMES: { readonly [Key in MatrixRow['account']]: (upstream: Upstream) => boolean } = {
  untouched: ({ breakers, cooldowns, marks, credentialRefused }) =>
    Object.keys({ ...breakers, ...cooldowns }).length + marks.length === 0 && credentialRefused === null,
  counts_model: (one) => counted(one, MODEL),
  counts_whole: (one) => counted(one, '') && one.credentialRefused === null,
  counts_silence: (one) => counted(one, `${MODEL}#silence`) && one.breakers[MODEL] === undefined,
  counts_proxy: (one) => counted(one, '#proxy') && one.breakers[''] === undefined,
  cools_told: ({ cooldowns }) => cooldowns[MODEL]?.guessed === false,
  cools_guessed: ({ cooldowns }) => cooldowns[MODEL]?.guessed === true,
  no_quota: ({ cooldowns }) => cooldowns['']?.cause === 'quota',
  model_marked: ({ marks: [mark] }) => mark?.kind === 'model' && hours(mark.untilMs) === 1,
  model_marked_day: ({ marks: [mark] }) => mark?.kind === 'model' && hours(mark.untilMs) === 24,
  endpoint_marked: ({ marks: [mark] }) => mark?.kind === 'family' && hours(mark.untilMs) === 1,
  disabled: ({ credentialRefused }) => credentialRefused !== null,
};

const ENDS: { readonly [Key in Surface]: RegExp } = {
  JSON: /"object":"chat\.completion"/,
  chat: /data: \[DONE\]\n\n$/,
  responses: /event: response\.completed\n.*\n\n$/,
};
const BROKEN: { readonly [Key in Surface]: RegExp } = {
  JSON: /^$/,
  chat: /\n\ndata: \{"error":\{[^\n]*"upstream_interrupted"\}\}\n\n$/,
  responses: /\n\nevent: response\.failed\ndata: [^\n]*"upstream_interrupted"[^\n]*\n\n$/,
};
const count = (text: string, what: string): number => text.split(what).length - 1;

const SEES: { readonly [Key in MatrixRow['client']]: (a: Answer, row: MatrixRow, on: Surface) => void } = {
  served(answer, _row, surface) {
    expect(answer).toMatchObject({ status: 200, whole: true });
    expect(answer.headers['x-cam-account']).toBe(rig.account('three').id);
    expect(answer.text).toMatch(ENDS[surface]);
    expect(answer.text).not.toMatch(/"error":\{|went wrong|html/);
  },
  returned(answer, { happens }) {
    const fault = 'fault' in happens ? happens.fault : null;
    expect(answer.whole).toBe(true);
    expect(answer.status).toBe(fault?.kind === 'refuse' ? fault.status : 200);
    const code = fault && 'code' in fault ? fault.code : null;
    expect(answer.text).toContain(code === null ? '"code":null' : `"${code}"`);
    expect(answer.text).not.toContain('upstream_');
  },
  told(answer, _row, surface) {
    expect(answer).toMatchObject({ status: 200, whole: false });
    expect(answer.text).toMatch(BROKEN[surface]);
    expect(count(answer.text, 'upstream_interrupted')).toBe(1);
  },
  own_error(answer) {
    expect(answer).toMatchObject({ status: 200, whole: false });
    expect(answer.text).toMatch(/\n\n(?:event: error\n)?data: \{[^\n]*\}\n\n$/);
    expect(answer.text).not.toContain('upstream_');
  },
  own_end(answer) {
    expect(answer).toMatchObject({ status: 200, whole: true });
    expect(count(answer.text, 'event: response.failed')).toBe(1);
    expect(answer.text).not.toContain('upstream_');
  },
  cut(answer) {
    expect(answer).toMatchObject({ status: 200, whole: false });
    expect(answer.text).not.toContain('upstream_');
    expect(answer.text.endsWith('\n\n')).toBe(false);
  },
};

/** What is learned from a question of our own comes a moment after the answer. */
async function until(true_: () => boolean): Promise<void> {
  for (let i = 0; i < 100_000 && !true_(); i++) await new Promise(setImmediate);
}

describe('With two of three accounts failing,', () => {
  for (const row of FAULT_MATRIX) {
    for (const surface of row.on) {
      it(`${row.when}, on ${surface}: ${row.upstream}`, async () => {
        arrange(row, ['one', 'two']);
        const answer = await ask(surface);
        SEES[row.client](answer, row, surface);
        const failed = row.client === 'served' ? ['one', 'two'] : ['one'];
        for (const name of failed) {
          await until(() => BECOMES[row.account](stateOf(name)));
          expect(BECOMES[row.account](stateOf(name)), JSON.stringify(stateOf(name))).toBe(true);
        }
        const others = NAMES.filter((name) => !failed.includes(name));
        for (const name of others) expect(BECOMES.untouched(stateOf(name)), name).toBe(true);
        await rig.emulator.key('sk-emulated-one').idle();
        const [outcome, attempts, name, error] = LEDGER[row.ledger];
        await until(() => rig.room.inFlight.size === 0);
        expect((await rig.rows()).at(-1)).toMatchObject({
          outcome,
          attempts,
          account_id: rig.account(name).id,
          error_code: error,
          status: answer.status,
        });
        const asked = NAMES.reduce((sum, one) => sum + rig.received(one), 0);
        expect(asked).toBeLessThanOrEqual(3);
      });
    }
  }
});

describe('With every account failing, the client is told once and truly:', () => {
  for (const row of FAULT_MATRIX) {
    const { nobody } = row;
    if (!nobody) continue;
    const [status, code, again] = nobody;
    it(`${row.upstream} is ${status} ${code ?? 'of the provider'}`, async () => {
      arrange(row, NAMES);
      const answer = await ask('JSON');
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text).error.code).toBe(code);
      expect(answer.headers['x-should-retry']).toBe(again === 'never' ? 'false' : undefined);
      if (again === 'wait') {
        expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
        expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
      } else expect(answer.headers['retry-after']).toBeUndefined();
      expect(answer.text).not.toMatch(/org-|proj_|sk-emulated/);
      expect(NAMES.reduce((sum, one) => sum + rig.received(one), 0)).toBeLessThanOrEqual(3);
    });
  }
});
