/** What has to work with OpenAI's own SDK, as promises, and how its error classes and repeats go with our answers. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import OpenAI, {
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
  toFile,
} from 'openai';
import { faults } from '../../server/demo/faults.ts';
import type { Doorbell } from './doorbell.ts';
import { createDoorbell } from './doorbell.ts';
import { ledgerOf } from './ledger.ts';
import type { Scenario } from './scenarios.ts';
import type { AccountName, World } from './world.ts';
import { ACCOUNTS, CLIENT_KEY } from './world.ts';

const MODEL = 'gpt-5';
const SAY = 'The marker is 4711 and there is nothing more to tell about it';
const prompt = `say exactly: ${SAY}`;
const messages = [{ role: 'user', content: prompt }];
const TIMEOUT_MS = 60_000;

const sdk = (world: Pick<World, 'baseUrl'>, more: { apiKey?: string; maxRetries?: number } = {}): OpenAI =>
  new OpenAI({ baseURL: world.baseUrl, apiKey: CLIENT_KEY, timeout: TIMEOUT_MS, ...more });

const callsOf = (world: World, account: AccountName, method = 'POST') =>
  world.received(account).filter((call) => call.method === method);

/** An SDK behind a doorbell that counts what it sends. */
async function counted(world: World, run: (client: OpenAI, doorbell: Doorbell) => Promise<void>) {
  const doorbell = await createDoorbell(world.baseUrl);
  try {
    await run(sdk(doorbell), doorbell);
  } finally {
    await doorbell.close();
  }
}

async function errorOf(call: Promise<unknown>): Promise<APIError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

const chat: Scenario = {
  promise: 'chats, whole and as a stream, with usage only for those who ask',
  async run(world) {
    const client = sdk(world);
    const whole = await client.chat.completions.create({ model: MODEL, messages });
    assert.equal(whole.choices[0]?.message.content, SAY);
    assert.ok((whole.usage?.total_tokens ?? 0) > 0);
    assert.match(whole._request_id ?? '', /^req_/);
    for (const include_usage of [false, true]) {
      const options = include_usage ? { stream_options: { include_usage } } : {};
      const stream = await client.chat.completions.create({
        model: MODEL,
        messages,
        stream: true,
        ...options,
      });
      let text = '';
      let usages = 0;
      for await (const { choices, usage } of stream) {
        text += choices[0]?.delta.content ?? '';
        if (usage) usages++;
      }
      assert.equal(text, SAY);
      assert.equal(usages, include_usage ? 1 : 0);
    }
    return 'the answers';
  },
};

const responses: Scenario = {
  promise: 'gets responses, whole, as events and collected from them',
  async run(world) {
    const client = sdk(world);
    const whole = await client.responses.create({ model: MODEL, input: prompt });
    assert.equal(whole.output_text, SAY);
    let text = '';
    for await (const event of await client.responses.create({ model: MODEL, input: prompt, stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta ?? '';
    }
    assert.equal(text, SAY);
    const collected = await client.responses.stream({ model: MODEL, input: prompt }).finalResponse();
    assert.equal(collected.output_text, SAY);
    assert.ok((collected.usage?.total_tokens ?? 0) > 0);
    return 'the answers';
  },
};

const plain: Scenario = {
  promise: 'gets embeddings, a picture and the list of models',
  async run(world) {
    const client = sdk(world);
    const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] });
    assert.deepEqual(
      data.map(({ embedding }) => embedding.length),
      [1_536, 1_536],
    );
    const norm = Math.hypot(...(data[0]?.embedding ?? []));
    assert.ok(Math.abs(norm - 1) < 1e-3, `an embedding of length ${norm}`);
    const picture = await client.images.generate({ model: 'gpt-image-1', prompt: 'a pier' });
    assert.equal(Buffer.from(picture.data?.[0]?.b64_json ?? '', 'base64').toString('latin1', 1, 4), 'PNG');
    const models = await client.models.list();
    assert.ok(models.data.some(({ id }) => id === MODEL));
    assert.equal((await client.models.retrieve(MODEL)).id, MODEL);
    return 'all of them';
  },
};

const objects: Scenario = {
  promise: 'finds its file, conversation and response where they were made, and nobody else does',
  async run(world) {
    const client = sdk(world);
    const file = await client.files.create({
      file: await toFile(Buffer.from('four lines of text'), 'notes.txt'),
      purpose: 'user_data',
    });
    const conversation = await client.conversations.create({});
    const first = await client.responses.create({ model: MODEL, input: prompt });
    assert.equal(callsOf(world, 'Second').length, 0);
    await world.admin('accounts.edit', { ref: 'First', priority: 9 });
    try {
      assert.equal((await client.files.retrieve(file.id)).id, file.id);
      assert.equal((await client.conversations.retrieve(conversation.id)).id, conversation.id);
      const next = { model: MODEL, input: prompt, previous_response_id: first.id };
      assert.equal((await client.responses.create(next)).output_text, SAY);
      const withFile = [{ role: 'user', content: [{ type: 'input_file', file_id: file.id }] }];
      await client.responses.create({ model: MODEL, input: withFile });
      assert.equal(callsOf(world, 'Second').length, 0, 'an account that does not have them was asked');
      const { key } = (await world.admin('clients.add', { name: 'stranger' })) as { readonly key: string };
      const stranger = await errorOf(sdk(world, { apiKey: key }).files.retrieve(file.id));
      assert.ok(stranger instanceof NotFoundError, String(stranger));
      assert.equal((await client.files.delete(file.id)).deleted, true);
    } finally {
      await world.admin('accounts.edit', { ref: 'First', priority: 1 });
    }
    return 'its own';
  },
};

const abort: Scenario = {
  promise: 'leaves in the middle of a stream, and the provider is left too',
  async run(world) {
    const ledger = await ledgerOf(world);
    world.fault('First', { kind: 'slow', eventDelayMs: 200 });
    const stream = await sdk(world).responses.create({ model: MODEL, input: prompt, stream: true });
    try {
      for await (const event of stream) {
        if (event.type === 'response.output_text.delta') stream.controller.abort();
      }
    } catch (error) {
      assert.ok(error instanceof APIUserAbortError, String(error));
    }
    const settled = async () => (await ledger.rows())[0]?.outcome ?? null;
    for (let n = 0; (await settled()) === null && n < 100; n++) await wait(50);
    assert.equal(await settled(), 'cancelled');
    assert.deepEqual(
      callsOf(world, 'First').map(({ aborted }) => aborted),
      [true],
    );
    return 'no more of it';
  },
};

const brokenOff: Scenario = {
  promise: 'is told of a stream that breaks off',
  async run(world) {
    const client = sdk(world);
    for (const onBoundary of [true, false]) {
      world.fault('First', { kind: 'cut', onBoundary });
      await assert.rejects(async () => {
        for await (const _ of await client.chat.completions.create({ model: MODEL, messages, stream: true }));
      });
    }
    return 'an error, never a whole answer';
  },
};

const waits: Scenario = {
  promise: 'waits as it is told when every account is rate limited, and then gets its answer',
  async run(world) {
    for (const name of ACCOUNTS) world.fault(name, faults.rateLimit(2), 1);
    await counted(world, async (client, { answers }) => {
      const startedMs = performance.now();
      assert.equal((await client.responses.create({ model: MODEL, input: prompt })).output_text, SAY);
      const tookMs = performance.now() - startedMs;
      const [refused] = answers;
      assert.deepEqual([refused?.status, answers.length], [429, 2]);
      const toldMs = Number(refused?.headers['retry-after-ms']);
      assert.ok(tookMs >= toldMs, `asked again after ${tookMs} ms, told to wait ${toldMs} ms`);
    });
    return 'the answer, later';
  },
};

/** Repeating them is in vain, so they are sent once and not as often as the SDK would by itself. */
const FINAL: readonly {
  readonly what: string;
  readonly is: new (...args: never[]) => APIError;
  readonly status: number;
  readonly code: string;
  enter(world: World): Promise<unknown> | unknown;
  readonly apiKey?: string;
}[] = [
  {
    what: 'wrong key',
    is: AuthenticationError,
    status: 401,
    code: 'invalid_client_key',
    enter: () => undefined,
    apiKey: 'cam-not-one-of-ours',
  },
  {
    what: 'refused by policy',
    is: BadRequestError,
    status: 400,
    code: 'content_policy_violation',
    enter: (world) => world.fault('First', faults.policy()),
  },
  {
    what: 'out of quota',
    is: RateLimitError,
    status: 429,
    code: 'all_accounts_exhausted',
    enter: (world) => everywhere(world, faults.quota()),
  },
  {
    what: 'too large',
    is: APIError,
    status: 413,
    code: 'too_large_for_limit',
    enter: (world) => everywhere(world, faults.tooLarge(1_000, 5_000)),
  },
  {
    what: 'locked',
    is: InternalServerError,
    status: 503,
    code: 'vault_locked',
    enter: (world) => world.lock(),
  },
];

function everywhere(world: World, fault: Parameters<World['fault']>[1]): void {
  for (const name of ACCOUNTS) world.fault(name, fault);
}

/** The last one: it leaves the server locked. */
const errors: Scenario = {
  promise: 'throws the class that fits, once, for what trying again cannot mend',
  async run(world) {
    for (const { what, is, status, code, enter, apiKey } of FINAL) {
      await world.reset();
      await enter(world);
      const doorbell = await createDoorbell(world.baseUrl);
      try {
        const client = sdk(doorbell, apiKey === undefined ? {} : { apiKey });
        const error = await errorOf(client.responses.create({ model: MODEL, input: prompt }));
        assert.ok(error instanceof is, `${what}: ${error}`);
        assert.deepEqual([error.status, error.code], [status, code], `${what}: ${error}`);
        assert.equal(doorbell.answers.length, 1, `${what} was tried ${doorbell.answers.length} times`);
      } finally {
        await doorbell.close();
      }
    }
    return FINAL.map(({ what }) => what).join(', ');
  },
};

export const SDK_SCENARIOS: readonly Scenario[] = [
  chat,
  responses,
  plain,
  objects,
  abort,
  brokenOff,
  waits,
  errors,
];
