/**
 * A provider that reports figures that cannot be true: they are flagged, counted by ourselves instead, and can neither
 * use up a limit nor free it.
 */
import { describe, expect, it } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import { scripts } from '../../../server/demo/faults.ts';
import { openRawUpstream } from '../../support/cuts/upstream.ts';
import { chat, openRig } from '../../support/gateway-rig.ts';

const HOSTILE = [
  ['less than nothing', '{"prompt_tokens":-1000000,"completion_tokens":-5,"total_tokens":-1000005}'],
  ['without end', '{"prompt_tokens":1e308,"completion_tokens":1e308,"total_tokens":1e308}'],
  ['beyond the largest number', '{"prompt_tokens":1e999,"completion_tokens":1,"total_tokens":1e999}'],
  ['a billion and one', '{"prompt_tokens":1000000001,"completion_tokens":1,"total_tokens":1000000002}'],
  ['text', '{"prompt_tokens":"12","completion_tokens":"7","total_tokens":"19"}'],
  ['fractions', '{"prompt_tokens":12.5,"completion_tokens":0.1,"total_tokens":12.6}'],
  ['lists and truths', '{"prompt_tokens":[12],"completion_tokens":true,"total_tokens":{}}'],
  [
    'more cached than there was',
    '{"prompt_tokens":12,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":9999}}',
  ],
  [
    'more reasoning than there was',
    '{"prompt_tokens":12,"completion_tokens":7,"completion_tokens_details":{"reasoning_tokens":8}}',
  ],
  ['a total less than its parts', '{"prompt_tokens":12,"completion_tokens":7,"total_tokens":1}'],
] as const;

/** Nothing reported, or not in JSON: unknown without being hostile. */
const SILENT = [
  ['nothing', '{}'],
  ['null', 'null'],
  ['seconds', '{"type":"duration","seconds":3}'],
  ['a number that JSON does not know', '{"prompt_tokens":NaN,"completion_tokens":NaN}'],
] as const;

const CASES = [...HOSTILE, ...SILENT];
const SAID = 'Hello, world! This is what the model said.';
const SAID_TOKENS = 11;
const LIMITS = { day: { tokens: 200_000, cost: nanoDollars(1_000_000_000) } };

function answerTo(number: number): { readonly type: string; readonly body: string } {
  const usage = CASES[number % CASES.length]?.[1] ?? '{}';
  if (number < CASES.length) {
    const message = { role: 'assistant', content: SAID };
    const choices = JSON.stringify([{ index: 0, message, finish_reason: 'stop' }]);
    return {
      type: 'application/json',
      body: `{"id":"chatcmpl-1","model":"gpt-5","choices":${choices},"usage":${usage}}`,
    };
  }
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'gpt-5', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const body = `${chunk({ content: SAID }, null)}${chunk({}, 'stop')}data: {"choices":[],"usage":${usage}}\n\ndata: [DONE]\n\n`;
  return { type: 'text/event-stream', body };
}

describe('Usage that cannot be true', () => {
  it('is flagged, counted by ourselves, and neither uses up a limit nor frees it', async () => {
    await using upstream = await openRawUpstream((number) => {
      const { type, body } = answerTo(number ?? 0);
      const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
      return { slices: [Buffer.from(head + body)], ending: 'stay' };
    });
    await using rig = await openRig({
      accounts: [{ name: 'raw', baseUrl: upstream.baseUrl, limits: LIMITS }],
    });
    const account = rig.account('raw');
    for (let number = 0; number < 2 * CASES.length; number++) {
      const what = `${CASES[number % CASES.length]?.[0]}, ${number < CASES.length ? 'JSON' : 'a stream'}`;
      const before = rig.limitBook.uses(account.id).day;
      const answer = await rig.post('/v1/chat/completions', {
        model: 'gpt-5',
        messages: [{ role: 'user', content: 'Say hello.' }],
        stream: number >= CASES.length,
        max_completion_tokens: 1_000,
        user: `case-${number}`,
      });
      expect(await answer.text(), what).toContain('Hello');
      const row = (await rig.rows()).at(-1);
      expect(row, what).toMatchObject({
        outcome: 'delivered',
        estimated: 1,
        usage_flagged: number % CASES.length < HOSTILE.length ? 1 : 0,
        cached_tokens: null,
      });
      expect(row?.output_tokens, what).toBe(SAID_TOKENS);
      expect(row?.input_tokens, what).toBeGreaterThan(5);
      expect(row?.total_tokens, what).toBe((row?.input_tokens ?? 0) + (row?.output_tokens ?? 0));
      expect(row?.cost, what).toBeGreaterThan(0);
      const after = rig.limitBook.uses(account.id).day;
      expect(after.tokens - before.tokens, what).toBe(row?.total_tokens);
      expect(after.cost - before.cost, what).toBe(row?.cost);
    }
    // The same from the ledger as in memory.
    const inMemory = rig.limitBook.uses(account.id);
    rig.limitBook.load();
    expect(rig.limitBook.uses(account.id)).toEqual(inMemory);
  }, 120_000);

  it('is unknown where we cannot count it, without a price, and what was reserved counts', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', limits: LIMITS }],
      wrapTokenCounter: (counter) => ({ ...counter, count: () => Promise.resolve(null) }),
    });
    const account = rig.account('one');
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'wrong_usage' }));
    await (await rig.post('/v1/chat/completions', chat({ max_completion_tokens: 1_000 }))).text();
    const [row] = await rig.rows();
    expect(row).toMatchObject({
      usage_flagged: 1,
      estimated: 0,
      input_tokens: null,
      output_tokens: null,
      total_tokens: null,
      cost: null,
      assumed_cost: null,
    });
    const { tokens, cost } = rig.limitBook.uses(account.id).day;
    expect(tokens).toBe(row?.reserved_tokens);
    expect(tokens).toBeGreaterThan(1_000);
    expect(cost).toBe(row?.reserved_cost);
    expect(cost).toBeGreaterThan(0);
  });
});
