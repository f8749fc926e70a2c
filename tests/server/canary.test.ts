/**
 * The canary: two account keys like no other go through everything this program does, failures included, and are
 * then looked for everywhere. Only the provider they belong to may ever have seen them.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../server/demo/emulator.ts';
import { type Fault, faults, scripts } from '../../server/demo/faults.ts';
import { createHome, type Home, MASTER_KEY, type Server } from './cli/cam.ts';

const NEXT_MASTER_KEY = 'pasture lantern quarry mitten 52';
let masterKey = MASTER_KEY;
const CLIENT_KEY = `cam-own-${randomBytes(12).toString('hex')}`;
const canary = (): string => `sk-proj-${randomBytes(24).toString('base64url')}Canary`;
const first = canary();
const second = canary();
const wrong = canary();

/** Everything that anybody could read of us: answers, output, headers. */
const seen: string[] = [];
let emulator: Emulator;
let home: Home;
let server: Server;

beforeAll(async () => {
  emulator = await createEmulator({
    keys: [
      { key: first, organization: 'org-first' },
      { key: second, organization: 'org-second' },
    ],
  });
  home = createHome();
  server = await home.serve({
    CAM_MASTER_KEY: MASTER_KEY,
    CAM_CLIENT_KEY: CLIENT_KEY,
    CAM_LOG_LEVEL: 'trace',
  });
});

afterAll(async () => {
  await server?.stop();
  await emulator?.close();
  home?.remove();
});

async function cam(...args: string[]): Promise<number | null> {
  const said = await home.cam(args, { env: { CAM_MASTER_KEY: masterKey, CAM_LOG_LEVEL: 'debug' } });
  seen.push(said.out, said.err);
  return said.code;
}

/** With something typed in, e.g. a passphrase. */
async function camWith(input: string, ...args: string[]): Promise<number | null> {
  const said = await home.cam(args, { input: `${input}\n`, env: { CAM_MASTER_KEY: masterKey } });
  seen.push(said.out, said.err);
  return said.code;
}

async function add(name: string, key: string, ...more: string[]): Promise<number | null> {
  const args = ['add', name, '-', '--base-url', emulator.baseUrl, '--allow-local', '--json', ...more];
  const said = await home.cam(args, { input: `${key}\n`, env: { CAM_MASTER_KEY: MASTER_KEY } });
  seen.push(said.out, said.err);
  return said.code;
}

/** Forgets cooldowns and breakers, so that the next trouble meets an account that is tried. */
async function clear(name: string): Promise<void> {
  const { bearer } = JSON.parse(readFileSync(join(home.folder, 'session.json'), 'utf8'));
  const answer = await fetch(`${server.origin}/admin/api/trpc/accounts.clear`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ref: name }),
  });
  expect(answer.status).toBe(200);
  seen.push(await answer.text());
}

async function ask(path: string, body: object | string): Promise<void> {
  const headers = { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' };
  const answer = await fetch(`${server.origin}/v1${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  seen.push(JSON.stringify([...answer.headers]));
  // A broken stream rejects: what came before it is not kept by fetch, so it is read piece by piece.
  const decoder = new TextDecoder();
  try {
    for await (const piece of answer.body ?? []) seen.push(decoder.decode(piece, { stream: true }));
  } catch (error) {
    seen.push(String(error));
  }
}

const quoting = (key: string): Fault => ({
  kind: 'refuse',
  status: 401,
  code: 'invalid_api_key',
  type: 'invalid_request_error',
  message: `Incorrect API key provided: ${key}. You can find your API key at your provider.`,
});

const trouble: readonly Fault[] = [
  faults.rateLimit(1),
  faults.rateLimit(),
  { kind: 'html', status: 502 },
  { kind: 'reset' },
  { kind: 'cut', onBoundary: true, afterOutput: 1 },
  { kind: 'cut', onBoundary: false, afterOutput: 1 },
  { kind: 'clean_end', afterOutput: 1 },
  { kind: 'error_event', form: 'failed', code: 'server_error' },
  { kind: 'refuse', status: 400, code: 'invalid_value', message: `you sent ${first} and ${second}` },
  { kind: 'refuse', status: 500, code: null, message: `Bearer ${first}` },
];

test('an account key is seen by its provider and by nobody else, whatever goes wrong', async () => {
  expect(await add('First', first)).toBe(0);
  expect(await add('Second', second)).toBe(0);
  expect(await add('Wrong', wrong)).not.toBe(0);
  expect(await add('Twice', first, '--no-check')).not.toBe(0);
  expect(await add('Elsewhere', wrong, '--no-check')).toBe(0);

  for (const path of ['/responses', '/chat/completions']) {
    for (const stream of [true, false]) {
      const body = {
        model: 'gpt-5.5',
        stream,
        input: 'hello',
        messages: [{ role: 'user', content: 'hello' }],
      };
      for (const fault of trouble) {
        emulator.script(first, scripts.times(fault, 2));
        emulator.script(second, scripts.times(fault, 1));
        await ask(path, body);
        for (const name of ['First', 'Second']) await clear(name);
      }
      await ask(path, body);
    }
    await cam('list', '--json');
  }
  await ask('/chat/completions', '{"model":');
  emulator.script(first, { ...scripts.always(quoting(first)), on: 'all' });
  emulator.script(second, { ...scripts.always(quoting(second)), on: 'all' });
  await ask('/responses', { model: 'gpt-5.5', input: 'hello' });
  for (const name of ['First', 'Second', 'Elsewhere']) await cam('test', name);
  await cam('show', 'First', '--json');
  await cam('edit', 'First', '--name', 'Renamed');
  await cam('requests', '--json');
  await cam('usage', '--json');
  await cam('keys', 'list', '--json');
  await cam('status', '--json');
  await moveAndLookAfter();
  await cam('remove', 'Second', '--yes');
  await cam('lock');
  await ask('/responses', { model: 'gpt-5.5', input: 'hello' });
  expect(await server.stop()).toBe(0);
  // The backup is of before the change of the master key.
  masterKey = MASTER_KEY;
  expect(await cam('restore', inHome('copy.db'), '--yes')).toBe(0);
  expect(await cam('list', '--json')).toBe(0);

  // It was really used: the provider saw it, many times.
  expect(emulator.key(first).received.length).toBeGreaterThan(20);
  expect(emulator.strangers().every((header) => header === `Bearer ${wrong}`)).toBe(true);
  expect(JSON.stringify(emulator.keys().map(({ received }) => received))).not.toContain(CLIENT_KEY);

  const text = seen.join('');
  const files = readAll(home.folder);
  // The search finds what is there.
  expect(text).toContain('org-first');
  expect(files.some(([, bytes]) => bytes.includes('Renamed'))).toBe(true);
  for (const key of [first, second, wrong]) {
    for (const form of formsOf(key)) {
      expect(text.includes(form), `output holds ${form.slice(0, 4)}…`).toBe(false);
      for (const [name, bytes] of files) expect(bytes.includes(form), `${name} holds a key`).toBe(false);
    }
  }
  for (const [name, bytes] of files) {
    for (const key of [MASTER_KEY, NEXT_MASTER_KEY, PASSPHRASE])
      expect(bytes.includes(key), `${name} holds a master key or a passphrase`).toBe(false);
    expect(bytes.includes(CLIENT_KEY), `${name} holds the client key`).toBe(false);
  }
}, 240_000);

const inHome = (name: string): string => join(home.folder, name);
const PASSPHRASE = 'harbor velvet ninety quartz';

/** Everything that reads or rewrites all secrets at once, and what is made of them for other eyes. */
async function moveAndLookAfter(): Promise<void> {
  expect(await camWith(PASSPHRASE, 'export', inHome('vault.age'), '--passphrase-stdin')).toBe(0);
  expect(await camWith('another passphrase', 'import', inHome('vault.age'), '--passphrase-stdin')).not.toBe(
    0,
  );
  const again = ['import', inHome('vault.age'), '--passphrase-stdin'];
  expect(await camWith(PASSPHRASE, ...again, '--dry-run')).toBe(0);
  expect(await camWith(PASSPHRASE, ...again, '--yes')).toBe(0);
  // A list that is no good, and holds a key: the complaint about it must not.
  const list = join(home.folder, '..', 'accounts.csv');
  writeFileSync(list, `name,key,base_url\nListed,${wrong} ${wrong},nonsense\n`, { mode: 0o600 });
  await cam('import', list, '--yes');
  expect(seen.at(-1)).toContain('Left out: line 2, Listed');
  expect(await cam('backup', inHome('copy.db'))).toBe(0);
  expect(await cam('rotate')).toBe(0);
  const newKeyFile = join(home.folder, '..', 'new-master-key');
  writeFileSync(newKeyFile, `${NEXT_MASTER_KEY}\n`, { mode: 0o600 });
  expect(await cam('rekey', '--new-key-file', newKeyFile)).toBe(0);
  masterKey = NEXT_MASTER_KEY;
  await cam('doctor', '--json');
  await cam('doctor', '--bundle', inHome('bundle.json'), '--yes');
  expect(await cam('audit', '--json')).toBe(0);
  expect(await cam('audit', 'verify')).toBe(0);
  expect(await cam('audit', 'export', '--json')).toBe(0);
}

/** As itself, as base64 and hex would carry it, and any half of it. */
function formsOf(key: string): readonly string[] {
  const bytes = Buffer.from(key);
  return [
    key,
    key.slice(8, 24),
    key.slice(20),
    bytes.toString('base64').slice(0, -4),
    bytes.toString('hex'),
    encodeURIComponent(key),
  ];
}

function readAll(folder: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name))] as const);
}
