import { describe, expect, it } from 'vitest';
import { Peek, type Peeked, type PeekOptions } from '../../../server/upstream/peek.ts';

const AHEAD_MS = 2_000;

/** A peek whose clock is turned by hand. */
function peekWith(options: Partial<PeekOptions>) {
  let nowMs = 0;
  const ticker = { nowMs: () => nowMs, add: () => {}, remove: () => {}, close: () => {} };
  const peek = new Peek({ family: 'responses', hold: true, ticker, monotonicMs: () => nowMs, ...options });
  let decided: Peeked | null = null;
  void peek.decided.then((peeked) => {
    decided = peeked;
  });
  peek.head(200, { 'content-type': 'text/event-stream' });
  return {
    say: (text: string) => peek.data(Buffer.from(text)),
    async silence() {
      nowMs += AHEAD_MS;
      peek.tick(nowMs);
      await Promise.resolve();
      return decided;
    },
  };
}

describe('Silence after the first event', () => {
  it('shows what is held', async () => {
    const peek = peekWith({});
    peek.say(': hello\n\n');
    expect(await peek.silence()).toMatchObject({ kind: 'answer' });
  });

  it('shows nothing before the id of what the answer makes is held, so that its owner can be written first', async () => {
    const peek = peekWith({ tellsId: (held) => Buffer.concat(held).includes('resp_1') });
    peek.say(': hello\n\n');
    expect(await peek.silence()).toBeNull();
    peek.say('event: response.created\ndata: {"response":{"id":"resp_1"}}\n\n');
    expect(await peek.silence()).toMatchObject({ kind: 'answer' });
  });
});
