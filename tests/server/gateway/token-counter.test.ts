import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CountQuestion } from '../../../lib/metering/count-call.ts';
import {
  createTokenCounter,
  type TokenCounter,
  type TokenCounterOptions,
} from '../../../server/gateway/token-counter.ts';

const PATIENT_MS = 25_000;

const question = (over: Partial<CountQuestion> = {}): CountQuestion => ({
  family: 'chat',
  stream: true,
  asked: Buffer.from(JSON.stringify({ prompt: 'Hello, world!' })),
  shown: Buffer.from('data: {"choices":[{"delta":{"content":"Hello, world!"}}]}\n\n'),
  outputEvents: 1,
  bytes: 60,
  ...over,
});

describe('Counting the tokens of a call', () => {
  const log = { warn: vi.fn() };
  let counter: TokenCounter | null = null;
  const open = (options: Partial<TokenCounterOptions> = {}): TokenCounter => {
    counter = createTokenCounter({ log, waitMs: PATIENT_MS, ...options });
    return counter;
  };
  afterEach(async () => {
    await counter?.close();
    log.warn.mockReset();
  });

  it('counts as the models do', async () => {
    expect(await open().count(question())).toEqual({
      inputTokens: 4,
      outputTokens: 4,
      continuesElsewhere: false,
    });
  });

  it('takes what looks like a control token for the text that it is', async () => {
    const asked = Buffer.from(JSON.stringify({ prompt: '<|endoftext|>' }));
    expect((await open().count(question({ asked })))?.inputTokens).toBeGreaterThan(1);
  });

  it.each([
    ['one letter', 'x'],
    ['blanks', ' '],
    ['ideographs', '漢字仮名交じり文'],
    ['faces', '👩‍👩‍👧‍👦'],
  ])('counts 200 kB of %s without a break as fast as other text', async (_what, unit) => {
    const asked = Buffer.from(JSON.stringify({ prompt: unit.repeat(200_000 / unit.length) }));
    const counted = await open().count(question({ asked }));
    expect(counted?.inputTokens).toBeGreaterThan(0);
  });

  it('gives up after its time, and does not take a thread for dead that is only starting', async () => {
    const hurried = open({ waitMs: 1 });
    expect(await hurried.count(question())).toBeNull();
    expect(log.warn).not.toHaveBeenCalled();
  });

  it('counts five hundred calls that end at one moment, all of them', async () => {
    const busy = open();
    const counted = await Promise.all(Array.from({ length: 500 }, () => busy.count(question())));
    expect(counted.map((one) => one?.outputTokens)).toEqual(Array(500).fill(4));
  });

  it('holds no more than 128 MiB for those that wait, and forgets them when they are counted', async () => {
    const busy = open();
    const asked = Buffer.alloc(67_108_864, 0x20);
    const waiting = [busy.count(question({ asked })), busy.count(question())];
    expect(await busy.count(question({ asked }))).toBeNull();
    for (const counted of await Promise.all(waiting)) expect(counted?.outputTokens).toBe(4);
    expect((await busy.count(question({ asked })))?.outputTokens).toBe(4);
  });

  it('counts a call by another thread when the first one dies', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cam-tokens-'));
    const script = join(folder, 'dies-once.mjs');
    writeFileSync(
      script,
      `import { existsSync, writeFileSync } from 'node:fs';
       import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ id }) => {
         if (!existsSync(${JSON.stringify(join(folder, 'died'))})) {
           writeFileSync(${JSON.stringify(join(folder, 'died'))}, '');
           process.exit(1);
         }
         parentPort.postMessage({ id, answer: { inputTokens: 1, outputTokens: 2, continuesElsewhere: false } });
       });`,
    );
    expect((await open({ script: pathToFileURL(script) }).count(question()))?.outputTokens).toBe(2);
    expect(log.warn).not.toHaveBeenCalled();
    rmSync(folder, { recursive: true });
  });

  it('knows nothing when its thread cannot run, and says why in the log', async () => {
    const broken = open({ script: new URL('./no-such-thread.ts', import.meta.url) });
    expect(await broken.count(question())).toBeNull();
    expect(log.warn).toHaveBeenCalledOnce();
  });

  it('answers everybody when it is closed', async () => {
    const closing = open();
    const asked = closing.count(question());
    await closing.close();
    expect(await asked).toBeNull();
    expect(await closing.count(question())).toBeNull();
  });

  it('does not copy a body that is too large to be text', async () => {
    const counted = await open().count(question({ asked: Buffer.alloc(8_388_609, 0x20) }));
    expect(counted).toMatchObject({ inputTokens: null, outputTokens: 4 });
  });
});
