import { describe, expect, it } from 'vitest';
import { Peek, type Peeked, type PeekOptions } from '../../../server/upstream/peek.ts';

const SILENCE_MS = 2_000;
const COMMENTS_ONLY_MS = 15_000;
const CREATED = 'event: response.created\ndata: {"response":{"id":"resp_1"}}\n\n';

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
    async silence(forMs = SILENCE_MS) {
      nowMs += forMs;
      peek.tick(nowMs);
      await Promise.resolve();
      return decided;
    },
  };
}

describe('Silence after the last start-up event', () => {
  it('shows what is held after two seconds', async () => {
    const peek = peekWith({});
    peek.say(CREATED);
    expect(await peek.silence(SILENCE_MS - 1)).toBeNull();
    expect(await peek.silence(1)).toMatchObject({ kind: 'answer' });
  });

  it('begins anew with each of them, and not with a comment', async () => {
    const peek = peekWith({});
    peek.say(CREATED);
    expect(await peek.silence(1_500)).toBeNull();
    peek.say('event: response.in_progress\ndata: {}\n\n');
    expect(await peek.silence(1_500)).toBeNull();
    peek.say(': still there\n\n');
    expect(await peek.silence(500)).toMatchObject({ kind: 'answer' });
  });

  it('is not awaited by comments alone: those are shown after fifteen seconds', async () => {
    const peek = peekWith({});
    peek.say(': hello\n\n');
    expect(await peek.silence(COMMENTS_ONLY_MS - 1)).toBeNull();
    peek.say(': again\n\n');
    expect(await peek.silence(1)).toMatchObject({ kind: 'answer' });
  });

  it('shows nothing before the id of what the answer makes is held, so that its owner can be written first', async () => {
    const peek = peekWith({ tellsId: (held) => Buffer.concat(held).includes('resp_1') });
    peek.say(': hello\n\n');
    expect(await peek.silence(COMMENTS_ONLY_MS)).toBeNull();
    peek.say(CREATED);
    expect(await peek.silence()).toMatchObject({ kind: 'answer' });
  });
});
