/**
 * An upstream that takes a call and then says nothing, or not enough: what the client sees meanwhile, when another
 * account is asked instead, and that a client that leaves ends it at once. Over raw sockets, so that every silence
 * is where it should be.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { until } from '../../support/turnstile.ts';

interface Sayer extends AsyncDisposable {
  readonly baseUrl: string;
  /** Requests of which the whole head came. */
  readonly asked: number;
  /** Connections that are open. */
  readonly open: number;
  /** To everybody who has asked. */
  say(text: string): void;
}

/** Answers each request with these words and nothing else, and never ends. */
async function openSayer(words: string): Promise<Sayer> {
  const sockets = new Set<Socket>();
  const askers = new Set<Socket>();
  let asked = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      if (!chunk.includes('\r\n\r\n')) return;
      asked++;
      askers.add(socket);
      if (words !== '') socket.write(words);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get asked() {
      return asked;
    },
    get open() {
      return sockets.size;
    },
    say(text) {
      for (const socket of askers) socket.write(text);
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const STREAM_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';
const JSON_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n';
const CREATED =
  'event: response.created\ndata: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress"}}\n\n';
const OVERLOADED =
  'event: error\ndata: {"type":"error","sequence_number":1,"code":"server_is_overloaded","message":"overloaded"}\n\n';

const silences = [
  ['never answers a JSON call', '', '/v1/chat/completions', chat()],
  ['never answers a stream call', '', '/v1/responses', responses({ stream: true })],
  ['sends headers of JSON and never a body', JSON_HEAD, '/v1/chat/completions', chat()],
  ['sends half of a JSON body', `${JSON_HEAD}{"id":"chatcmpl-1",`, '/v1/chat/completions', chat()],
  ['sends headers of a stream and never an event', STREAM_HEAD, '/v1/responses', responses({ stream: true })],
] as const;

/** Two accounts, of which the first is the sayer. */
function rigOver(sayer: Sayer, silenceMs: number): Promise<Rig> {
  return openRig({
    accounts: [{ name: 'one', baseUrl: sayer.baseUrl }, { name: 'two' }],
    config: (config) => ({
      ...config,
      upstream: { ...config.upstream, first_byte_ms: silenceMs, idle_ms: silenceMs },
    }),
  });
}

describe('An upstream that takes the call and', () => {
  for (const [what, words, path, body] of silences) {
    it(`${what}: the client sees nothing of it, not even a sign of life, and another account answers`, async () => {
      await using sayer = await openSayer(words);
      await using rig = await rigOver(sayer, 1_500);
      let headSeen = false;
      const call = rig.post(path, body).then((answer) => {
        headSeen = true;
        return answer;
      });
      await until(() => sayer.asked === 1);
      // Four signs of life would be due.
      rig.clock.advance(60_000);
      await until(() => rig.received('two') === 1 || headSeen);
      expect(headSeen).toBe(false);
      const answer = await call;
      const text = await answer.text();
      expect(answer.headers.get('x-cam-account')).toBe(rig.account('two').id);
      expect(answer.headers.get('x-cam-attempts')).toBe('2');
      expect(text).not.toContain('keep-alive');
      await until(() => sayer.open === 0);
      expect((await rig.rows()).map(({ outcome, attempts }) => [outcome, attempts])).toEqual([
        ['delivered', 2],
      ]);
    });

    it(`${what}: a client that leaves ends it within two seconds, and nobody is punished`, async () => {
      await using sayer = await openSayer(words);
      await using rig = await rigOver(sayer, 600_000);
      const client = new AbortController();
      const gone = fetch(`${rig.url}${path}`, {
        method: 'POST',
        signal: client.signal,
        headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).catch(() => null);
      await until(() => sayer.asked === 1);
      const sinceMs = performance.now();
      client.abort();
      await gone;
      await until(() => sayer.open === 0 && rig.room.inFlight.size === 0);
      expect(performance.now() - sinceMs).toBeLessThan(2_000);
      expect(rig.received('two')).toBe(0);
      expect(rig.room.pool.snapshot()[0]).toMatchObject({ inFlight: 0, breakers: {}, cooldowns: {} });
      expect((await rig.rows()).map(({ outcome, attempts }) => [outcome, attempts])).toEqual([
        ['cancelled', 1],
      ]);
    });
  }
});

describe('The signs of life of a provider itself', () => {
  it('commit nothing while they are all there is: an error right after them still moves the call unseen', async () => {
    await using sayer = await openSayer(`${STREAM_HEAD}: keep-alive\n\n${CREATED}: keep-alive\n\n`);
    await using rig = await rigOver(sayer, 60_000);
    const call = rig.post('/v1/responses', responses({ stream: true }));
    await until(() => sayer.asked === 1);
    sayer.say(OVERLOADED);
    const answer = await call;
    const text = await answer.text();
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('two').id);
    expect(text).toContain('response.completed');
    expect(text).not.toMatch(/overloaded|keep-alive|resp_1"/);
  });

  it('are shown after two seconds; from then on a failure is told, and the call moves nowhere', async () => {
    await using sayer = await openSayer(`${STREAM_HEAD}${CREATED}`);
    await using rig = await rigOver(sayer, 60_000);
    const call = rig.post('/v1/responses', responses({ stream: true }));
    await until(() => sayer.asked === 1);
    const answer = await call;
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('one').id);
    const reader = (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let shown = (await reader.read()).value ?? '';
    expect(shown).toBe(CREATED);
    rig.clock.advance(16_000);
    shown += (await reader.read()).value ?? '';
    expect(shown).toBe(`${CREATED}: keep-alive\n\n`);
    sayer.say(OVERLOADED);
    shown += (await reader.read()).value ?? '';
    expect(shown).toBe(`${CREATED}: keep-alive\n\n${OVERLOADED}`);
    await reader.cancel();
    expect(rig.received('two')).toBe(0);
  });
});

describe('A JSON call that takes long', () => {
  it('is shown nothing before its answer is whole, however long that takes', async () => {
    const body = JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', choices: [] });
    const head = JSON_HEAD.replace('500', String(body.length));
    await using sayer = await openSayer(head + body.slice(0, 20));
    await using rig = await rigOver(sayer, 60_000);
    let headSeen = false;
    const call = rig.post('/v1/chat/completions', chat()).then((answer) => {
      headSeen = true;
      return answer;
    });
    const [busy] = rig.room.pool.snapshot();
    await until(() => sayer.asked === 1);
    for (let looks = 0; looks < 3; looks++) {
      // A sign of life would be due, and the ticker has looked.
      const lookedMs = rig.room.ticker.nowMs();
      rig.clock.advance(16_000);
      await until(() => rig.room.ticker.nowMs() > lookedMs);
    }
    expect(headSeen).toBe(false);
    sayer.say(body.slice(20));
    const answer = await call;
    expect(answer.headers.get('x-cam-account')).toBe(busy?.account.id);
    expect(await answer.text()).toBe(body);
  });
});
