import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { CLIENT_KEY, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { openSpokenUpstream, SAYS } from '../../support/spoken-upstream.ts';
import { until } from '../../support/turnstile.ts';
import { type Answer, send } from '../demo/client.ts';

const OVERLOADED = SAYS.failed('server_is_overloaded');

/** The first account says what the test tells it; the second is well. */
async function open(speak: (response: ServerResponse, rig: Rig) => void | Promise<void>) {
  let pieces = 0;
  const rig = await openRig({
    accounts: [],
    wrapDial: (dial) => (request, events) =>
      dial(request, {
        head: (status, headers) => events.head(status, headers),
        data(chunk) {
          events.data(chunk);
          pieces++;
        },
        end: () => events.end(),
        fail: (failure) => events.fail(failure),
      }),
  });
  const upstream = await openSpokenUpstream((response) => speak(response, rig));
  rig.put({ name: 'one', baseUrl: upstream.baseUrl });
  rig.put({ name: 'two' });
  return { rig, upstream, heard: () => pieces };
}

const ask = (rig: Rig, onChunk?: (text: string) => undefined): Promise<Answer> =>
  send({
    url: rig.url,
    path: '/v1/responses',
    key: CLIENT_KEY,
    body: responses({ stream: true, store: false }),
    ...(onChunk ? { onChunk } : {}),
  });

async function servedBy(what: string): Promise<{ name: string; text: string }> {
  const { rig, upstream } = await open((response) => void response.end(what));
  await using _rig = rig;
  await using _upstream = upstream;
  const answer = await ask(rig);
  const name = answer.headers['x-cam-account'] === rig.account('two').id ? 'two' : 'one';
  return { name, text: answer.text };
}

describe('An error inside HTTP 200', () => {
  it.each([
    ['after 62 start-up events', SAYS.created.repeat(62)],
    ['after 62 comments', SAYS.comment.repeat(62)],
    ['after 250 KiB of start-up events', SAYS.long(250 * 1_024)],
    ['at once', ''],
  ])('%s is answered by another account, and the client sees nothing of it', async (_when, before) => {
    const { name, text } = await servedBy(before + OVERLOADED);
    expect(name).toBe('two');
    expect(text).toContain('event: response.completed');
    expect(text).not.toMatch(/server_is_overloaded|working|resp_spoken/);
  });

  it.each([
    ['64 start-up events', SAYS.created.repeat(64)],
    ['64 events, comments among them', SAYS.comment.repeat(40) + SAYS.created.repeat(24)],
    ['256 KiB of start-up events', SAYS.long(100 * 1_024).repeat(3)],
    ['a piece of output', SAYS.created + SAYS.delta],
  ])('after %s is shown once, as it was said, because what came before was shown', async (_what, before) => {
    const { rig, upstream } = await open((response) => {
      response.write(before, () => void setImmediate(() => response.end(OVERLOADED)));
    });
    await using _rig = rig;
    await using _upstream = upstream;
    const answer = await ask(rig);
    expect(answer.headers['x-cam-account']).toBe(rig.account('one').id);
    expect(answer.text).toBe(before + OVERLOADED);
    expect(rig.received('two')).toBe(0);
  });
});

describe('Two seconds after the last start-up event', () => {
  /** The upstream has said something, and the gateway has looked at the clock since. */
  async function holding(first: string) {
    const said: ServerResponse[] = [];
    const { rig, upstream, heard } = await open((response) => {
      said.push(response);
      response.write(first);
    });
    let seen = '';
    const asking = ask(rig, (text) => {
      seen += text;
      return undefined;
    });
    let ticks = 0;
    rig.room.ticker.add({ tick: () => void ticks++ });
    const look = async (): Promise<void> => {
      const from = ticks;
      await until(() => ticks >= from + 2);
    };
    const say = async (text: string): Promise<void> => {
      const from = heard();
      for (const response of said) response.write(text);
      await until(() => heard() > from);
    };
    await until(() => heard() === 1);
    await look();
    const end = (text: string): void => {
      for (const response of said) response.end(text);
    };
    return { rig, upstream, asking, look, say, end, seen: () => seen };
  }

  it('what is held is shown, so that the client sees that work has begun', async () => {
    const { rig, upstream, asking, end, seen } = await holding(SAYS.created);
    await using _rig = rig;
    await using _upstream = upstream;
    expect(seen()).toBe('');
    rig.clock.advance(2_000);
    await until(() => seen() !== '');
    expect(seen()).toBe(SAYS.created);
    end(OVERLOADED);
    expect((await asking).text).toBe(SAYS.created + OVERLOADED);
    expect(rig.received('two')).toBe(0);
  });

  it('comments do not count: an error after ten seconds of them is still answered by another account', async () => {
    const { rig, upstream, asking, look, say, seen } = await holding(SAYS.comment);
    await using _rig = rig;
    await using _upstream = upstream;
    for (let n = 0; n < 2; n++) {
      rig.clock.advance(5_000);
      await look();
      await say(SAYS.comment);
    }
    expect(seen()).toBe('');
    await say(OVERLOADED);
    const answer = await asking;
    expect(answer.headers['x-cam-account']).toBe(rig.account('two').id);
    expect(answer.text).not.toContain('working');
  });
});
