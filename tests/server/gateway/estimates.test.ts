import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import { streamedText } from '../../../lib/metering/answer-text.ts';
import { createPriceBook } from '../../../lib/metering/price-book.ts';
import { type Fault, scripts } from '../../../server/demo/faults.ts';
import type { TokenCounter } from '../../../server/gateway/token-counter.ts';
import {
  CLIENT_KEY,
  chat,
  openRig,
  type Rig,
  type RigOptions,
  responses,
} from '../../support/gateway-rig.ts';
import { send } from '../demo/client.ts';

const CUT: Fault = { kind: 'cut', onBoundary: true, afterOutput: 3 };
const ask = (rig: Rig, path: string, body: object, headers: Record<string, string> = {}) =>
  send({ url: rig.url, path, key: CLIENT_KEY, body, headers });

function watched(): { readonly options: RigOptions; asked: () => number } {
  let asked = 0;
  const wrapTokenCounter = (counter: TokenCounter): TokenCounter => ({
    ...counter,
    count(question) {
      asked++;
      return counter.count(question);
    },
  });
  return { options: { wrapTokenCounter }, asked: () => asked };
}

describe('A call that broke off', () => {
  it.each([
    ['/v1/responses', responses({ stream: true }), countTokens('Say hello.')],
    ['/v1/chat/completions', chat({ stream: true }), countTokens('Say hello.') + 6],
    ['/v1/completions', { model: 'gpt-5', prompt: 'Say hello.', stream: true }, countTokens('Say hello.')],
  ])(
    'is charged on %s what was sent and shown at least, and says that this is an estimate',
    async (path, body, input) => {
      await using rig = await openRig();
      rig.emulator.script('sk-emulated-one', scripts.always(CUT));
      const answer = await ask(rig, path, body);
      const shown = streamedText(Buffer.from(answer.text)).texts.join('');
      expect(shown.length).toBeGreaterThan(0);
      const output = countTokens(shown);
      const [row] = await rig.rows();
      expect(row).toMatchObject({
        outcome: 'interrupted',
        estimated: 1,
        input_tokens: input,
        output_tokens: output,
        total_tokens: input + output,
        cached_tokens: null,
      });
      const book = createPriceBook({ today: () => rig.clock.nowMs() });
      const query = { inputTokens: input, serviceTier: 'default', multiplier: 1, atMs: rig.clock.nowMs() };
      const prices = book.prices('gpt-5', query);
      expect(prices).not.toBeNull();
      const cost = (input * (prices?.input ?? 0) + output * (prices?.output ?? 0)) / 1_000_000;
      expect(row?.cost).toBe(nanoDollars(Math.round(cost)));
    },
  );

  it('counts towards the limits by its estimate, in memory as in the sums', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always(CUT));
    await ask(rig, '/v1/responses', responses({ stream: true }));
    const [row] = await rig.rows();
    const used = rig.limitBook.uses(rig.account('one').id).day;
    expect(used).toEqual({ requests: 1, tokens: row?.total_tokens, cost: row?.cost });
    rig.limitBook.load();
    expect(rig.limitBook.uses(rig.account('one').id).day).toEqual(used);
  });

  it('keeps an input unknown that continues what is stored, and counts what was reserved towards limits', async () => {
    await using rig = await openRig();
    const first = await ask(rig, '/v1/responses', responses());
    const { id } = JSON.parse(first.text) as { readonly id: string };
    rig.emulator.script('sk-emulated-one', scripts.always(CUT));
    await ask(rig, '/v1/responses', responses({ stream: true, previous_response_id: id }));
    const [, row] = await rig.rows();
    expect(row).toMatchObject({ estimated: 1, input_tokens: null, total_tokens: null, cost: null });
    expect(row?.output_tokens).toBeGreaterThan(0);
    const used = rig.limitBook.uses(rig.account('one').id).day;
    expect(used.tokens).toBeGreaterThan(4_096);
    rig.limitBook.load();
    expect(rig.limitBook.uses(rig.account('one').id).day).toEqual(used);
  });

  it('adds what the conversation’s last call reported as its input, where that is known', async () => {
    await using rig = await openRig();
    const session = { 'x-session-id': 'a conversation' };
    const first = await ask(rig, '/v1/responses', responses(), session);
    const { id } = JSON.parse(first.text) as { readonly id: string };
    rig.emulator.script('sk-emulated-one', scripts.always(CUT));
    await ask(rig, '/v1/responses', responses({ stream: true, previous_response_id: id }), session);
    const [before, row] = await rig.rows();
    expect(row).toMatchObject({
      estimated: 1,
      input_tokens: (before?.input_tokens ?? 0) + countTokens('Say hello.'),
    });
    expect(row?.cost).toBeGreaterThan(0);
  });

  it('stays unknown when its tokens cannot be counted, and is settled all the same', async () => {
    await using rig = await openRig({
      wrapTokenCounter: (counter) => ({ ...counter, count: () => Promise.resolve(null) }),
    });
    rig.emulator.script('sk-emulated-one', scripts.always(CUT));
    await ask(rig, '/v1/responses', responses({ stream: true }));
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'interrupted', estimated: 0, total_tokens: null, cost: null });
  });

  it('is timed by when it ended, not by when its tokens were counted', async () => {
    await using rig = await openRig({
      wrapTokenCounter: (counter) => ({
        ...counter,
        async count(question) {
          const counted = await counter.count(question);
          rig.clock.advance(600_000);
          return counted;
        },
      }),
    });
    rig.emulator.script('sk-emulated-one', scripts.always(CUT));
    await ask(rig, '/v1/responses', responses({ stream: true }));
    const [row] = await rig.rows();
    expect(row?.estimated).toBe(1);
    expect(row?.duration_ms).toBeLessThan(600_000);
  });

  it('does not hold up a shutdown for ever while its tokens are counted', async () => {
    const counting = Promise.withResolvers<void>();
    const release = Promise.withResolvers<null>();
    await using rig = await openRig({
      wrapTokenCounter: (counter) => ({
        ...counter,
        count() {
          counting.resolve();
          return release.promise;
        },
      }),
    });
    rig.emulator.script('sk-emulated-one', scripts.always(CUT));
    await ask(rig, '/v1/responses', responses({ stream: true }));
    await counting.promise;
    const startedMs = performance.now();
    await rig.gateway.drain(0);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    release.resolve(null);
    expect(await rig.rows()).toMatchObject([{ outcome: 'interrupted', estimated: 0 }]);
  });
});

describe('A call that nobody reported but that was delivered', () => {
  it('is counted alike, whether it streams or not', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'no_usage' }));
    await ask(rig, '/v1/responses', responses({ stream: true }));
    await ask(rig, '/v1/responses', responses());
    const [streamed, whole] = await rig.rows();
    expect(streamed).toMatchObject({ outcome: 'delivered', estimated: 1 });
    expect(streamed?.output_tokens).toBeGreaterThan(0);
    expect(whole).toMatchObject({
      outcome: 'delivered',
      estimated: 1,
      input_tokens: streamed?.input_tokens,
    });
    expect(whole?.output_tokens).toBeGreaterThan(0);
  });

  it('is flagged and counted alike when what was reported was nonsense', async () => {
    await using rig = await openRig();
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'wrong_usage' }));
    await ask(rig, '/v1/chat/completions', chat());
    const [row] = await rig.rows();
    expect(row).toMatchObject({ usage_flagged: 1, estimated: 1 });
    expect(row?.output_tokens).toBeLessThan(1_000);
  });
});

describe('Nothing is counted', () => {
  it('for calls whose provider reports their usage', async () => {
    const watch = watched();
    await using rig = await openRig(watch.options);
    await ask(rig, '/v1/responses', responses({ stream: true }));
    await ask(rig, '/v1/responses', responses());
    await ask(rig, '/v1/chat/completions', chat({ stream: true }));
    await ask(rig, '/v1/chat/completions', chat());
    await ask(rig, '/v1/embeddings', { model: 'text-embedding-3-small', input: 'Hello' });
    expect((await rig.rows()).map(({ estimated }) => estimated)).toEqual([0, 0, 0, 0, 0]);
    expect(watch.asked()).toBe(0);
  });

  it('for refusals, pictures and calls that go on in the background', async () => {
    const watch = watched();
    await using rig = await openRig(watch.options);
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'no_usage' }));
    await ask(rig, '/v1/responses', responses({ background: true }));
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'cut', onBoundary: true, afterOutput: 0 }));
    await ask(rig, '/v1/images/generations', { model: 'gpt-image-2', prompt: 'A cat' });
    rig.emulator.script(
      'sk-emulated-one',
      scripts.always({ kind: 'refuse', status: 400, code: 'invalid', message: 'No.' }),
    );
    await ask(rig, '/v1/responses', responses({ stream: true }));
    await rig.rows();
    expect(watch.asked()).toBe(0);
  });
});
